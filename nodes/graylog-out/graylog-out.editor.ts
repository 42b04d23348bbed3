import type { EditorNodeProperties, EditorRED } from 'node-red';
import { showFieldsFault, staticFieldsProperty } from '../../lib/dialog/static-fields.editor.ts';
import { configured } from '../../lib/environment.ts';
import { parsePort } from '../../lib/port.ts';
import { showPresentFault } from '../../lib/present-fault.editor.ts';

declare const RED: EditorRED;

interface GraylogOutProperties extends EditorNodeProperties {
  server: string;
  port: string;
  fields: string;
}

RED.nodes.registerType<GraylogOutProperties>('graylog-out', {
  category: 'monitoring',
  color: '#E9967A',
  defaults: {
    name: { value: '' },
    server: { value: '', type: 'graylog-server', required: true },
    port: { value: '', validate: (value) => configured(value) === undefined || parsePort(value) !== undefined },
    fields: staticFieldsProperty(),
  },
  inputs: 1,
  outputs: 0,
  align: 'right',
  icon: 'graylog-out.svg',
  paletteLabel: 'graylog',
  label() {
    return this.name || this._('graylog-out.label.node');
  },
  labelStyle() {
    return this.name ? 'node_label_italic' : '';
  },
  oneditprepare() {
    showPresentFault(this);
    showFieldsFault($('#node-input-fields'), (key, args) => this._(key, args));
  },
});
