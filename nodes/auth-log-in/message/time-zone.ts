import { isZone as isNamedZone } from '../../../lib/time-zone.ts';
import type { OffsetAt } from './zone-rule.ts';

/** Converts local times to UTC, for time stamps without a zone. */

/** A name that `isZone` accepts, or how far local time is ahead of UTC. */
export type Zone = string | OffsetAt;

/** Milliseconds since the epoch of a local time; month counts from 1. */
export type LocalTime = (year: number, month: number, day: number, hour: number) => number;

const OFFSET = /^(?:utc|gmt)?([+-])(\d{1,2})(?::?(\d{2}))?$/i;

/** Minutes east of UTC for `UTC`, `Z`, `+02:00`; undefined where the text is something else. */
function fixedOffset(zone: string): number | undefined {
  if (/^(?:utc|gmt|z)$/i.test(zone)) return 0;
  const [, sign, hours, minutes = '0'] = OFFSET.exec(zone) ?? [];
  const total = Number(hours) * 60 + Number(minutes);
  return hours === undefined || total > 14 * 60 ? undefined : sign === '-' ? -total : total;
}

/** Whether the text names a zone: empty (the zone of the process), an offset, or a name of the IANA database. */
export function isZone(zone: string): boolean {
  return zone === '' || fixedOffset(zone) !== undefined || isNamedZone(zone);
}

/** The local time of a zone. Of an hour that the clock shows twice it takes the first. */
export function localTime(zone: Zone): LocalTime {
  if (typeof zone !== 'string') return byOffsets(zone);
  if (zone === '') return (year, month, day, hour) => new Date(year, month - 1, day, hour).getTime();
  const minutes = fixedOffset(zone);
  if (minutes !== undefined) return (year, month, day, hour) => Date.UTC(year, month - 1, day, hour, -minutes);
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  });
  return byOffsets((timeMs) => offsetAt(format, timeMs));
}

function byOffsets(offsetOf: OffsetAt): LocalTime {
  return (year, month, day, hour) => {
    const wanted = Date.UTC(year, month - 1, day, hour);
    // The offset of the day before is the one before a change of the clock: it finds the first of two equal hours.
    const first = wanted - offsetOf(wanted - 86_400_000);
    return first + offsetOf(first) === wanted ? first : wanted - offsetOf(first);
  };
}

function wallClock(format: Intl.DateTimeFormat, timeMs: number): number {
  const part: { [type: string]: number } = {};
  for (const { type, value } of format.formatToParts(timeMs)) part[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0 } = part;
  return Date.UTC(year, month - 1, day, hour, minute);
}

function offsetAt(format: Intl.DateTimeFormat, timeMs: number): number {
  return wallClock(format, timeMs) - timeMs;
}
