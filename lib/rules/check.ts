import type { ErrorCode } from '../error-codes.ts';
import { MonitoringError } from '../errors.ts';
import { networkTest } from './network.ts';
import { numberFrom, withPoint } from './number-text.ts';
import { OPERATORS, type Rule, type RuleSet } from './rule.ts';

/** A pattern as it is typed: the pattern itself, or `/pattern/i` with flags. */
export interface PatternText {
  readonly source: string;
  readonly flags: string;
}

/** Between slashes, with something behind that can only be meant as flags: `/var/log` is a pattern as it stands. */
const SLASHES = /^\/(.+)\/([dgimsuvy]*)$/s;
const FLAGS = /^[ims]*$/;

/**
 * The pattern of a row. `/…/i` has flags (i, m, s); anything else is the pattern itself, read with Unicode. Undefined for a
 * flag that is not taken: `g` and `y` would skip every second match.
 */
export function parsePattern(text: string): PatternText | undefined {
  const [, source, flags = ''] = SLASHES.exec(text) ?? [];
  if (source === undefined) return { source: text, flags: 'u' };
  if (!FLAGS.test(flags) || new Set(flags).size !== flags.length) return undefined;
  return { source, flags: `u${flags}` };
}

/** The words of a list: `a, b` and `"a, b", c`; blanks around a word do not count. */
export function parseList(text: string): string[] {
  const words: string[] = [];
  for (const [, quoted, plain] of text.matchAll(/\s*(?:"([^"]*)"|([^,]*))\s*(?:,|$)/g)) {
    const word = quoted ?? plain?.trim() ?? '';
    if (word !== '' || quoted !== undefined) words.push(word);
  }
  return words;
}

/** What is wrong with a row, for the reader; undefined where it is sound. `row` is its number. */
export function faultOf(rule: Rule, row: number): MonitoringError | undefined {
  const { field, value } = rule;
  const fault = (code: ErrorCode, more = {}): MonitoringError => new MonitoringError(code, { row, value, ...more });
  if (field === '') return fault('RULE_NO_FIELD');
  switch (OPERATORS[rule.operator].type) {
    case 'number':
      return numberFault(value.trim(), fault);
    case 'network':
      return networkTest(value) === undefined ? fault('RULE_NO_NETWORK') : undefined;
    case 'list':
      return parseList(value).length === 0 ? fault('RULE_NO_VALUE') : undefined;
    case 'pattern':
      return patternFault(value, fault);
    default:
      return undefined;
  }
}

/** What is wrong with the rows; empty where all are sound. */
export function faultsOf({ rules }: RuleSet): MonitoringError[] {
  return rules.flatMap((rule, index) => faultOf(rule, index + 1) ?? []);
}

type Fault = (code: ErrorCode, more?: { readonly [name: string]: string }) => MonitoringError;

function numberFault(value: string, fault: Fault): MonitoringError | undefined {
  if (numberFrom(value) !== undefined) return undefined;
  const proposed = withPoint(value);
  return proposed === undefined ? fault('RULE_NO_NUMBER') : fault('RULE_COMMA', { proposed });
}

function patternFault(value: string, fault: Fault): MonitoringError | undefined {
  if (value === '') return fault('RULE_NO_VALUE');
  const pattern = parsePattern(value);
  if (pattern === undefined) return fault('RULE_NO_PATTERN', { reason: 'flags' });
  try {
    new RegExp(pattern.source, pattern.flags);
    return undefined;
  } catch (error) {
    return fault('RULE_NO_PATTERN', { reason: String((error as Error).message) });
  }
}
