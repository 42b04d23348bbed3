import { isPlausibleTime } from '../plausible-time.ts';
import { nanosOf, stampOf } from './time.ts';

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
