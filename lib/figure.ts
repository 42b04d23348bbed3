/** The ranges that figures of a host can lie in: a kernel, a filesystem or a container may tell nonsense. */

import type { Fields } from './record.ts';

/** Graylog's index keeps whole numbers in 64 bits with a sign; this is the largest that a double can hold below that. */
const MOST_WHOLE = 2 ** 63 - 1024;
const HUNDRED_YEARS_SECONDS = 100 * 366 * 86_400;
const MOST_LOAD = 1e9;

interface Range {
  readonly most: number;
  readonly isWhole: boolean;
}

const WHOLE: Range = { most: MOST_WHOLE, isWhole: true };

function rangeOf(key: string): Range | undefined {
  if (key.endsWith('_bytes') || key === 'users' || key === 'cpu_count') return WHOLE;
  if (key.endsWith('_percent')) return { most: 100, isWhole: false };
  if (key.endsWith('_seconds')) return { most: HUNDRED_YEARS_SECONDS, isWhole: false };
  return key.startsWith('load_') ? { most: MOST_LOAD, isWhole: false } : undefined;
}

/** Whether a figure is one that its key can have. A key without a range can have any. */
function isPossible(key: string, value: number): boolean {
  const range = rangeOf(key);
  if (range === undefined) return true;
  return value >= 0 && value <= range.most && (!range.isWhole || Number.isInteger(value));
}

/** The fields without the figures that cannot be: less than nothing, more than a hundred percent, beyond 64 bits. */
export function possibleFigures(fields: Fields): Fields {
  const kept: { [key: string]: string | number } = {};
  for (const [key, value] of Object.entries(fields)) {
    if (value === undefined || (typeof value === 'number' && !isPossible(key, value))) continue;
    kept[key] = value;
  }
  return kept;
}

/** Whether a number of bytes is one that a host can have. */
export function isByteCount(bytes: number): boolean {
  return isPossible('_bytes', bytes);
}

/** Two counters that are read one after the other may differ by so much of the whole. */
const SLACK = 0.01;

/**
 * A part of `whole`, cut to it where it is a little more, as of counters that are not read at one time. Undefined where it is
 * none: below 0, or more than the whole by far.
 */
export function partOf(part: number | undefined, whole: number | undefined): number | undefined {
  if (part === undefined || whole === undefined || !(part >= 0) || part > whole * (1 + SLACK)) return undefined;
  return Math.min(part, whole);
}
