import { faultsOf, parseList, parsePattern } from './check.ts';
import { networkTest } from './network.ts';
import { numberFrom } from './number-text.ts';
import { isDenial, type Rule, type RuleSet } from './rule.ts';

/** What rows are tried on: the payload of a record. */
export type Fields = { readonly [key: string]: unknown };

/** A user's pattern for somebody else's text; undefined where it takes too long. */
export type PatternTest = (text: string) => boolean | undefined;

export interface CompiledRules {
  /** Whether a record fits. Never throws. */
  matches(record: Fields): boolean;
  /** For each row whether it holds for the record. */
  matchEach(record: Fields): boolean[];
}

export interface CompileOptions {
  /** Makes the test of a pattern; `lib/io/pattern.ts` has one with a time limit. */
  pattern(source: string, flags: string): PatternTest;
}

type Test = (record: Fields) => boolean;

/** Rows as functions. Throws the first fault where a row is not sound: `RULE_…` with its number. */
export function compileRules(ruleSet: RuleSet, options: CompileOptions): CompiledRules {
  const [fault] = faultsOf(ruleSet);
  if (fault !== undefined) throw fault;
  const tests = ruleSet.rules.map((rule) => compileRule(rule, options));
  const matchEach = (record: Fields): boolean[] => tests.map((test) => test(record));
  if (tests.length === 0) return { matches: () => true, matchEach };
  const [only] = tests;
  if (tests.length === 1 && only !== undefined) return { matches: only, matchEach };
  // Loops, not `every` and `some`: this runs for every record.
  const isAny = ruleSet.mode === 'any';
  const matches = (record: Fields): boolean => {
    for (const test of tests) if (test(record) === isAny) return isAny;
    return !isAny;
  };
  return { matches, matchEach };
}

/** The value of a key; a record has no inherited ones. */
export function fieldOf(record: Fields, field: string): unknown {
  return Object.hasOwn(record, field) ? record[field] : undefined;
}

/** Whether the record has the field: empty text is a value, null and undefined are none. */
export function isPresent(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function compileRule(rule: Rule, options: CompileOptions): Test {
  const { field, operator, orAbsent } = rule;
  if (operator === 'is-set') return (record) => isPresent(fieldOf(record, field));
  if (operator === 'is-not-set') return (record) => !isPresent(fieldOf(record, field));
  const test = compileTest(rule, options);
  if (!isDenial(operator)) {
    return (record) => {
      const value = fieldOf(record, field);
      return isPresent(value) && test(value) === true;
    };
  }
  // What cannot be told (a pattern that takes too long, a number that is none) is neither so nor not so.
  return (record) => {
    const value = fieldOf(record, field);
    return isPresent(value) ? test(value) === false : orAbsent;
  };
}

/** The positive test of a row. Undefined where it cannot be told for the value. */
function compileTest({ operator, value }: Rule, options: CompileOptions): (value: unknown) => boolean | undefined {
  switch (operator) {
    case 'is':
    case 'is-not':
      return isText(value);
    case 'is-one-of':
    case 'is-none-of':
      return isOneOf(parseList(value));
    case 'contains':
    case 'contains-not':
      return (found) => asText(found).includes(value);
    case 'starts-with':
      return (found) => asText(found).startsWith(value);
    case 'ends-with':
      return (found) => asText(found).endsWith(value);
    case 'matches':
    case 'matches-not':
      return fitsPattern(value, options);
    case 'in-network':
    case 'not-in-network':
      return isInNetwork(value);
    default:
      return compares(operator as NumberOperator, numberFrom(value.trim()) ?? Number.NaN);
  }
}

/** A value as text. Numbers are written as JavaScript writes them; what is nested is JSON. */
export function asText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object') return String(value);
  try {
    return JSON.stringify(value) ?? '';
  } catch {
    return '';
  }
}

/** Texts are equal as they stand; a number equals every way to write it, so that `154` is `154.0`. */
function isText(wanted: string): (value: unknown) => boolean {
  const number = numberFrom(wanted);
  return (value) => (typeof value === 'number' ? value === number : asText(value) === wanted);
}

function isOneOf(words: readonly string[]): (value: unknown) => boolean {
  const texts = new Set(words);
  const numbers = new Set(words.map(numberFrom));
  return (value) => (typeof value === 'number' ? numbers.has(value) : texts.has(asText(value)));
}

function fitsPattern(value: string, options: CompileOptions): (found: unknown) => boolean | undefined {
  const { source, flags } = parsePattern(value) ?? { source: value, flags: 'u' };
  const test = options.pattern(source, flags);
  return (found) => test(asText(found));
}

function isInNetwork(value: string): (found: unknown) => boolean {
  const test = networkTest(value);
  return (found) => test?.(asText(found)) === true;
}

type NumberOperator = 'equals' | 'equals-not' | 'below' | 'at-most' | 'above' | 'at-least';

const COMPARISONS: { readonly [operator in NumberOperator]: (value: number, limit: number) => boolean } = {
  equals: (value, limit) => value === limit,
  'equals-not': (value, limit) => value === limit,
  below: (value, limit) => value < limit,
  'at-most': (value, limit) => value <= limit,
  above: (value, limit) => value > limit,
  'at-least': (value, limit) => value >= limit,
};

function compares(operator: NumberOperator, limit: number): (value: unknown) => boolean | undefined {
  const holds = COMPARISONS[operator];
  return (value) => {
    const number = numberFrom(value);
    return number === undefined ? undefined : holds(number, limit);
  };
}
