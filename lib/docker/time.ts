/**
 * Docker's times have nine decimals, more than a number can hold: they stay text. Nanoseconds since the epoch are
 * decimal digits (`timeNano`); a log line's stamp is RFC 3339 with nine decimals in UTC, which sorts as text.
 */

const NANO_DIGITS = 9;

/** `seconds.nanoseconds`, as the query parameters `since` and `until` want it; `backSeconds` is taken off. */
export function sinceNanos(nanos: string, backSeconds = 0): string {
  const digits = nanos.padStart(NANO_DIGITS + 1, '0');
  const seconds = Math.max(0, Number(digits.slice(0, -NANO_DIGITS)) - backSeconds);
  return `${seconds}.${digits.slice(-NANO_DIGITS)}`;
}

/** Nanoseconds since the epoch of an RFC 3339 time with any number of decimals and any zone; undefined where it is none. */
export function nanosOf(rfc3339: string): string | undefined {
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/.exec(rfc3339);
  if (match === null) return undefined;
  const ms = Date.parse(`${match[1]}${match[3]}`);
  if (!Number.isFinite(ms) || ms < 0) return undefined;
  return `${ms / 1000}${(match[2] ?? '').padEnd(NANO_DIGITS, '0')}`;
}

/** The stamp with nine decimals in UTC, or undefined where the text is no RFC 3339 time. */
export function stampOf(rfc3339: string): string | undefined {
  const nanos = nanosOf(rfc3339);
  return nanos === undefined ? undefined : stampOfNanos(nanos);
}

export function stampOfNanos(nanos: string): string {
  const digits = nanos.padStart(NANO_DIGITS + 1, '0');
  const seconds = new Date(Number(digits.slice(0, -NANO_DIGITS)) * 1000).toISOString().slice(0, 19);
  return `${seconds}.${digits.slice(-NANO_DIGITS)}Z`;
}

/** ISO 8601 in UTC with milliseconds (cut, as Docker's own driver does) from nanoseconds since the epoch. */
export function isoOfNanos(nanos: string): string {
  return `${stampOfNanos(nanos).slice(0, 23)}Z`;
}

/** Whether `a` is later than `b`; both are nanoseconds since the epoch. */
export function isLater(a: string, b: string): boolean {
  return a.length === b.length ? a > b : a.length > b.length;
}
