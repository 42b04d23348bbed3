import type {} from 'node-red';
import type { Fields } from '../../../lib/rules/fields.editor.ts';
import { Picker } from '../../../lib/rules/picker.editor.ts';
import type { Translate } from '../../../lib/status.ts';

/** The fields of which each value has an alert of its own: chips, and an input that adds one. */
export class EachFields {
  readonly #place: JQuery;
  readonly #input: JQuery;
  readonly #warning: JQuery;
  readonly #text: Translate;
  readonly #fields: Fields;
  readonly #changed: () => void;
  #names: string[] = [];

  /** `place` holds the input; `warning` says what is wrong with a field as a key. */
  constructor(place: JQuery, warning: JQuery, text: Translate, fields: Fields, changed: () => void) {
    this.#place = place;
    this.#input = place.find('input');
    this.#warning = warning;
    this.#text = text;
    this.#fields = fields;
    this.#changed = changed;
    const picker = new Picker(this.#input, text('rules.fields'), (typed) =>
      fields.offers(typed).filter(({ value }) => !this.#names.includes(value)),
    );
    picker.onPick = (name) => this.#add(name);
    // What is typed counts as soon as the input is left, by Enter or by going on.
    this.#input.on('change', () => this.#add(String(this.#input.val())));
    this.#input.on('keydown', ({ key }) => {
      if (key === 'Backspace' && this.#input.val() === '') this.names = this.#names.slice(0, -1);
    });
    fields.onLoad(() => this.#show());
  }

  get names(): readonly string[] {
    return this.#names;
  }

  set names(names: readonly string[]) {
    this.#names = [...new Set(names.map((name) => name.trim()).filter((name) => name !== ''))];
    this.#show();
    this.#changed();
  }

  #add(name: string): void {
    if (name.trim() === '') return;
    this.#input.val('');
    this.names = [...this.#names, name];
  }

  #show(): void {
    this.#place.find('.im-chip').remove();
    for (const name of this.#names) this.#chip(name).insertBefore(this.#input.parent());
    const many = this.#names.filter((name) => this.#fields.get(name)?.hasManyValues === true);
    this.#warning.text(many.map((field) => this.#text('rules.manyValues', { field })).join(' '));
  }

  #chip(name: string): JQuery {
    const remove = $('<button type="button"><i class="fa fa-remove"></i></button>')
      .attr('aria-label', this.#text('alert.each.remove', { field: name }))
      .on('click', () => {
        this.names = this.#names.filter((other) => other !== name);
        this.#input.trigger('focus');
      });
    return $('<span class="im-chip">').append($('<span>').text(name), remove);
  }
}
