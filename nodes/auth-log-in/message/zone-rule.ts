/** The rule of a zone as POSIX writes it in `TZ` (8.3 of the base definitions): `CET-1CEST,M3.5.0,M10.5.0/3`. */

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const NAME = '(?:<[^>]+>|[A-Za-z]{3,})';
const OFFSET = '[+-]?\\d{1,3}(?::\\d{1,2}){0,2}';
const RULE = new RegExp(
  `^${NAME}(${OFFSET})(?:${NAME}(${OFFSET})?(?:,([^,/]+)(?:/(${OFFSET}))?,([^,/]+)(?:/(${OFFSET}))?)?)?$`,
);
/** Where a rule names a summer time and no days: those of the United States, as POSIX leaves open and most have it. */
const DAYS = ['M3.2.0', 'M11.1.0'] as const;

/** How far local time is ahead of UTC at a time, in ms; the time is in ms since the epoch. */
export type OffsetAt = (timeMs: number) => number;

/** Undefined where the text is no rule. */
export function parseZoneRule(text: string): OffsetAt | undefined {
  const found = RULE.exec(text);
  if (found === null) return undefined;
  const [, standardText = '', summerText, startDay = DAYS[0], startAt, endDay = DAYS[1], endAt] = found;
  // What POSIX calls an offset is what has to be added to get UTC.
  const standard = -spanOf(standardText);
  const hasSummer = text.replace(new RegExp(`^${NAME}${OFFSET}`), '') !== '';
  if (!hasSummer) return () => standard;
  const summer = summerText === undefined ? standard + HOUR_MS : -spanOf(summerText);
  const [start, end] = [dayIn(startDay), dayIn(endDay)];
  if (start === undefined || end === undefined) return undefined;
  const [startMs, endMs] = [spanOf(startAt ?? '2'), spanOf(endAt ?? '2')];
  return (timeMs) => {
    const year = new Date(timeMs + standard).getUTCFullYear();
    const begins = start(year) + startMs - standard;
    const ends = end(year) + endMs - summer;
    const isSummer = begins < ends ? timeMs >= begins && timeMs < ends : timeMs >= begins || timeMs < ends;
    return isSummer ? summer : standard;
  };
}

/** `-1:30` in ms. */
function spanOf(text: string): number {
  const [hours = 0, minutes = 0, seconds = 0] = text.replace(/^[+-]/, '').split(':').map(Number);
  const span = ((hours * 60 + minutes) * 60 + seconds) * 1000;
  return text.startsWith('-') ? -span : span;
}

/** The day of a rule in a year, as midnight in ms since the epoch if it were UTC: `M3.5.0`, `J60`, `59`. */
function dayIn(text: string): ((year: number) => number) | undefined {
  const [, month, week, weekday] = /^M(\d{1,2})\.([1-5])\.([0-6])$/.exec(text) ?? [];
  if (month !== undefined) return (year) => weekdayOf(year, Number(month), Number(week), Number(weekday));
  const [, julian, day] = /^(J)?(\d{1,3})$/.exec(text) ?? [];
  if (day === undefined) return undefined;
  // J60 is the first of March in every year.
  const number = Number(day);
  if (julian === undefined) return (year) => Date.UTC(year, 0, 1 + number);
  return (year) =>
    Date.UTC(year, 0, number + (number >= 60 && new Date(Date.UTC(year, 1, 29)).getUTCMonth() === 1 ? 1 : 0));
}

/** The `week`th `weekday` of a month; the fifth is the last. */
function weekdayOf(year: number, month: number, week: number, weekday: number): number {
  const first = Date.UTC(year, month - 1, 1);
  const day = first + ((weekday - new Date(first).getUTCDay() + 7) % 7) * DAY_MS + (week - 1) * 7 * DAY_MS;
  return new Date(day).getUTCMonth() === month - 1 ? day : day - 7 * DAY_MS;
}
