import { numberFrom } from '../../lib/rules/number-text.ts';
import { parseRuleSet, type RuleSet } from '../../lib/rules/rule.ts';

/** What the flow keeps of a filter; of a flow that was edited by hand anything may be missing or wrong. */
export interface FilterConfig {
  action?: unknown;
  rules?: unknown;
  atMost?: unknown;
  per?: unknown;
  perUnit?: unknown;
  each?: unknown;
}

/** At most `most` records in `windowMs`, for each value of the field `each` or, where that is empty, for all together. */
export interface LimitSettings {
  readonly most: number;
  readonly windowMs: number;
  readonly each: string;
}

export interface FilterSettings {
  /** What happens to a record that fits the rules. */
  readonly action: 'keep' | 'drop';
  readonly rules: RuleSet;
  readonly limit: LimitSettings | undefined;
}

/** The units of the dialog, in ms. */
const UNITS: { readonly [unit: string]: number } = { s: 1_000, min: 60_000, h: 3_600_000 };

const MOST_RECORDS = 1_000_000_000;
const LONGEST_WINDOW_MS = 7 * 24 * 3_600_000;
const LONGEST_FIELD = 256;
const SHORTEST_TOLD_MS = 60_000;

/** The settings, or the name of the one that is not allowed. Throws `RULES_…` and `RULE_…` for rules that are no rows. */
export function readSettings(config: FilterConfig): FilterSettings | { wrong: keyof FilterConfig } {
  const { action = 'keep' } = config;
  if (action !== 'keep' && action !== 'drop') return { wrong: 'action' };
  const limit = readLimit(config);
  if (typeof limit === 'string') return { wrong: limit };
  return { action, rules: parseRuleSet(config.rules), limit };
}

/** What was dropped is told once in a window, and no more often than once a minute, in ms. */
export function toldMs({ limit }: FilterSettings): number {
  return Math.max(limit?.windowMs ?? 0, SHORTEST_TOLD_MS);
}

function readLimit({ atMost, per, perUnit, each }: FilterConfig): LimitSettings | keyof FilterConfig | undefined {
  if (isBlank(atMost)) return undefined;
  const most = wholeOf(atMost);
  if (most === undefined || most > MOST_RECORDS) return 'atMost';
  const unit = isBlank(perUnit) ? UNITS.s : ownUnit(perUnit);
  if (unit === undefined) return 'perUnit';
  const windowMs = (isBlank(per) ? 1 : (wholeOf(per) ?? Number.NaN)) * unit;
  if (!(windowMs <= LONGEST_WINDOW_MS)) return 'per';
  if (!isBlank(each) && (typeof each !== 'string' || each.length > LONGEST_FIELD)) return 'each';
  return { most, windowMs, each: String(each ?? '').trim() };
}

function isBlank(value: unknown): boolean {
  return value === undefined || value === null || String(value).trim() === '';
}

/** A whole number from 1 on. */
function wholeOf(value: unknown): number | undefined {
  const number = numberFrom(typeof value === 'string' ? value.trim() : value);
  return number !== undefined && Number.isInteger(number) && number >= 1 ? number : undefined;
}

function ownUnit(unit: unknown): number | undefined {
  return typeof unit === 'string' && Object.hasOwn(UNITS, unit) ? UNITS[unit] : undefined;
}

/** Whether one value of the dialog is allowed beside the others. */
export function isAllowed(name: keyof FilterConfig, config: FilterConfig): boolean {
  const limit = readLimit({ ...config, ...(isBlank(config.atMost) && name !== 'atMost' ? { atMost: '1' } : {}) });
  return limit !== name;
}
