/** The windows of the week in which an alert is silent, by the clock on the wall of a time zone. */

export const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

export interface SilenceWindow {
  /** The days on which it begins; none stands for every day. */
  readonly days: readonly Weekday[];
  /** Minutes since midnight, 0 to 1439. */
  readonly from: number;
  /** Minutes since midnight, 0 to 1440. Not after `from` is on the next day; the same is a whole day. */
  readonly to: number;
  /** An IANA name. */
  readonly zone: string;
}

const MINUTE_MS = 60_000;
const DAY_MINUTES = 1_440;
const DAY_MS = DAY_MINUTES * MINUTE_MS;
/** Zones change their offset at quarters of an hour. */
const QUARTER_MS = 15 * MINUTE_MS;
/** A week and a day: a schedule of weekdays says nothing new after that. */
const HORIZON_MS = 8 * DAY_MS;
/** Midnight of 1970-01-04, a Sunday. */
const SUNDAY_MS = 3 * DAY_MS;

/** `HH:MM` as minutes since midnight; 24:00 is a time as well. Undefined for anything else. */
export function parseTimeOfDay(text: string): number | undefined {
  const match = /^(\d{1,2}):(\d{2})$/.exec(text.trim());
  if (match === null) return undefined;
  const [hours, minutes] = [Number(match[1]), Number(match[2])];
  return minutes > 59 || hours * 60 + minutes > DAY_MINUTES ? undefined : hours * 60 + minutes;
}

/**
 * When silence is due by a schedule. It compares clocks on the wall and never adds days: a window that begins in the hour that
 * summer time skips begins after it, and one in the hour that comes twice is there twice.
 */
export class SilenceSchedule {
  readonly #windows: readonly SilenceWindow[];
  readonly #formats = new Map<string, Intl.DateTimeFormat>();
  readonly #offsets = new Map<string, { readonly quarter: number; readonly offsetMs: number }>();

  constructor(windows: readonly SilenceWindow[]) {
    this.#windows = windows;
  }

  /** `atMs`: ms since the epoch. */
  isSilent(atMs: number): boolean {
    return this.#windows.some((window) => covers(window, atMs + this.#offsetMs(window.zone, atMs)));
  }

  /** When the silence that holds at `atMs` ends, in ms since the epoch; Infinity where it never does. */
  endOf(atMs: number): number {
    return this.#next(atMs, false) ?? Number.POSITIVE_INFINITY;
  }

  /** When the next silence after `atMs` begins, in ms since the epoch; undefined where none does. */
  nextStart(atMs: number): number | undefined {
    return this.#next(atMs, true);
  }

  /** The first full minute after `atMs` that is silent, or is not. */
  #next(atMs: number, isSilent: boolean): number | undefined {
    if (this.#windows.length === 0) return isSilent ? undefined : atMs;
    const first = Math.floor(atMs / MINUTE_MS) * MINUTE_MS + MINUTE_MS;
    for (let ms = first; ms <= atMs + HORIZON_MS; ms += MINUTE_MS) if (this.isSilent(ms) === isSilent) return ms;
    return undefined;
  }

  /** By how much the clock of a zone is ahead of UTC. */
  #offsetMs(zone: string, atMs: number): number {
    const quarter = Math.floor(atMs / QUARTER_MS);
    const known = this.#offsets.get(zone);
    if (known?.quarter === quarter) return known.offsetMs;
    const offsetMs = this.#localMs(zone, quarter * QUARTER_MS) - quarter * QUARTER_MS;
    this.#offsets.set(zone, { quarter, offsetMs });
    return offsetMs;
  }

  /** The clock on the wall as if it were UTC. */
  #localMs(zone: string, atMs: number): number {
    const parts = new Map(
      this.#format(zone)
        .formatToParts(atMs)
        .map(({ type, value }) => [type, Number(value)]),
    );
    const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
    return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
  }

  #format(zone: string): Intl.DateTimeFormat {
    const known = this.#formats.get(zone);
    if (known !== undefined) return known;
    const number = 'numeric';
    const date = { year: number, month: number, day: number, hour: number, minute: number, second: number } as const;
    const format = new Intl.DateTimeFormat('en-US', { timeZone: zone, hourCycle: 'h23', ...date });
    this.#formats.set(zone, format);
    return format;
  }
}

/** Whether a window covers a moment of the clock on the wall: today's, or what yesterday's left for this day. */
function covers({ days, from, to }: SilenceWindow, wallMs: number): boolean {
  const end = to > from ? to : to + DAY_MINUTES;
  const day = Math.floor((wallMs - SUNDAY_MS) / DAY_MS);
  const minute = (wallMs - SUNDAY_MS - day * DAY_MS) / MINUTE_MS;
  return (begins(days, day) && minute >= from && minute < end) || (begins(days, day - 1) && minute + DAY_MINUTES < end);
}

function begins(days: readonly Weekday[], day: number): boolean {
  const weekday = WEEKDAYS[((day % 7) + 7) % 7];
  return days.length === 0 || (weekday !== undefined && days.includes(weekday));
}
