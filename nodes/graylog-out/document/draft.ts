import type { GelfFields } from '../../../lib/gelf-encoder.ts';
import type { Budget } from './json-text.ts';
import { fieldText, head, isPlain, leaf, MAX_FIELD_BYTES } from './value.ts';

/** More fields than any record has; an index holds 1,000 in all, and the first to fill it locks everybody else out. */
export const MAX_FIELDS = 200;
const MAX_DEPTH = 6;
/** The longest that a number is in JSON. */
export const NUMBER_UNITS = 26;
/** Far more of a key than becomes of it. */
const KEY_UNITS = 1_024;

/** Keys of a payload that are not additional fields. */
const ENVELOPE = new Set(['message', 'short_message', 'full_message', 'time', 'timestamp', 'host', 'level', 'version']);

type Plain = { readonly [key: string]: unknown };

/** A GELF message to which additional fields are put. */
export class Draft {
  readonly gelf: GelfFields;
  readonly #nameOf: (key: string) => string;
  readonly #budget: Budget;
  #fields = 0;
  #units: number;
  /** Some name differs from its key: only then can two names meet. */
  #hasDerivedNames = false;

  /** `gelf` has its standard fields already, `units` is their length; `nameOf` gives the field name of a key. */
  constructor(gelf: GelfFields, units: number, nameOf: (key: string) => string, budget: Budget) {
    this.gelf = gelf;
    this.#units = units;
    this.#nameOf = nameOf;
    this.#budget = budget;
  }

  get fields(): number {
    return this.#fields;
  }

  /** UTF-16 units of names and values so far. */
  get units(): number {
    return this.#units;
  }

  /** Adds the keys of a payload, those of objects in it with the path as their name. */
  addPayload(payload: Plain): void {
    this.#addObject(payload, '', [payload]);
  }

  /** Adds fields of the dialog where the payload has none of that name. */
  addStatics(statics: readonly (readonly [string, string | number])[]): void {
    for (const [name, value] of statics) {
      if (!Object.hasOwn(this.gelf, this.#nameOf(name))) this.#addField(name, value, true);
    }
  }

  #addObject(source: Plain, prefix: string, above: readonly object[]): void {
    const isTop = above.length === 1;
    for (const key of Object.keys(source)) {
      if (this.#fields >= MAX_FIELDS || this.#budget.visits <= 0) return;
      this.#budget.visits -= 1;
      if (isTop && ENVELOPE.has(key)) continue;
      const value = source[key];
      const name = head(isTop ? key : `${prefix}_${head(key, KEY_UNITS)}`, KEY_UNITS);
      if (typeof value === 'object' && above.length < MAX_DEPTH && isPlain(value)) {
        if (above.includes(value)) this.#addField(name, '[circular]', true);
        else this.#addObject(value, name, [...above, value]);
        continue;
      }
      const field = leaf(value, MAX_FIELD_BYTES, this.#budget);
      if (field !== undefined) this.#addField(name, field, !isTop);
    }
  }

  #addField(key: string, value: string | number, isDerived: boolean): void {
    if (this.#fields >= MAX_FIELDS) return;
    const own = this.#nameOf(key);
    this.#hasDerivedNames ||= isDerived || own !== key;
    const name = this.#hasDerivedNames ? this.#freeName(own) : own;
    const field = typeof value === 'string' ? fieldText(value) : value;
    this.gelf[name] = field;
    this.#fields += 1;
    this.#units += name.length + (typeof field === 'string' ? field.length : NUMBER_UNITS);
  }

  /** Two keys that become one name would overwrite each other without a word. */
  #freeName(own: string): string {
    let name = own;
    for (let n = 2; Object.hasOwn(this.gelf, name); n += 1) name = `${own}_${n}`;
    return name;
  }
}
