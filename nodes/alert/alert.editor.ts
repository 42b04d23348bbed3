import type { EditorNodeProperties, EditorRED } from 'node-red';
import { ALERT_DEFAULTS, type AlertProperties } from './properties.ts';

declare const RED: EditorRED;

type Properties = EditorNodeProperties & AlertProperties;

const defaults = Object.fromEntries(Object.entries(ALERT_DEFAULTS).map(([name, value]) => [name, { value }]));

RED.nodes.registerType<Properties>('alert', {
  category: 'monitoring',
  color: '#A6BBCF',
  defaults: defaults as never,
  inputs: 1,
  outputs: 1,
  icon: 'alert.svg',
  paletteLabel: 'alert',
  button: {
    onclick() {
      $.ajax({
        url: `infra-monitoring/alert/${this.id}/silence`,
        type: 'POST',
        contentType: 'application/json',
        data: JSON.stringify({ toggle: true }),
        error: ({ responseJSON, statusText }) => {
          const reason = (responseJSON as { fault?: string } | undefined)?.fault ?? statusText;
          RED.notify(this._('alert.button.failed', { reason }), 'error');
        },
      });
    },
  },
  label() {
    return this.name || this._('alert.label.node');
  },
  labelStyle() {
    return this.name ? 'node_label_italic' : '';
  },
});
