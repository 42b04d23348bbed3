import type { EditorNodeProperties, EditorRED } from 'node-red';
import { isAllowed } from '../../lib/number-field.ts';
import { showPresentFault } from '../../lib/present-fault.editor.ts';
import { areSenders, FIELDS, type GelfInProperties, isAddress, isPort, isTransport } from './settings.ts';

declare const RED: EditorRED;

type Properties = EditorNodeProperties & GelfInProperties;

/** Only what goes over a connection can be TLS, and only TCP can be held back. */
function showRows(): void {
  const transport = String($('#node-input-transport').val() ?? '');
  $('#gelf-in-tls-row').toggle(transport !== 'udp');
  $('#gelf-in-connections-row').toggle(transport !== 'udp');
  $('#gelf-in-hold-row').toggle(transport.includes('tcp'));
}

RED.nodes.registerType<Properties>('gelf-in', {
  category: 'monitoring',
  color: '#A6BBCF',
  defaults: {
    name: { value: '' },
    transport: { value: 'udp+tcp', validate: isTransport },
    port: { value: '12201', validate: isPort },
    address: { value: '127.0.0.1', validate: isAddress },
    tls: { value: '', type: 'tls-config', required: false },
    senders: { value: '', validate: areSenders },
    mostKilobytes: { value: '', validate: (value) => isAllowed(FIELDS.mostKilobytes, value) },
    connections: { value: FIELDS.connections.initial, validate: (value) => isAllowed(FIELDS.connections, value) },
    memoryMegabytes: {
      value: FIELDS.memoryMegabytes.initial,
      validate: (value) => isAllowed(FIELDS.memoryMegabytes, value),
    },
    holdSeconds: { value: FIELDS.holdSeconds.initial, validate: (value) => isAllowed(FIELDS.holdSeconds, value) },
  },
  inputs: 0,
  outputs: 1,
  icon: 'gelf-in.svg',
  paletteLabel() {
    return this._('gelf-in.label.node');
  },
  label() {
    return this.name || this._('gelf-in.label.node');
  },
  labelStyle() {
    return this.name ? 'node_label_italic' : '';
  },
  oneditprepare() {
    showPresentFault(this);
    $('#node-input-transport').on('change', showRows);
    showRows();
  },
});
