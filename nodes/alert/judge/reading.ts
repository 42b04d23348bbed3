import { asText, type Fields, fieldOf, isPresent } from '../../../lib/rules/compile.ts';
import { numberFrom } from '../../../lib/rules/number-text.ts';
import type { AlertSeverity, Ignored } from './judge.ts';

/** What one record says by itself. */
export type Reading =
  | { readonly isBad: boolean; readonly value: number | undefined; readonly severity?: AlertSeverity }
  | 'between'
  | Ignored;

export type Reader = (record: Fields) => Reading;

export interface StateRule {
  readonly field: string;
  readonly bad: readonly string[];
  readonly good: readonly string[];
  /** Those of the bad values that are critical. */
  readonly critical: readonly string[];
}

/** Reads the state that a record names. A value that is in no list says nothing. */
export function stateReader({ field, bad, good, critical }: StateRule): Reader {
  const states = new Map<string, Reading>();
  for (const value of good) states.set(value, { isBad: false, value: undefined });
  for (const value of bad) states.set(value, { isBad: true, value: undefined });
  for (const value of critical) states.set(value, { isBad: true, value: undefined, severity: 'critical' });
  return (record) => {
    const value = fieldOf(record, field);
    return isPresent(value) ? (states.get(asText(value)) ?? 'unlisted') : 'no-field';
  };
}

export const LIMIT_OPERATORS = ['above', 'at-least', 'below', 'at-most'] as const;
export type LimitOperator = (typeof LIMIT_OPERATORS)[number];

export interface LimitRule {
  readonly field: string;
  readonly operator: LimitOperator;
  readonly limit: number;
  /** Where it ends: on the other side of this value, which itself does not end it. The limit where undefined. */
  readonly end: number | undefined;
  readonly critical: number | undefined;
}

const PASSES: { readonly [operator in LimitOperator]: (value: number, limit: number) => boolean } = {
  above: (value, limit) => value > limit,
  'at-least': (value, limit) => value >= limit,
  below: (value, limit) => value < limit,
  'at-most': (value, limit) => value <= limit,
};

/**
 * Whether a value that starts an alert could end it as well: then the end is on the wrong side of the limit. `isWhole`: the
 * field has whole numbers only, and "above 0, ends below 1" is sound.
 */
export function isEndOnWrongSide({ operator, limit, end }: LimitRule, isWhole = false): boolean {
  if (end === undefined || end === limit) return false;
  if (!isWhole) return isUpward(operator) ? end > limit : end < limit;
  const first = isUpward(operator) ? Math.ceil(limit) : Math.floor(limit);
  const isPassed = PASSES[operator](first, limit);
  return isUpward(operator) ? (isPassed ? first : first + 1) < end : (isPassed ? first : first - 1) > end;
}

/** Whether it is the great values that are bad. */
export function isUpward(operator: LimitOperator): boolean {
  return operator === 'above' || operator === 'at-least';
}

/** Compares a number with a limit. Between the limit and the end it says nothing. */
export function limitReader(rule: LimitRule): Reader {
  const { field, operator, limit, end, critical } = rule;
  const passes = PASSES[operator];
  const isUp = isUpward(operator);
  const ends = (value: number): boolean => {
    if (end === undefined || end === limit) return !passes(value, limit);
    return isUp ? value < end : value > end;
  };
  return (record) => {
    const found = fieldOf(record, field);
    const value = numberFrom(found);
    if (value === undefined) return isPresent(found) ? 'not-a-number' : 'no-field';
    if (passes(value, limit)) {
      const isCritical = critical !== undefined && passes(value, critical);
      return { isBad: true, value, ...(isCritical && { severity: 'critical' as const }) };
    }
    return ends(value) ? { isBad: false, value } : 'between';
  };
}
