import type { EditorNodeProperties, EditorRED } from 'node-red';
import { showPresentFault } from '../../lib/present-fault.editor.ts';
import { type AuthLogProperties, isFile, isFolder, isStart, isZoneName } from './settings.ts';

declare const RED: EditorRED;

type Properties = EditorNodeProperties & AuthLogProperties;

RED.nodes.registerType<Properties>('auth-log-in', {
  category: 'monitoring',
  color: '#A6BBCF',
  defaults: {
    name: { value: '' },
    file: { value: '', validate: isFile },
    start: { value: 'checkpoint', validate: isStart },
    archive: { value: '', validate: isFolder },
    zone: { value: '', validate: isZoneName },
    include: { value: '' },
    exclude: { value: '' },
    onlyFailures: { value: false },
    onlySsh: { value: false },
    rawLine: { value: false },
  },
  inputs: 0,
  outputs: 1,
  icon: 'auth-log-in.svg',
  paletteLabel: 'auth log',
  label() {
    return this.name || this._('auth-log-in.label.node');
  },
  labelStyle() {
    return this.name ? 'node_label_italic' : '';
  },
  oneditprepare() {
    showPresentFault(this);
  },
});
