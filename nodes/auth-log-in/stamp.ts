import type { LocalTime } from './zone.ts';

/**
 * Time stamps of syslog lines to ISO 8601 UTC in milliseconds: RFC 3339 (RFC 5424, 6.2.3) with offset, and RFC 3164
 * (4.1.2), which has neither year nor zone. Neighbouring lines share their second, so the last second is remembered.
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

export function createStamps(local: LocalTime): Stamps {
  let second = '';
  let prefix = '';
  let referenceYear = 0;
  let hour = '';
  let hourMs = 0;

  const inYear = (year: number, month: number, day: number, hours: number): number | undefined => {
    const ms = local(year, month, day, hours);
    // The 29th of February exists in some years only.
    return day <= 28 || new Date(Date.UTC(year, month - 1, day)).getUTCDate() === day ? ms : undefined;
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

  const readShort = (line: string, from: number, referenceMs: number): string | undefined => {
    if (line.charCodeAt(from + 9) !== 58 || line.charCodeAt(from + 12) !== 58) return undefined;
    stamps.end = from + 15;
    const text = line.slice(from, from + 15);
    // A reference that moves on by a year must not leave the remembered one behind.
    const day = Math.floor(referenceMs / AHEAD_MS);
    if (text === second && day === referenceYear) return `${prefix}.000Z`;
    if (text.slice(0, 9) !== hour || day !== referenceYear) {
      const month = MONTHS.indexOf(line.slice(from, from + 3)) / 3 + 1;
      const date = digits(line, from + 4, 2);
      const hours = digits(line, from + 7, 2);
      if (!Number.isInteger(month) || month < 1 || !(date >= 1 && date <= 31) || !(hours < 24)) return undefined;
      const ms = hourOf(month, date, hours, referenceMs);
      if (ms === undefined) return undefined;
      hour = text.slice(0, 9);
      hourMs = ms;
      referenceYear = day;
    }
    const minute = digits(line, from + 10, 2);
    const seconds = digits(line, from + 13, 2);
    if (!(minute < 60) || !(seconds <= 60)) return undefined;
    second = text;
    prefix = new Date(hourMs + (minute * 60 + seconds) * 1000).toISOString().slice(0, 19);
    return `${prefix}.000Z`;
  };

  const readLong = (line: string, from: number): string | undefined => {
    let at = from + 19;
    let fraction = '000';
    if (line.charCodeAt(at) === 46) {
      const start = at + 1;
      at = start;
      while (isDigit(line.charCodeAt(at))) at++;
      fraction = at - start >= 3 ? line.slice(start, start + 3) : line.slice(start, at).padEnd(3, '0');
    }
    const sign = line.charCodeAt(at);
    let end = at + 1;
    if (sign === 43 || sign === 45) end = line.charCodeAt(at + 3) === 58 ? at + 6 : at + 5;
    else if (sign !== 90) return undefined;
    stamps.end = end;
    const key = line.slice(from, from + 19) + line.slice(at, end);
    if (key !== second) {
      const ms = Date.parse(key);
      if (Number.isNaN(ms)) return undefined;
      second = key;
      prefix = new Date(ms).toISOString().slice(0, 19);
    }
    return `${prefix}.${fraction}Z`;
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
