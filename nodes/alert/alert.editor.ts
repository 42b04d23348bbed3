import type { EditorNodeProperties, EditorRED } from 'node-red';
import { showPresentFault } from '../../lib/present-fault.editor.ts';
import { command } from './dialog/commands.editor.ts';
import { AlertDialog, type AlertNode } from './dialog/dialog.editor.ts';
import { faultsIn, type PropertyName } from './dialog/form.editor.ts';
import { ALERT_DEFAULTS, type AlertProperties } from './properties.ts';

declare const RED: EditorRED;

type Properties = EditorNodeProperties & AlertProperties;

/** What the editor knows of a node that is not deployed as it stands. */
interface Changed {
  readonly changed?: boolean;
}

const DIALOG = 'infra-monitoring-alert';

/** The dialog of a node while it is open: it lives with its form. */
function dialogOf(node: object): AlertDialog | undefined {
  const dialog: unknown = $('#dialog-form').data(DIALOG);
  return dialog instanceof AlertDialog && dialog.isOf(node) ? dialog : undefined;
}

const property = <Name extends PropertyName>(name: Name) => ({
  value: structuredClone(ALERT_DEFAULTS[name]),
  validate(this: object, value: unknown): boolean {
    // While the dialog is open its parts hold what is not in a control.
    const settings = { ...this, ...dialogOf(this)?.settings, [name]: value };
    return !faultsIn(settings).some(({ field }) => field === name);
  },
});

const defaults = Object.fromEntries(
  (Object.keys(ALERT_DEFAULTS) as PropertyName[]).map((name) => [name, property(name)]),
) as unknown as { [Name in PropertyName]: { value: AlertProperties[Name] } };

RED.nodes.registerType<Properties>('alert', {
  category: 'monitoring',
  color: '#E7A0A0',
  defaults: { ...defaults, name: { ...defaults.name, required: true } },
  inputs: 1,
  outputs: 1,
  icon: 'alert.svg',
  paletteLabel: 'alert',
  label() {
    return this.name || this._('alert.label.node');
  },
  labelStyle() {
    return this.name ? 'node_label_italic' : '';
  },
  button: {
    enabled() {
      return (this as Changed).changed !== true;
    },
    onclick() {
      const tell = (words: string, isGood: boolean): void => void RED.notify(words, isGood ? 'success' : 'error');
      command(this.id, { toggle: true }, (key, args) => this._(key, args), tell);
    },
  },
  oneditprepare() {
    showPresentFault(this);
    $('#dialog-form').data(DIALOG, new AlertDialog(this as unknown as AlertNode));
  },
  oneditsave() {
    Object.assign(this, dialogOf(this)?.parts);
  },
});
