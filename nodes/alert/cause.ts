import type { Fields } from '../../lib/rules/compile.ts';

/** What of a record says nothing once it stands in an alert, or would be counted a second time there. */
const LEFT_OUT: ReadonlySet<string> = new Set(['full_message', 'login_failures', 'repeat_count', '__proto__']);
const MOST_KEYS = 80;
const LONGEST = 1_024;

/**
 * What is kept of the record that caused an alert, for as long as that fires: texts and finite numbers, each cut to a bound. A
 * thousand alerts may fire at once.
 */
export function causeOf(record: Fields): { readonly [key: string]: string | number } {
  const cause: { [key: string]: string | number } = {};
  let keys = 0;
  for (const key in record) {
    if (!Object.hasOwn(record, key) || LEFT_OUT.has(key) || key.length > LONGEST) continue;
    const value = plain(record[key]);
    if (value === undefined) continue;
    cause[key] = value;
    keys += 1;
    if (keys === MOST_KEYS) break;
  }
  return cause;
}

function plain(value: unknown): string | number | undefined {
  if (typeof value === 'string') return value.length > LONGEST ? `${value.slice(0, LONGEST)}…` : value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  return typeof value === 'boolean' ? String(value) : undefined;
}
