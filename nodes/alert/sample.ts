import type { Fields } from '../../lib/rules/compile.ts';
import type { Sample } from './judge/judge.ts';

/** A record's time counts where it is no later than this after its arrival. */
const AHEAD_MS = 60_000;
/** A record that came so much later than it happened is no news about the present. */
const BACKLOG_MS = 120_000;

export interface TimedSample extends Sample {
  /** The record's time was later than its arrival: the arrival counts. */
  readonly isAhead: boolean;
}

/** Reads when records happened. */
export class SampleReader {
  readonly #times = new TimeReader();

  /** A record with the times that count for it. `arrivalMs`: ms since the epoch. */
  sampleOf(record: Fields, arrivalMs: number): TimedSample {
    const happenedMs = this.#times.read(record.time);
    const isAhead = happenedMs !== undefined && happenedMs > arrivalMs + AHEAD_MS;
    const timeMs = happenedMs === undefined || isAhead ? arrivalMs : happenedMs;
    return { record, timeMs, arrivalMs, isBacklog: arrivalMs - timeMs > BACKLOG_MS, isAhead };
  }
}

/** ISO 8601 with a zone, as all records have it; anything else is no time. */
const ISO = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/;

const [ZERO, DOT, LETTER_Z] = [48, 46, 90];
const [MINUTE_UNITS, MINUTE_MS] = [17, 60_000];
/** Where the digits of `2026-01-01T00:00:00.010Z` are, and what stands between them. */
const FORM = '0000-00-00T00:00:00.000Z';
const DAYS_BEFORE = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
const [DAY_MS, YEAR_0_DAYS] = [86_400_000, 719_528];

/** Neighbouring records share their minute, which is read once. */
class TimeReader {
  /** `2026-01-01T00:00:`, and when that minute begins, in ms since the epoch. */
  #minute = '';
  #minuteMs = 0;

  /** In ms since the epoch; undefined for what is no time. */
  read(value: unknown): number | undefined {
    if (typeof value !== 'string') return undefined;
    if (this.#minute !== '' && value.length === FORM.length && value.startsWith(this.#minute)) {
      const ms = msOfMinute(value);
      if (!Number.isNaN(ms)) return this.#minuteMs + ms;
    }
    const ownMs = timeOfRecord(value);
    if (!Number.isNaN(ownMs)) {
      this.#minute = value.slice(0, MINUTE_UNITS);
      this.#minuteMs = ownMs - (ownMs % MINUTE_MS);
      return ownMs;
    }
    if (!ISO.test(value)) return undefined;
    const ms = Date.parse(value);
    return Number.isNaN(ms) ? undefined : ms;
  }
}

/** The ms of `2026-01-01T00:00:00.010Z` within its minute; NaN where what follows the minute has another form. */
function msOfMinute(text: string): number {
  if (text.charCodeAt(19) !== DOT || text.charCodeAt(23) !== LETTER_Z) return Number.NaN;
  const seconds = digit(text, 17) * 10 + digit(text, 18);
  const ms = (digit(text, 20) * 10 + digit(text, 21)) * 10 + digit(text, 22);
  return seconds < 60 ? seconds * 1000 + ms : Number.NaN;
}

function digit(text: string, at: number): number {
  const value = text.charCodeAt(at) - ZERO;
  return value >= 0 && value <= 9 ? value : Number.NaN;
}

/** The same for the form of all records of ours, in a tenth of the time; NaN for any other form, and for a wrong day. */
function timeOfRecord(text: string): number {
  if (text.length !== FORM.length) return Number.NaN;
  for (let at = 0; at < FORM.length; at += 1) {
    const form = FORM.charCodeAt(at);
    const code = text.charCodeAt(at);
    const isDigit = code >= ZERO && code <= ZERO + 9;
    if (form === ZERO ? !isDigit : code !== form) return Number.NaN;
  }
  const [year, month, day] = [two(text, 0) * 100 + two(text, 2), two(text, 5), two(text, 8)];
  const [hour, minute, second] = [two(text, 11), two(text, 14), two(text, 17)];
  // What is at an edge is left to the general way.
  if (year < 1970 || month < 1 || month > 12 || day < 1 || day > 28) return Number.NaN;
  if (hour > 23 || minute > 59 || second > 59) return Number.NaN;
  const ms = two(text, 20) * 10 + text.charCodeAt(22) - ZERO;
  return daysOf(year, month, day) * DAY_MS + ((hour * 60 + minute) * 60 + second) * 1000 + ms;
}

/** Days since 1970 of a day of the Gregorian calendar. */
function daysOf(year: number, month: number, day: number): number {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const before = year - 1;
  const leapDays = Math.floor(before / 4) - Math.floor(before / 100) + Math.floor(before / 400);
  const ofYear = (DAYS_BEFORE[month - 1] as number) + (isLeap && month > 2 ? 1 : 0) + day - 1;
  return year * 365 + leapDays + 1 - YEAR_0_DAYS + ofYear;
}

function two(text: string, at: number): number {
  return (text.charCodeAt(at) - ZERO) * 10 + text.charCodeAt(at + 1) - ZERO;
}
