import { MONTHS, newestYear } from './calendar.ts';
import { digits, isDigit, thousandths } from './digits.ts';
import { IsoTime } from './iso-time.ts';
import { readOddStamp } from './odd-stamp.ts';
import type { LocalTime } from './time-zone.ts';

const DAY_MS = 86_400_000;

/** Character codes. */
const BLANK = 32;
const PLUS = 43;
const MINUS = 45;
const DOT = 46;
const ZERO = 48;
const COLON = 58;
const Z = 90;

/**
 * Reads the time stamps of syslog lines: RFC 3339 with an offset (RFC 5424, 6.2.3), and RFC 3164 (4.1.2), which has
 * neither year nor zone. Neighbouring lines share their hour and minute, so each of them is worked out once. Where it is
 * neither, it is one of those that few logs have.
 */
export class StampReader {
  /** The index after the stamp that was read last. */
  end = 0;
  /** The time of the stamp that was read last, in ms since the epoch. */
  ms = 0;
  /** Whether the stamp that was read last is followed by what was expected. */
  isFollowed = false;
  readonly #localTime: LocalTime;
  readonly #iso = new IsoTime();
  #expected = '';

  /** The minute read last in RFC 3339: its text, its zone, and when it began. */
  #minuteText = '';
  #minuteZone = '';
  #minuteMs = 0;

  /** The second read last in RFC 3339 up to the dot, when it began, and where its zone begins. */
  #secondText = '';
  #secondMs = 0;
  #secondZone = '';
  #zoneAfter = 0;
  /** The zone and what is expected after it. */
  #secondRest = '';

  /** The hour read last in RFC 3164: its text, the day of its reference, and when it began. */
  #hourText = '';
  #hourDay = 0;
  #hourMs = 0;

  constructor(localTime: LocalTime) {
    this.#localTime = localTime;
  }

  /** What the next stamps may be followed by; empty for nothing. To compare it together with the zone takes half the time. */
  expect(text: string): void {
    this.#expected = text;
    this.#secondRest = this.#secondZone + text;
  }

  /**
   * The stamp of `line` that begins at `from`, as ISO 8601 in UTC and milliseconds. Undefined where there is none.
   * `referenceMs`: when the line was written at the latest (ms since the epoch), which tells the year.
   */
  read(line: string, from: number, referenceMs: number): string | undefined {
    const isIso = isDigit(line.charCodeAt(from));
    const same = isIso ? this.#readSameSecond(line, from) : undefined;
    if (same !== undefined) return same;
    const other =
      (isIso ? this.#readRfc3339(line, from) : this.#readRfc3164(line, from, referenceMs)) ??
      this.#readOdd(line, from, referenceMs);
    this.isFollowed = this.#expected !== '' && stands(line, this.end, this.#expected);
    return other;
  }

  #readOdd(line: string, from: number, referenceMs: number): string | undefined {
    const odd = readOddStamp(line, from, this.#localTime, referenceMs);
    if (odd === undefined) return undefined;
    this.end = odd.end;
    this.ms = odd.ms;
    return this.#iso.textOf(odd.ms);
  }

  /** A stamp with the second and the zone of the one before, and as many digits after its dot. */
  #readSameSecond(line: string, from: number): string | undefined {
    if (this.#secondText === '' || !stands(line, from, this.#secondText)) return undefined;
    const zoneAt = from + this.#zoneAfter;
    let thousandth = 0;
    for (let at = from + 20; at < zoneAt; at++) {
      const code = line.charCodeAt(at);
      if (!isDigit(code)) return undefined;
      if (at < from + 23) thousandth = thousandth * 10 + code - ZERO;
    }
    this.isFollowed = this.#expected !== '' && stands(line, zoneAt, this.#secondRest);
    if (!this.isFollowed && !stands(line, zoneAt, this.#secondZone)) return undefined;
    this.end = zoneAt + this.#secondZone.length;
    this.ms = this.#secondMs + thousandth;
    return this.#iso.textOf(this.ms);
  }

  #rememberSecond(line: string, from: number, zoneAt: number, seconds: number): void {
    const second = line.slice(from + 17, from + 19);
    this.#secondText = `${this.#minuteText}:${second}.`;
    this.#secondMs = this.#minuteMs + seconds * 1000;
    this.#zoneAfter = zoneAt - from;
    if (this.#secondZone === this.#minuteZone) return;
    this.#secondZone = this.#minuteZone;
    this.expect(this.#expected);
  }

  #readRfc3339(line: string, from: number): string | undefined {
    const zoneAt = skipFraction(line, from + 19);
    const end = zoneEnd(line, zoneAt);
    if (end === -1) return undefined;
    this.end = end;
    const seconds = digits(line, from + 17, 2);
    if (line.charCodeAt(from + 16) !== COLON || line.charCodeAt(from + 17) === BLANK || !(seconds <= 60)) {
      return undefined;
    }
    const isMinute = this.#isMinute(line, from, zoneAt);
    if (!isMinute && !this.#readMinute(line, from, zoneAt)) return undefined;
    // The time that computers count has no number for a leap second.
    const inMinute = seconds === 60 ? 59_999 : seconds * 1000 + thousandths(line, from + 20, zoneAt);
    this.ms = this.#minuteMs + inMinute;
    if (isMinute && seconds < 60 && zoneAt - from >= 23) this.#rememberSecond(line, from, zoneAt, seconds);
    return this.#iso.textOf(this.ms);
  }

  /** Whether the stamp is of the minute that was read last. */
  #isMinute(line: string, from: number, zoneAt: number): boolean {
    return (
      this.#minuteText !== '' &&
      stands(line, from, this.#minuteText) &&
      this.end - zoneAt === this.#minuteZone.length &&
      line.startsWith(this.#minuteZone, zoneAt)
    );
  }

  #readMinute(line: string, from: number, zoneAt: number): boolean {
    const text = line.slice(from, from + 16);
    const zone = line.slice(zoneAt, this.end);
    const ms = Date.parse(`${text}:00${zone}`);
    if (Number.isNaN(ms)) return false;
    this.#minuteText = text;
    this.#minuteZone = zone;
    this.#minuteMs = ms;
    return true;
  }

  #readRfc3164(line: string, from: number, referenceMs: number): string | undefined {
    if (line.charCodeAt(from + 9) !== COLON || line.charCodeAt(from + 12) !== COLON) return undefined;
    if (!endsAt(line, from + 15)) return undefined;
    this.end = from + 15;
    if (!this.#isHour(line, from, referenceMs) && !this.#readHour(line, from, referenceMs)) return undefined;
    const minutes = digits(line, from + 10, 2);
    const seconds = digits(line, from + 13, 2);
    if (!(minutes < 60) || !(seconds <= 60)) return undefined;
    this.ms = this.#hourMs + (minutes * 60 + seconds) * 1000;
    return this.#iso.textOf(this.ms);
  }

  /** Whether the stamp is of the hour that was read last. On another day of the reference it can be of another year. */
  #isHour(line: string, from: number, referenceMs: number): boolean {
    return (
      Math.floor(referenceMs / DAY_MS) === this.#hourDay &&
      this.#hourText !== '' &&
      line.startsWith(this.#hourText, from)
    );
  }

  #readHour(line: string, from: number, referenceMs: number): boolean {
    this.#hourText = '';
    const month = MONTHS.indexOf(line.slice(from, from + 3)) / 3 + 1;
    const day = digits(line, from + 4, 2);
    const hour = digits(line, from + 7, 2);
    if (!Number.isInteger(month) || month < 1 || !(day >= 1 && day <= 31) || !(hour < 24)) return false;
    const ms = newestYear(month, day, hour, referenceMs, this.#localTime);
    if (ms === undefined) return false;
    this.#hourText = line.slice(from, from + 9);
    this.#hourDay = Math.floor(referenceMs / DAY_MS);
    this.#hourMs = ms;
    return true;
  }
}

/** Whether the text stands at the index. V8 compares it at once then, but with `startsWith` one character after another. */
function stands(line: string, at: number, text: string): boolean {
  return line.lastIndexOf(text, at) === at;
}

/** The index after `.` and digits at `from`; `from` where there is no fraction. */
function skipFraction(line: string, from: number): number {
  if (line.charCodeAt(from) !== DOT) return from;
  let at = from + 1;
  while (isDigit(line.charCodeAt(at))) at++;
  return at;
}

/** The index after the zone at `from` (`Z`, `+hh:mm`, `+hhmm`); -1 where there is none. */
function zoneEnd(line: string, from: number): number {
  const sign = line.charCodeAt(from);
  if (sign === PLUS || sign === MINUS) return line.charCodeAt(from + 3) === COLON ? from + 6 : from + 5;
  return sign === Z ? from + 1 : -1;
}

/** Whether a stamp of RFC 3164 ends at the index: no fraction follows, and no year. */
function endsAt(line: string, end: number): boolean {
  if (line.charCodeAt(end) !== BLANK) return end >= line.length;
  return (
    line.charCodeAt(end + 5) !== BLANK || line.charCodeAt(end + 1) !== ZERO + 2 || !(digits(line, end + 2, 3) >= 0)
  );
}
