import { type KeyKind, kindOf, RECORD_KEYS } from './record-keys.ts';
import type { Fields } from './rules/compile.ts';

/** What a picker of fields knows of one. */
export interface FieldValues {
  /** Of a key that no table knows, the type of the value seen last. */
  kind: KeyKind | 'number';
  /** The last values seen, as texts, the latest first. */
  values: string[];
  /** The kinds of records that have it, by the table or as seen. */
  log_types: string[];
}

const MOST_VALUES = 20;
const LONGEST_VALUE = 200;
/** Keys come from outside, too: a container may log JSON with any. */
const MOST_FIELDS = 1_000;
const MOST_LOG_TYPES = 50;

/** The keys of the table, and what records had under them and others. */
export class ValueCollector {
  readonly #fields = new Map<string, { kind: KeyKind | 'number'; values: Set<string>; logTypes: Set<string> }>();

  constructor() {
    for (const [logType, keys] of Object.entries(RECORD_KEYS)) {
      for (const [key, kind] of Object.entries(keys)) {
        const field = this.#fieldOf(key, kind);
        if (logType !== 'envelope') field?.logTypes.add(logType);
      }
    }
  }

  /** Takes a record; they come the oldest first. */
  add(record: Fields): void {
    const { log_type: logType } = record;
    for (const [key, value] of Object.entries(record)) {
      if (typeof value !== 'string' && typeof value !== 'number') continue;
      const field = this.#fieldOf(key, kindOf(key) ?? (typeof value === 'number' ? 'number' : 'text'));
      if (field === undefined) continue;
      const text = String(value).slice(0, LONGEST_VALUE);
      // The latest is the last of the set.
      field.values.delete(text);
      field.values.add(text);
      if (field.values.size > MOST_VALUES) field.values.delete(field.values.values().next().value ?? '');
      if (typeof logType === 'string' && field.logTypes.size < MOST_LOG_TYPES) field.logTypes.add(logType);
    }
  }

  result(): { [key: string]: FieldValues } {
    const entries = [...this.#fields].map(([key, { kind, values, logTypes }]): [string, FieldValues] => [
      key,
      { kind, values: [...values].reverse(), log_types: [...logTypes] },
    ]);
    // Not an assignment: a key may be `__proto__`.
    return Object.fromEntries(entries);
  }

  #fieldOf(key: string, kind: KeyKind | 'number') {
    let field = this.#fields.get(key);
    if (field === undefined && this.#fields.size < MOST_FIELDS) {
      field = { kind, values: new Set(), logTypes: new Set() };
      this.#fields.set(key, field);
    }
    return field;
  }
}
