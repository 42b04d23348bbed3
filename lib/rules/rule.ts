import { MonitoringError } from '../errors.ts';

/** The rows by which `record-filter` and `alert` choose records: a field, an operator, a value. */

/** What a row compares its field with. */
export type ValueType = 'none' | 'text' | 'list' | 'number' | 'network' | 'pattern';

interface OperatorKind {
  readonly type: ValueType;
  /** The operator that it denies: it holds where that one does not. */
  readonly denies?: string;
}

/** All operators, by the names under which a flow keeps them, in the order of the dialog. */
export const OPERATORS = {
  is: { type: 'text' },
  'is-not': { type: 'text', denies: 'is' },
  'is-one-of': { type: 'list' },
  'is-none-of': { type: 'list', denies: 'is-one-of' },
  contains: { type: 'text' },
  'contains-not': { type: 'text', denies: 'contains' },
  'starts-with': { type: 'text' },
  'ends-with': { type: 'text' },
  matches: { type: 'pattern' },
  'matches-not': { type: 'pattern', denies: 'matches' },
  equals: { type: 'number' },
  'equals-not': { type: 'number', denies: 'equals' },
  below: { type: 'number' },
  'at-most': { type: 'number' },
  above: { type: 'number' },
  'at-least': { type: 'number' },
  'in-network': { type: 'network' },
  'not-in-network': { type: 'network', denies: 'in-network' },
  'is-set': { type: 'none' },
  'is-not-set': { type: 'none' },
} as const satisfies { readonly [name: string]: OperatorKind };

export type Operator = keyof typeof OPERATORS;

/** One row. */
export interface Rule {
  /** The key of the record. */
  readonly field: string;
  readonly operator: Operator;
  /** As it was typed; of a list its words, separated by commas. Empty where the operator takes none. */
  readonly value: string;
  /** Whether an operator that denies also holds for a record without the field. */
  readonly orAbsent: boolean;
}

/** The rows of a dialog. Without rows every record fits. */
export interface RuleSet {
  /** Whether all rows must hold, or any of them. */
  readonly mode: 'all' | 'any';
  readonly rules: readonly Rule[];
}

const NO_RULES: RuleSet = { mode: 'all', rules: [] };

const MOST_RULES = 100;
const LONGEST_FIELD = 256;
const LONGEST_VALUE = 8_192;

function isOperator(value: unknown): value is Operator {
  return typeof value === 'string' && Object.hasOwn(OPERATORS, value);
}

/** Whether the operator says what must not be: absent fields do not fit it unless the row says so. */
export function isDenial(operator: Operator): boolean {
  return 'denies' in OPERATORS[operator];
}

/**
 * The rows that a flow keeps, as `{mode, rules}` or as JSON of that; nothing at all stands for no rows. Throws
 * `RULES_MALFORMED` where it is something else, and `RULE_MALFORMED` with the number of the row.
 */
export function parseRuleSet(value: unknown): RuleSet {
  if (value === undefined || value === null || value === '') return NO_RULES;
  const { mode, rules } = asObject(typeof value === 'string' ? parsedJson(value) : value);
  if ((mode !== undefined && mode !== 'all' && mode !== 'any') || (rules !== undefined && !Array.isArray(rules)))
    throw new MonitoringError('RULES_MALFORMED');
  const list: readonly unknown[] = rules ?? [];
  if (list.length > MOST_RULES) throw new MonitoringError('RULES_TOO_MANY', { most: MOST_RULES });
  return { mode: mode ?? 'all', rules: list.map(parseRule) };
}

function parseRule(value: unknown, index: number): Rule {
  const row = index + 1;
  if (typeof value !== 'object' || value === null) throw new MonitoringError('RULE_MALFORMED', { row });
  const { field, operator, value: text, orAbsent } = value as { [key: string]: unknown };
  if (typeof field !== 'string' || field.length > LONGEST_FIELD) throw new MonitoringError('RULE_MALFORMED', { row });
  if (!isOperator(operator)) throw new MonitoringError('RULE_OPERATOR', { row, operator: shown(operator) });
  const typed = text === undefined || text === null ? '' : String(text);
  if (typed.length > LONGEST_VALUE) throw new MonitoringError('RULE_MALFORMED', { row });
  return { field: field.trim(), operator, value: typed, orAbsent: orAbsent === true };
}

function shown(value: unknown): string {
  return String(typeof value === 'string' ? value : JSON.stringify(value)).slice(0, 40);
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new MonitoringError('RULES_MALFORMED');
  }
}

function asObject(value: unknown): { readonly [key: string]: unknown } {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new MonitoringError('RULES_MALFORMED');
  return value as { [key: string]: unknown };
}
