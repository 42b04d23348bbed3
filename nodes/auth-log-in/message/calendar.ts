import type { LocalTime } from './time-zone.ts';

export const MONTHS = 'JanFebMarAprMayJunJulAugSepOctNovDec';

/** A line may be stamped by a clock that is ahead. More than a day ahead it is a line of an earlier year. */
const AHEAD_MS = 86_400_000;
/** A stamp without a year is looked for in this many years. The 29th of February can be eight years apart. */
const YEARS_BACK = 9;

/**
 * The hour in ms since the epoch, in the newest year in which it is not ahead of `referenceMs` (ms since the epoch).
 * Undefined where no year of the last nine has that day.
 */
export function newestYear(
  month: number,
  day: number,
  hour: number,
  referenceMs: number,
  localTime: LocalTime,
): number | undefined {
  const nextYear = new Date(referenceMs).getUTCFullYear() + 1;
  for (let year = nextYear; year >= nextYear - YEARS_BACK; year--) {
    if (!hasDay(year, month, day)) continue;
    const ms = localTime(year, month, day, hour);
    if (ms <= referenceMs + AHEAD_MS) return ms;
  }
  return undefined;
}

/** Whether the month has the day: the 29th of February exists in some years only. */
export function hasDay(year: number, month: number, day: number): boolean {
  return day <= 28 || new Date(Date.UTC(year, month - 1, day)).getUTCDate() === day;
}
