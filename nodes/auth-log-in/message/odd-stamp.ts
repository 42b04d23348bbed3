import { hasDay, MONTHS, newestYear } from './calendar.ts';
import type { LocalTime } from './time-zone.ts';

/**
 * Reads the stamps that few logs have: ISO 8601 with a blank or a comma or without a zone, a year anywhere, one digit for
 * the day, the weekday before or the zone's name behind, seconds since the epoch, and any of these in brackets.
 */

const DAY_NAME = '(?:(?<weekday>[A-Z][a-z]{2}),? +)?';
const TIME = String.raw`(?<hour>\d\d?):(?<minute>\d\d):(?<second>\d\d)(?:[.,](?<fraction>\d{1,9}))?`;
const ZONE = String.raw`(?: ?(?<zone>[Zz]|UTC|GMT|[+-]\d\d(?::?\d\d)?))?`;
const END = String.raw`(?=[ \]:]|$)`;
const MONTH = '(?<name>[A-Z][a-z]{2})';

/** Each is matched at one place only, so a line costs the same wherever it stops to fit. */
const FORMS: readonly RegExp[] = [
  new RegExp(
    String.raw`${DAY_NAME}(?<year>\d{4})([-/.])(?<month>\d\d)\3(?<day>\d\d)(?:[Tt_]| +)${TIME}${ZONE}${END}`,
    'y',
  ),
  new RegExp(
    String.raw`${DAY_NAME}(?:(?<year>\d{4}) +)?${MONTH} +(?<day>\d\d?),?(?: +(?<later>\d{4}),?)? +${TIME}` +
      String.raw`(?:(?: (?:UTC|GMT|[A-Z]{3,5}))? (?<last>\d{4}))?${ZONE}${END}`,
    'y',
  ),
  new RegExp(String.raw`${DAY_NAME}(?<day>\d\d?)([ /-])${MONTH}\3(?<year>\d{4})[ :] *${TIME}${ZONE}${END}`, 'y'),
];
const EPOCH = /(\d{10})(?:\.(\d{1,9}))?(?=[ \]]|$)/y;
const ZONE_NAME = / ([A-Z]{3,5})(?= )/y;

export interface OddStamp {
  /** Milliseconds since the epoch. */
  ms: number;
  /** The index after the stamp. */
  end: number;
}

/** The stamp that begins at `from`. `referenceMs` (ms since the epoch) tells the year where the stamp does not. */
export function readOddStamp(
  line: string,
  from: number,
  localTime: LocalTime,
  referenceMs: number,
): OddStamp | undefined {
  const isInBrackets = line.charAt(from) === '[';
  const start = isInBrackets ? from + 1 : from;
  const found = readEpoch(line, start) ?? readForms(line, start, localTime, referenceMs);
  if (found === undefined || !isInBrackets) return found;
  return line.charAt(found.end) === ']' ? { ms: found.ms, end: found.end + 1 } : undefined;
}

function matchAt(form: RegExp, line: string, from: number): RegExpExecArray | null {
  form.lastIndex = from;
  return form.exec(line);
}

function readEpoch(line: string, from: number): OddStamp | undefined {
  const [text, seconds, fraction] = matchAt(EPOCH, line, from) ?? [];
  if (text === undefined) return undefined;
  return { ms: Number(seconds) * 1000 + milliseconds(fraction), end: from + text.length };
}

function readForms(line: string, from: number, localTime: LocalTime, referenceMs: number): OddStamp | undefined {
  for (const form of FORMS) {
    const match = matchAt(form, line, from);
    const groups = match?.groups;
    if (match === null || groups === undefined) continue;
    let end = from + match[0].length;
    let zone = groups.zone;
    if (groups.weekday !== undefined && groups.month !== undefined && zone === undefined) {
      // `journalctl -o short-full` ends with the zone's name. But for UTC such a name is not the same everywhere.
      const name = matchAt(ZONE_NAME, line, end);
      if (name !== null) end += name[0].length;
      if (name?.[1] === 'UTC' || name?.[1] === 'GMT') zone = 'UTC';
    }
    if (line.charAt(end) === ':') end++;
    const ms = msOf(groups, zone === undefined ? localTime : atOffset(offsetMs(zone)), referenceMs);
    return ms === undefined ? undefined : { ms, end };
  }
  return undefined;
}

type Groups = { [name: string]: string | undefined };

function msOf(groups: Groups, localTime: LocalTime, referenceMs: number): number | undefined {
  const month = groups.month === undefined ? monthNamed(groups.name ?? '') : Number(groups.month);
  const [day, hour, minute, second] = [groups.day, groups.hour, groups.minute, groups.second].map(Number);
  if (month < 1 || month > 12 || !isWithin(day, 1, 31) || !isWithin(hour, 0, 23)) return undefined;
  if (!isWithin(minute, 0, 59) || !isWithin(second, 0, 60)) return undefined;
  const year = groups.year ?? groups.later ?? groups.last;
  const rest = (minute * 60 + second) * 1000 + milliseconds(groups.fraction);
  if (year === undefined) {
    const hourMs = newestYear(month, day, hour, referenceMs, localTime);
    return hourMs === undefined ? undefined : hourMs + rest;
  }
  return hasDay(Number(year), month, day) ? localTime(Number(year), month, day, hour) + rest : undefined;
}

function isWithin(value: number | undefined, least: number, most: number): value is number {
  return value !== undefined && value >= least && value <= most;
}

/** 1 for January; 0 where there is no such month. */
function monthNamed(name: string): number {
  const at = MONTHS.indexOf(name);
  return at % 3 === 0 ? at / 3 + 1 : 0;
}

function milliseconds(fraction: string | undefined): number {
  return fraction === undefined ? 0 : Number(fraction.padEnd(3, '0').slice(0, 3));
}

function atOffset(offset: number): LocalTime {
  return (year, month, day, hour) => Date.UTC(year, month - 1, day, hour) - offset;
}

/** The offset from UTC in ms of `Z`, `UTC`, `+hh`, `+hhmm` or `+hh:mm`. */
function offsetMs(zone: string): number {
  const [, sign, hours, minutes] = /^([+-])(\d\d):?(\d\d)?$/.exec(zone) ?? [];
  const offset = (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60_000;
  return sign === '-' ? -offset : offset;
}
