import type { EditorNodeProperties, EditorRED } from 'node-red';
import { INTERVAL, isAllowed } from '../../lib/number-field.ts';
import { showPresentFault } from '../../lib/present-fault.editor.ts';

declare const RED: EditorRED;

interface UptimeProperties extends EditorNodeProperties {
  interval: string;
}

RED.nodes.registerType<UptimeProperties>('uptime', {
  category: 'monitoring',
  color: '#A6BBCF',
  defaults: {
    name: { value: '' },
    interval: {
      value: '60',
      required: true,
      validate: (value) => isAllowed(INTERVAL, value),
    },
  },
  inputs: 1,
  outputs: 1,
  icon: 'uptime.svg',
  paletteLabel: 'uptime',
  label() {
    return this.name || this._('uptime.label.node');
  },
  labelStyle() {
    return this.name ? 'node_label_italic' : '';
  },
  oneditprepare() {
    showPresentFault(this);
  },
});
