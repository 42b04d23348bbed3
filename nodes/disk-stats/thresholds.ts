/** Thresholds with hysteresis: a value that trembles around one does not flap. */

/** From the best to the worst. */
export const GRADES = ['ok', 'warning', 'critical'] as const;

export type Grade = (typeof GRADES)[number];

export interface Thresholds {
  /** Percent from which on it is a warning; undefined: never. */
  warning: number | undefined;
  critical: number | undefined;
  /** Percentage points below a threshold at which its grade ends. */
  hysteresis: number;
}

/** The grade of `percent` after the grade before: entered at a threshold, left only `hysteresis` below it. */
export function grade(percent: number, before: Grade, { warning, critical, hysteresis }: Thresholds): Grade {
  const reaches = (threshold: number | undefined, held: boolean): boolean =>
    threshold !== undefined && percent >= (held ? threshold - hysteresis : threshold);
  if (reaches(critical, before === 'critical')) return 'critical';
  return reaches(warning, before !== 'ok') ? 'warning' : 'ok';
}

/** How much later than the limit a filesystem must be full, so that it no longer fills up too soon. */
const LATER = 1.25;

/**
 * Whether a filesystem fills up too soon: in `seconds`, or never where that is undefined, after what was so before. `limit` is
 * in seconds, too; undefined: nothing is too soon.
 */
export function fillsTooSoon(seconds: number | undefined, before: boolean, limit: number | undefined): boolean {
  if (seconds === undefined || limit === undefined) return false;
  return seconds <= (before ? limit * LATER : limit);
}

/** The worse of two grades. */
export function worse(a: Grade, b: Grade): Grade {
  return GRADES.indexOf(a) >= GRADES.indexOf(b) ? a : b;
}
