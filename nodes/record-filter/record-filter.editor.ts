import type { EditorNodeProperties, EditorRED } from 'node-red';
import { showPresentFault } from '../../lib/present-fault.editor.ts';
import { Fields } from '../../lib/rules/fields.editor.ts';
import { withPoint } from '../../lib/rules/number-text.ts';
import { Picker } from '../../lib/rules/picker.editor.ts';
import { areSound, RuleRows } from '../../lib/rules/rows.editor.ts';
import type { RuleSet } from '../../lib/rules/rule.ts';
import { upstreamOf } from '../../lib/rules/upstream.editor.ts';
import type { Translate } from '../../lib/status.ts';
import { PreviewPanel } from './dialog/preview.editor.ts';
import { type FilterConfig, isAllowed } from './settings.ts';

declare const RED: EditorRED;

interface RecordFilterProperties extends EditorNodeProperties {
  action: string;
  rules: RuleSet;
  atMost: string;
  per: string;
  perUnit: string;
  each: string;
}

const ROWS = 'infra-monitoring-rules';
const typedIn = (name: string): string => String($(`#node-input-${name}`).val() ?? '').trim();

/** The settings of the limit, as they stand in the form. */
const limitInForm = (): FilterConfig =>
  Object.fromEntries(['atMost', 'per', 'perUnit', 'each'].map((name) => [name, typedIn(name)]));

/** What is wrong with the limit, in words; empty where nothing is. */
function limitFault(text: Translate): string {
  const name = (['atMost', 'per'] as const).find((one) => !isAllowed(one, limitInForm()));
  if (name === undefined) return '';
  const proposed = withPoint(typedIn(name));
  if (proposed !== undefined) return text('record-filter.fault.comma', { proposed });
  return text(`record-filter.fault.${name}`, { value: typedIn(name) });
}

RED.nodes.registerType<RecordFilterProperties>('record-filter', {
  category: 'monitoring',
  color: '#DEBD5C',
  defaults: {
    name: { value: '' },
    action: { value: 'drop' },
    rules: { value: { mode: 'any', rules: [] }, validate: (value) => areSound(value) },
    atMost: { value: '', validate: (value) => isAllowed('atMost', { atMost: value }) },
    per: { value: '1', validate: (value) => isAllowed('per', { per: value }) },
    perUnit: { value: 's', validate: (value) => isAllowed('perUnit', { perUnit: value }) },
    each: { value: '', validate: (value) => isAllowed('each', { each: value }) },
  },
  inputs: 1,
  outputs: 2,
  outputLabels(index) {
    return this._(index === 0 ? 'record-filter.output.kept' : 'record-filter.output.dropped');
  },
  icon: 'record-filter.svg',
  paletteLabel: 'record filter',
  label() {
    return this.name || this._('record-filter.label.node');
  },
  labelStyle() {
    return this.name ? 'node_label_italic' : '';
  },
  oneditprepare() {
    showPresentFault(this);
    const text: Translate = (key, args) => this._(key, args);
    const fields = new Fields(upstreamOf(this.id).logTypes);
    // A flow from before a property existed has none of it: the field shows what the node does then.
    for (const [name, initial] of Object.entries({ action: 'drop', per: '1', perUnit: 's' }))
      if (Reflect.get(this, name) === undefined) $(`#node-input-${name}`).val(initial);
    const isWired = (RED.nodes.filterLinks({ source: this, sourcePort: 1 }) as object[]).length > 0;
    const outputs = text(isWired ? 'record-filter.output.wired' : 'record-filter.output.unwired');
    const names = ['name', 'action', 'atMost', 'per', 'perUnit', 'each'];
    const settings = (): object | undefined => {
      const rules = rows.ruleSet;
      if (!areSound(rules) || limitFault(text) !== '') return undefined;
      return { ...Object.fromEntries(names.map((name) => [name, typedIn(name)])), rules, id: this.id };
    };
    const preview = new PreviewPanel(text, settings, (hits) => rows.showHits(hits));
    const mode = $('#record-filter-mode');
    const changed = (): void => preview.refreshSoon();
    const rows: RuleRows = new RuleRows($('#record-filter-rules'), { text, fields, saved: this.rules, mode, changed });
    $('#dialog-form').data(ROWS, rows);
    const each = $('#node-input-each');
    new Picker(each, text('rules.fields'), (typed) => fields.offers(typed));
    const check = (): void => {
      const limit = typedIn('atMost') === '' ? '' : ` ${text('record-filter.tip.limit')}`;
      $('#record-filter-outputs').text(`${outputs}${limit}`);
      $('#record-filter-limit-fault').text(limitFault(text));
      for (const name of ['atMost', 'per'] as const)
        $(`#node-input-${name}`).toggleClass('input-error', !isAllowed(name, limitInForm()));
      const isMany = fields.get(typedIn('each'))?.hasManyValues === true;
      $('#record-filter-each-warning').text(
        isMany ? text('record-filter.tip.manyValues', { field: typedIn('each') }) : '',
      );
      changed();
    };
    for (const name of names.slice(1)) $(`#node-input-${name}`).on('input change', check);
    fields.onLoad(check);
    check();
    preview.refresh();
  },
  oneditsave() {
    const rows: unknown = $('#dialog-form').data(ROWS);
    if (rows instanceof RuleRows) this.rules = rows.ruleSet;
  },
});
