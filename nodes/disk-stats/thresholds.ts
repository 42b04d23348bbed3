/** Thresholds with hysteresis: a value that trembles around one does not flap. */

export type Grade = 'ok' | 'warning' | 'critical';

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

/** The worse of two grades. */
export function worse(a: Grade, b: Grade): Grade {
  const rank: Grade[] = ['ok', 'warning', 'critical'];
  return rank.indexOf(a) >= rank.indexOf(b) ? a : b;
}
