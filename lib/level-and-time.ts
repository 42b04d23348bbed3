import { Severity } from './record.ts';

/** Longer than any text that is a level or a time. */
const MAX_UNITS = 100;

/** Names of severities as syslog, gelf-pro and common loggers write them. */
const LEVELS: { [name: string]: number } = {
  ...Severity,
  emerg: Severity.emergency,
  fatal: Severity.critical,
  crit: Severity.critical,
  err: Severity.error,
  warn: Severity.warning,
  information: Severity.info,
  log: Severity.debug,
  trace: Severity.debug,
};

/** A severity 0–7 from a number, its digits or a name; `info` for anything else. Text in this field spoils it for all. */
export function readLevel(value: unknown): number {
  if (typeof value === 'string' && value.length > MAX_UNITS) return Severity.info;
  const named = typeof value === 'string' ? LEVELS[value.trim().toLowerCase()] : undefined;
  const level = named ?? (typeof value === 'string' && value.trim() !== '' ? Number(value) : value);
  return typeof level === 'number' && Number.isInteger(level) && level >= 0 && level <= 7 ? level : Severity.info;
}

/** Seconds up to the year 5138, milliseconds since 1973: no time of interest is both. */
const MILLISECONDS_FROM = 1e11;
/** The same year: seconds after it look like milliseconds to whoever reads them. */
const LATEST_MS = MILLISECONDS_FROM * 1000;

const NUMERIC = /^\d+(\.\d+)?$/;

/** A time in ms from ISO 8601 text, a Date, or seconds or milliseconds since the epoch; `nowMs` for anything else. */
export function readTime(value: unknown, nowMs: number): number {
  let ms = Number.NaN;
  if (typeof value === 'string' && value.length > MAX_UNITS) return nowMs;
  if (typeof value === 'string') ms = NUMERIC.test(value) ? fromNumber(Number(value)) : Date.parse(value);
  else if (typeof value === 'number') ms = fromNumber(value);
  else if (value instanceof Date) ms = value.getTime();
  // Rounded first: half a millisecond would become zero, which is no time.
  const rounded = Math.round(ms);
  return rounded > 0 && rounded < LATEST_MS ? rounded : nowMs;
}

function fromNumber(value: number): number {
  return value >= MILLISECONDS_FROM ? value : value * 1000;
}
