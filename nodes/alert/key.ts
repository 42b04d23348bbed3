import { fingerprint } from '../../lib/fingerprint.ts';
import { asText, type Fields, isPresent } from '../../lib/rules/compile.ts';
import { keyValueOf } from '../../lib/rules/key-value.ts';

/** What tells the alerts of one rule apart. */
export interface AlertKey {
  /** Unambiguous: `("a,b", "c")` is not `("a", "b,c")`. */
  readonly id: string;
  /** For people. */
  readonly text: string;
}

/** A value that names an alert, in characters; of a longer one its head and a fingerprint of the whole. */
const LONGEST = 256;
const NONE = '(none)';
/** The alert of a rule that has one for all records. */
export const ONLY_KEY: AlertKey = { id: '', text: '' };
/** Texts that JSON writes as they are. */
const PLAIN = /^[ !#-[\]-~]*$/;

/**
 * The key of a record by the fields that a rule has one alert for each of. Undefined where a field is absent, unless records
 * without it are to count under "(none)". Empty text is no name either.
 */
export function keyOf(record: Fields, fields: readonly string[], orNone: boolean): AlertKey | undefined {
  if (fields.length === 0) return ONLY_KEY;
  const values: (string | null)[] = [];
  for (const field of fields) {
    const value = keyValueOf(record, field);
    const text = isPresent(value) ? bounded(asText(value)) : '';
    if (text === '' && !orNone) return undefined;
    values.push(text === '' ? null : text);
  }
  return keyFrom(values);
}

/** So many keys are remembered: about as many as a rule has. */
const MOST_REMEMBERED = 2_000;

/** Reads the keys of records, of which a rule has a few that come again and again. */
export class KeyReader {
  readonly #fields: readonly string[];
  readonly #orNone: boolean;
  /** By the value of the only field, where that is plain text. */
  readonly #known = new Map<string, AlertKey>();

  constructor(fields: readonly string[], orNone: boolean) {
    this.#fields = fields;
    this.#orNone = orNone;
  }

  /** What `keyOf` gives. */
  keyOf(record: Fields): AlertKey | undefined {
    const [field] = this.#fields;
    if (field === undefined || this.#fields.length > 1) return keyOf(record, this.#fields, this.#orNone);
    const value = keyValueOf(record, field);
    const known = typeof value === 'string' ? this.#known.get(value) : undefined;
    if (known !== undefined) return known;
    const key = keyOf(record, this.#fields, this.#orNone);
    if (key === undefined || key.text !== value || key.id !== `["${value}"]`) return key;
    if (this.#known.size >= MOST_REMEMBERED) this.#known.clear();
    this.#known.set(key.text, key);
    return key;
  }
}

/** The key of values that were typed in. */
export function keyFrom(values: readonly (string | null)[]): AlertKey {
  const [only] = values;
  // Most keys are one plain text. It is cut out of the id: whatever long text it was cut out of before is not kept.
  if (values.length === 1 && typeof only === 'string' && PLAIN.test(only)) {
    const id = `["${only}"]`;
    return { id, text: id.slice(2, -2) };
  }
  return { id: JSON.stringify(values), text: values.map((value) => value ?? NONE).join(', ') };
}

/** The text, or of one that is too long its head and a fingerprint of the whole. */
export function bounded(text: string): string {
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}…${fingerprint(text).toString(16)}`;
}

/** The values of a key that a state file holds; undefined for anything else. */
export function parseKey(value: unknown): AlertKey | undefined {
  const { id, text } = (typeof value === 'object' && value !== null ? value : {}) as { [name: string]: unknown };
  return typeof id === 'string' && typeof text === 'string' ? { id, text } : undefined;
}

/** The fields that a key stands for, as a record has them. */
export function fieldsOf({ id }: AlertKey, fields: readonly string[]): Fields {
  const values = valuesOf(id);
  return Object.fromEntries(
    fields.flatMap((field, at) => (typeof values[at] === 'string' ? [[field, values[at]]] : [])),
  );
}

function valuesOf(id: string): readonly unknown[] {
  try {
    const values: unknown = JSON.parse(id);
    return Array.isArray(values) ? values : [];
  } catch {
    return [];
  }
}
