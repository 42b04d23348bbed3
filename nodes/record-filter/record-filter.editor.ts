import type { EditorNodeProperties, EditorRED } from 'node-red';
import type { RuleSet } from '../../lib/rules/rule.ts';
import { isAllowed } from './settings.ts';

declare const RED: EditorRED;

interface RecordFilterProperties extends EditorNodeProperties {
  action: 'keep' | 'drop';
  rules: RuleSet;
  atMost: string;
  per: string;
  perUnit: string;
  each: string;
}

RED.nodes.registerType<RecordFilterProperties>('record-filter', {
  category: 'monitoring',
  color: '#DEBD5C',
  defaults: {
    name: { value: '' },
    action: { value: 'drop' },
    rules: { value: { mode: 'any', rules: [] } },
    atMost: { value: '', validate: (value) => isAllowed('atMost', { atMost: value }) },
    per: { value: '1', validate: (value) => isAllowed('per', { per: value }) },
    perUnit: { value: 's', validate: (value) => isAllowed('perUnit', { perUnit: value }) },
    each: { value: '', validate: (value) => isAllowed('each', { each: value }) },
  },
  inputs: 1,
  outputs: 2,
  icon: 'record-filter.svg',
  paletteLabel: 'record filter',
  label() {
    return this.name || this._('record-filter.label.node');
  },
  labelStyle() {
    return this.name ? 'node_label_italic' : '';
  },
  outputLabels(index) {
    return this._(`record-filter.label.${index === 0 ? 'passed' : 'dropped'}`);
  },
});
