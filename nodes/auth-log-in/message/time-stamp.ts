import type { LocalTime } from './time-zone.ts';

/**
 * Time stamps of syslog lines to ISO 8601 UTC in milliseconds: RFC 3339 (RFC 5424, 6.2.3) with offset, and RFC 3164
 * (4.1.2), which has neither year nor zone. Neighbouring lines share their hour and minute, which are worked out once.
 */
export interface Stamps {
  /** The stamp at the start of `line` from `from`; `end` is then the index after it. Undefined where there is none. */
  read(line: string, from: number, referenceMs: number): string | undefined;
  end: number;
}

const MONTHS = 'JanFebMarAprMayJunJulAugSepOctNovDec';
const ZERO = 48;
/** A line may be stamped by a clock that is ahead; more than a day ahead it is a line of an earlier year. */
const AHEAD_MS = 86_400_000;
const HOUR_MS = 3_600_000;

export function createStamps(local: LocalTime): Stamps {
  let hour = '';
  let hourIso = '';
  let hourStart = 0;
  let hourDay = 0;
  let minute = '';
  let minuteZone = '';
  let minuteIso = '';

  const inYear = (year: number, month: number, day: number, hours: number): number | undefined => {
    // The 29th of February exists in some years only.
    if (day > 28 && new Date(Date.UTC(year, month - 1, day)).getUTCDate() !== day) return undefined;
    return local(year, month, day, hours);
  };

  /** The newest year in which the hour is not ahead of the reference (the time the file was last changed). */
  const hourOf = (month: number, day: number, hours: number, referenceMs: number): number | undefined => {
    const year = new Date(referenceMs).getUTCFullYear() + 1;
    for (let back = 0; back <= 9; back++) {
      const ms = inYear(year - back, month, day, hours);
      if (ms !== undefined && ms <= referenceMs + AHEAD_MS) return ms;
    }
    return undefined;
  };

  const learnHour = (line: string, from: number, referenceMs: number): boolean => {
    const month = MONTHS.indexOf(line.slice(from, from + 3)) / 3 + 1;
    const date = digits(line, from + 4, 2);
    const hours = digits(line, from + 7, 2);
    if (!Number.isInteger(month) || month < 1 || !(date >= 1 && date <= 31) || !(hours < 24)) return false;
    const ms = hourOf(month, date, hours, referenceMs);
    if (ms === undefined) return false;
    hour = line.slice(from, from + 9);
    // A zone that is not whole hours from UTC moves the minutes too.
    hourIso = ms % HOUR_MS === 0 ? new Date(ms).toISOString().slice(0, 14) : '';
    hourStart = ms;
    return true;
  };

  const readShort = (line: string, from: number, referenceMs: number): string | undefined => {
    if (line.charCodeAt(from + 9) !== 58 || line.charCodeAt(from + 12) !== 58) return undefined;
    stamps.end = from + 15;
    // The same day and hour is another year when the reference has moved on far enough.
    const day = Math.floor(referenceMs / AHEAD_MS);
    if (day !== hourDay || hour === '' || !line.startsWith(hour, from)) {
      hour = '';
      if (!learnHour(line, from, referenceMs)) return undefined;
      hourDay = day;
    }
    const minutes = digits(line, from + 10, 2);
    const seconds = digits(line, from + 13, 2);
    if (!(minutes < 60) || !(seconds <= 60)) return undefined;
    if (hourIso === '' || seconds === 60 || line.charCodeAt(from + 10) === 32 || line.charCodeAt(from + 13) === 32) {
      return new Date(hourStart + (minutes * 60 + seconds) * 1000).toISOString();
    }
    return `${hourIso}${line.slice(from + 10, from + 15)}.000Z`;
  };

  const readLong = (line: string, from: number): string | undefined => {
    let at = from + 19;
    if (line.charCodeAt(at) === 46) {
      at++;
      while (isDigit(line.charCodeAt(at))) at++;
    }
    const sign = line.charCodeAt(at);
    let end = at + 1;
    if (sign === 43 || sign === 45) end = line.charCodeAt(at + 3) === 58 ? at + 6 : at + 5;
    else if (sign !== 90) return undefined;
    stamps.end = end;
    const seconds = digits(line, from + 17, 2);
    if (line.charCodeAt(from + 16) !== 58 || line.charCodeAt(from + 17) === 32 || !(seconds <= 60)) return undefined;
    const isKnown = minute !== '' && line.startsWith(minute, from) && end - at === minuteZone.length;
    if (!isKnown || !line.startsWith(minuteZone, at)) {
      const ms = Date.parse(`${line.slice(from, from + 16)}:00${line.slice(at, end)}`);
      if (Number.isNaN(ms)) return undefined;
      minute = line.slice(from, from + 16);
      minuteZone = line.slice(at, end);
      minuteIso = new Date(ms).toISOString().slice(0, 17);
    }
    // A leap second has no number of its own in the time that computers count.
    if (seconds === 60) return `${minuteIso}59.999Z`;
    if (at - from >= 23) return `${minuteIso}${line.slice(from + 17, from + 23)}Z`;
    return `${minuteIso}${line.slice(from + 17, from + 19)}.${line.slice(from + 20, at).padEnd(3, '0')}Z`;
  };

  const stamps: Stamps = {
    end: 0,
    read(line, from, referenceMs) {
      return isDigit(line.charCodeAt(from)) ? readLong(line, from) : readShort(line, from, referenceMs);
    },
  };
  return stamps;
}

function isDigit(code: number): boolean {
  return code >= ZERO && code <= ZERO + 9;
}

/** The number of `count` digits at `from`, the first of which may be a blank; NaN where it is not one. */
function digits(text: string, from: number, count: number): number {
  let value = 0;
  for (let at = from; at < from + count; at++) {
    const code = text.charCodeAt(at);
    if (code === 32 && at === from) continue;
    if (!isDigit(code)) return Number.NaN;
    value = value * 10 + code - ZERO;
  }
  return value;
}
