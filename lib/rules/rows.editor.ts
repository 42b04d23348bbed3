import type {} from 'node-red';
import { explain } from '../errors.ts';
import type { Translate } from '../status.ts';
import { faultOf, faultsOf } from './check.ts';
import type { Fields } from './fields.editor.ts';
import { Picker } from './picker.editor.ts';
import { isDenial, OPERATORS, type Operator, parseRuleSet, type Rule, type RuleSet } from './rule.ts';
import { useStyle } from './style.editor.ts';

export interface RuleRowsOptions {
  /** The node's own `_`. */
  readonly text: Translate;
  readonly fields: Fields;
  /** What the flow keeps. */
  readonly saved: unknown;
  /** The select box for "all" or "any". */
  readonly mode: JQuery;
  /** What is said where there is no row; that every record fits unless given. */
  readonly none?: string;
  /** Called after each change. */
  changed?(): void;
}

/** Whether what a flow keeps can be used as rules: the check of the property, in the dialog and in the workspace. */
export function areSound(value: unknown): boolean {
  try {
    return faultsOf(parseRuleSet(value)).length === 0;
  } catch {
    return false;
  }
}

interface Row {
  readonly element: JQuery;
  readonly field: JQuery;
  readonly operator: JQuery;
  readonly value: JQuery;
  readonly orAbsent: JQuery;
  readonly hits: JQuery;
  readonly fault: JQuery;
  /** A row that nobody has typed in has no fault yet. */
  isTouched: boolean;
}

const NEW_RULE: Rule = { field: '', operator: 'is', value: '', orAbsent: false };

/** Rows of field, operator and value in an open dialog. */
export class RuleRows {
  readonly #options: RuleRowsOptions;
  readonly #list: JQuery;
  readonly #rows = new Map<object, Row>();
  readonly #empty: JQuery;

  /** `place` is an empty `ol` of the form. */
  constructor(place: JQuery, options: RuleRowsOptions) {
    useStyle();
    this.#options = options;
    const { text, mode } = options;
    const { mode: saved, rules } = savedRules(options.saved);
    for (const name of ['all', 'any'])
      $('<option>')
        .val(name)
        .text(text(`rules.mode.${name}`))
        .appendTo(mode);
    mode.val(saved).on('change', () => this.#onChange());
    this.#list = place;
    place.editableList<Partial<Rule>>({
      addButton: text('rules.add'),
      removable: true,
      sortable: true,
      height: 'auto',
      scrollOnAdd: false,
      addItem: (element, _index, data) => this.#add(element, data),
      removeItem: (data) => {
        this.#rows.delete(data);
        this.#onChange();
      },
      sortItems: () => this.#onChange(),
    });
    place.closest('.red-ui-editableList').addClass('im-rules');
    this.#empty = $('<div class="im-empty im-hint">')
      .text(options.none ?? text('rules.none'))
      .insertBefore(place);
    for (const rule of rules) this.#list.editableList('addItem', { ...rule });
    this.#onChange();
    options.fields.onLoad(() => this.#onChange());
  }

  /** What stands in the dialog; rows in which nothing is written are left out. */
  get ruleSet(): RuleSet {
    const rules = this.#ordered().map((row) => ruleOf(row));
    return { mode: this.#options.mode.val() === 'any' ? 'any' : 'all', rules: rules.filter((rule) => !isBlank(rule)) };
  }

  set ruleSet({ mode, rules }: RuleSet) {
    this.#options.mode.val(mode);
    this.#list.editableList('empty');
    this.#rows.clear();
    for (const rule of rules) this.#list.editableList('addItem', { ...rule });
    this.#onChange();
  }

  /** Shows behind each row how many records it held for. */
  showHits(hits: readonly number[]): void {
    let next = 0;
    for (const row of this.#ordered()) {
      const count = isBlank(ruleOf(row)) ? undefined : hits[next++];
      row.hits.text(count === undefined ? '' : count.toLocaleString('en-US'));
    }
  }

  #ordered(): Row[] {
    const items: JQuery = this.#list.editableList('items');
    return items.get().flatMap((item: unknown) => this.#rows.get($(item as HTMLElement).data('data') as object) ?? []);
  }

  #add(element: JQuery, data: Partial<Rule>): void {
    const rule: Rule = { ...NEW_RULE, ...data };
    const isNew = data.field === undefined;
    const { text, fields } = this.#options;
    const operator = $('<select class="im-select">');
    for (const name of Object.keys(OPERATORS))
      $('<option>')
        .val(name)
        .text(text(`rules.operator.${name}`))
        .appendTo(operator);
    const absent = $('<input type="checkbox">').prop('checked', rule.orAbsent);
    const row: Row = {
      element,
      field: $('<input type="text" class="im-field">').val(rule.field).attr('placeholder', text('rules.field')),
      operator: operator.val(rule.operator),
      value: $('<input type="text" class="im-field">').val(rule.value),
      orAbsent: absent,
      hits: $('<span class="im-hits">'),
      fault: $('<div class="im-fault im-below" role="alert">'),
      isTouched: !isNew,
    };
    const line = $('<div class="im-line">').appendTo(element);
    line.append($('<div class="im-picker">').append(row.field), row.operator);
    line.append($('<div class="im-picker">').append(row.value));
    $('<label class="im-or-absent">')
      .append(absent, ' ', document.createTextNode(text('rules.orAbsent')))
      .appendTo(line);
    line.append(row.hits);
    element.append(row.fault);
    new Picker(row.field, text('rules.fields'), (typed) => fields.offers(typed));
    new Picker(row.value, text('rules.values'), (typed) =>
      OPERATORS[ruleOf(row).operator].type === 'text' ? fields.valuesOf(ruleOf(row).field, typed) : [],
    );
    this.#rows.set(data, row);
    const touch = (): void => {
      row.isTouched = true;
      this.#onChange();
    };
    for (const control of [row.field, row.operator, row.value, absent]) control.on('input change', touch);
    element.on('keydown', (event) => this.#onKey(event, element));
    this.#onChange();
    if (isNew) row.field.trigger('focus');
  }

  /** A row is moved by the keyboard as by its handle. */
  #onKey(event: JQuery.KeyDownEvent, element: JQuery): void {
    if (!event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return;
    event.preventDefault();
    event.stopPropagation();
    const item = element.parent();
    const { activeElement } = document;
    if (event.key === 'ArrowUp') item.insertBefore(item.prev());
    else item.insertAfter(item.next());
    if (activeElement instanceof HTMLElement) activeElement.focus();
    this.#onChange();
  }

  #onChange(): void {
    const rows = this.#ordered();
    this.#empty.toggle(rows.length === 0);
    for (const [index, row] of rows.entries()) this.#showRow(row, index + 1);
    this.#options.changed?.();
  }

  #showRow(row: Row, number: number): void {
    const { text } = this.#options;
    const rule = ruleOf(row);
    const { type } = OPERATORS[rule.operator];
    const name = (part: string): string => text(`rules.label.${part}`, { row: number });
    row.field.attr('aria-label', name('field'));
    row.operator.attr('aria-label', name('operator'));
    row.value.attr({ 'aria-label': name('value'), placeholder: text(`rules.placeholder.${type}`) });
    row.value.attr('inputmode', type === 'number' ? 'decimal' : 'text');
    row.element.siblings('.red-ui-editableList-item-remove').attr({ 'aria-label': name('remove'), role: 'button' });
    row.element.siblings('.red-ui-editableList-item-handle').attr('title', text('rules.move'));
    row.value.parent().css('visibility', type === 'none' ? 'hidden' : 'visible');
    row.orAbsent.parent().toggle(isDenial(rule.operator));
    const fault = row.isTouched && !isBlank(rule) ? faultOf(rule, number) : undefined;
    const isOfField = fault?.code === 'RULE_NO_FIELD';
    row.field.toggleClass('input-error', isOfField);
    row.value.toggleClass('input-error', fault !== undefined && !isOfField);
    row.fault.text(fault === undefined ? '' : explain(fault, text));
  }
}

function ruleOf({ field, operator, value, orAbsent }: Row): Rule {
  const name = String(operator.val()) as Operator;
  return {
    field: String(field.val() ?? '').trim(),
    operator: name,
    value: OPERATORS[name].type === 'none' ? '' : String(value.val() ?? ''),
    orAbsent: isDenial(name) && orAbsent.prop('checked') === true,
  };
}

function isBlank({ field, value }: Rule): boolean {
  return field === '' && value === '';
}

/** What was imported by hand may be no rows at all: the dialog begins anew. */
function savedRules(saved: unknown): RuleSet {
  try {
    return parseRuleSet(saved);
  } catch {
    return parseRuleSet(undefined);
  }
}
