import type { CompiledRules, Fields } from '../../lib/rules/compile.ts';
import type { AlertSeverity } from './judge/judge.ts';
import type { AlertSettings } from './settings.ts';

/** A limit as a chart draws it. */
export interface ChartLimit {
  readonly value: number;
  readonly severity: AlertSeverity;
}

/**
 * The limits that a rule has for the field of such records. Rows that look at more than the record holds do not fit: then it is
 * not known whether the limit holds.
 */
export function chartLimits(
  { rings, severity }: Pick<AlertSettings, 'rings' | 'severity'>,
  only: Pick<CompiledRules, 'matches'>,
  field: string,
  record: Fields,
): ChartLimit[] {
  if (rings.kind !== 'limit' || rings.field !== field) return [];
  const { limit, critical } = rings;
  if (!only.matches({ ...record, [field]: limit })) return [];
  const first = { value: limit, severity };
  return critical === undefined ? [first] : [first, { value: critical, severity: 'critical' }];
}
