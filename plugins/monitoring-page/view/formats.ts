import type { Words } from './words.ts';

const UNITS = ['B', 'KB', 'MB', 'GB', 'TB', 'PB'];
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Figures, times and spans in the reader's language and zone. Each formatter is made once: making one takes long. */
export class Formats {
  readonly #words: Words;
  readonly #whole: Intl.NumberFormat;
  readonly #one: Intl.NumberFormat;
  readonly #two: Intl.NumberFormat;
  readonly #time: Intl.DateTimeFormat;
  readonly #shortTime: Intl.DateTimeFormat;
  readonly #date: Intl.DateTimeFormat;
  readonly #head: Intl.DateTimeFormat;
  readonly #day: Intl.DateTimeFormat;
  /** The reader's zone. */
  readonly zone: string;

  constructor(language: string, words: Words, zone?: string) {
    this.#words = words;
    const number = (digits: number): Intl.NumberFormat =>
      new Intl.NumberFormat(language, { maximumFractionDigits: digits });
    [this.#whole, this.#one, this.#two] = [number(0), number(1), number(2)];
    const times = (options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
      new Intl.DateTimeFormat(language, { ...options, hourCycle: 'h23', timeZone: zone });
    this.#time = times({ hour: '2-digit', minute: '2-digit', second: '2-digit' });
    this.#shortTime = times({ hour: '2-digit', minute: '2-digit' });
    this.#date = times({ day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });
    this.#day = times({ day: 'numeric', month: 'short' });
    const head = {
      weekday: 'short',
      day: 'numeric',
      month: 'short',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    } as const;
    this.#head = times(head);
    this.zone = this.#time.resolvedOptions().timeZone;
  }

  /** A figure: small ones with up to two digits. */
  number(value: number): string {
    const size = Math.abs(value);
    return (size < 10 ? this.#two : size < 100 ? this.#one : this.#whole).format(value);
  }

  whole(value: number): string {
    return this.#whole.format(value);
  }

  percent(value: number): string {
    return `${(Math.abs(value) < 10 || (value > 99 && value < 100) ? this.#one : this.#whole).format(value)} %`;
  }

  bytes(value: number): string {
    const power = value < 1 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(value) / 3));
    return `${this.number(value / 1_000 ** power)} ${UNITS[power]}`;
  }

  milliseconds(value: number): string {
    return value < 1_000 ? `${this.#whole.format(value)} ms` : `${this.number(value / 1_000)} s`;
  }

  /** "02:14:05". */
  time(ms: number): string {
    return this.#time.format(ms);
  }

  /** "02:14" where it is less than a day ago, else with the date. */
  since(ms: number, nowMs: number): string {
    return nowMs - ms < DAY / 2 ? this.#shortTime.format(ms) : this.#date.format(ms);
  }

  shortTime(ms: number): string {
    return this.#shortTime.format(ms);
  }

  day(ms: number): string {
    return this.#day.format(ms);
  }

  dateTime(ms: number): string {
    return this.#date.format(ms);
  }

  head(ms: number): string {
    return this.#head.format(ms);
  }

  /** "12 d 4 h", "3 h 14 min", "50 min", "12 s". What is negative is no time at all. */
  span(ms: number): string {
    const positive = Math.max(0, ms);
    const part = (unit: string, value: number): string =>
      this.#words(`page.span.${unit}`, { count: Math.floor(value) });
    const rest = (unit: string, value: number): string => (value < 1 ? '' : ` ${part(unit, value)}`);
    if (positive >= DAY) return `${part('days', positive / DAY)}${rest('hours', (positive % DAY) / HOUR)}`;
    if (positive >= HOUR) return `${part('hours', positive / HOUR)}${rest('minutes', (positive % HOUR) / MINUTE)}`;
    return positive >= MINUTE ? part('minutes', positive / MINUTE) : part('seconds', positive / SECOND);
  }
}
