import { isPlausibleTime } from '../plausible-time.ts';
import { nanosOf, sinceNanos, stampOf } from './time.ts';

/** The times of Docker in a state file, which may hold anything. */

/** Nanoseconds since the epoch, as digits; undefined where the value is none, or later than `nowMs`. */
export function parseSavedNanos(value: unknown, nowMs: number): string | undefined {
  const isNanos = typeof value === 'string' && /^(?:0|[1-9]\d{0,19})$/.test(value);
  return isNanos && isPlausibleTime(Number(value) / 1e6, nowMs) ? value : undefined;
}

/** Whether the value is the stamp of a log's line, and not later than `nowMs`. */
export function isPlausibleStamp(value: unknown, nowMs: number): value is string {
  if (typeof value !== 'string' || stampOf(value) !== value) return false;
  return isPlausibleTime(Number(nanosOf(value)) / 1e6, nowMs);
}

/** Nanoseconds since the epoch of a time in whole ms since the epoch. */
export function nanosOfMs(ms: number): string {
  return ms === 0 ? '0' : `${ms}000000`;
}

/** An engine's clock may be corrected by so much without a word. */
const CORRECTION_SECONDS = 60;
/** A saved time may be ahead by less than this, see `isPlausibleTime`. */
const DAY_SECONDS = 86_400;

/**
 * Where to read from: `since`, but where the engine's clock, which shows `now`, was set back behind it, a day before `now`.
 * Both are nanoseconds since the epoch. To repeat is better than to wait in silence until that time comes again.
 */
export function notAhead(since: string, now: string): string {
  const aheadSeconds = Number(sinceNanos(since)) - Number(sinceNanos(now));
  return aheadSeconds > CORRECTION_SECONDS ? sinceNanos(now, DAY_SECONDS).replace('.', '') : since;
}
