import type {} from 'node-red';
import { findFields, type KnownField, knownFields } from './known-fields.ts';
import type { Offer } from './picker.editor.ts';

/** The fields that the open dialog offers, and the values seen of each. */
export class Fields {
  readonly #flowing: readonly string[];
  #fields = new Map<string, KnownField>();
  #loaded: (() => void)[] = [];

  /** `flowing`: the kinds of records that reach the node. */
  constructor(flowing: readonly string[]) {
    this.#flowing = flowing;
    this.#keep(undefined);
    // Without an answer the fields of the table are offered alone.
    $.getJSON('infra-monitoring/values').done((answer: unknown) => {
      this.#keep(answer);
      for (const tell of this.#loaded) tell();
    });
  }

  /** Calls `tell` once what was seen is known. */
  onLoad(tell: () => void): void {
    this.#loaded.push(tell);
  }

  get(name: string): KnownField | undefined {
    return this.#fields.get(name);
  }

  all(): readonly KnownField[] {
    return [...this.#fields.values()];
  }

  /** What the picker of a field shows for what is typed. */
  offers(typed: string): Offer[] {
    return findFields(this.all(), typed, this.#flowing).map(({ name, values, logTypes }) => ({
      value: name,
      note: values[0] ?? logTypes.filter((type) => type !== 'envelope').join(', '),
      isSeen: values.length > 0,
    }));
  }

  /** The values seen of a field that have what is typed. */
  valuesOf(name: string, typed: string): Offer[] {
    const wanted = typed.trim().toLowerCase();
    const values = new Set(this.get(name)?.values ?? []);
    return [...values].filter((value) => value.toLowerCase().includes(wanted)).map((value) => ({ value }));
  }

  #keep(answer: unknown): void {
    this.#fields = new Map(knownFields(answer).map((field) => [field.name, field]));
  }
}
