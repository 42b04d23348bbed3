/** Writes moments for people in one zone, with the zone's name. */
export type MomentText = (timeMs: number, nowMs: number) => string;

/** A language gives the short names of its own zones only: "CET" is British, "EST" American. */
const LANGUAGES = ['en-US', 'en-GB', 'en-CA', 'en-AU', 'en-NZ', 'en-ZA', 'en-IN'];

/** "14:02 CET" where it is today, else "25 Nov 14:02 CET". `zone` is one that `isZone` accepts. */
export function momentText(zone: string): MomentText {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
  });
  const names = LANGUAGES.map(
    (language) => new Intl.DateTimeFormat(language, { timeZone: zone, hour: 'numeric', timeZoneName: 'short' }),
  );
  const parts = (timeMs: number): { [type: string]: string } =>
    Object.fromEntries(format.formatToParts(timeMs).map(({ type, value }) => [type, value]));
  return (timeMs, nowMs) => {
    const { year, month, day, hour, minute } = parts(timeMs);
    const today = parts(nowMs);
    const isToday = year === today.year && month === today.month && day === today.day;
    const date = isToday ? '' : `${day} ${month}${year === today.year ? '' : ` ${year}`} `;
    return `${date}${hour}:${minute} ${zoneName(names, timeMs)}`;
  };
}

function zoneName(names: readonly Intl.DateTimeFormat[], timeMs: number): string {
  const found = names.map(
    (name) => name.formatToParts(timeMs).find(({ type }) => type === 'timeZoneName')?.value ?? '',
  );
  const own = found.find((name) => /^[A-Z]{2,5}$/.test(name) && name !== 'GMT') ?? found[0] ?? '';
  return own.replace(/^GMT(?=[+-])/, 'UTC');
}

/** "14:02" in the zone, which is one that `isZone` accepts: for a status. */
export function clockText(zone: string): (timeMs: number) => string {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    hourCycle: 'h23',
    hour: '2-digit',
    minute: '2-digit',
  });
  return (timeMs) => format.format(timeMs);
}
