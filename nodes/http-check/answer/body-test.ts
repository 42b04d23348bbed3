import type { Arguments } from '../../../lib/status.ts';
import { visible } from '../../../lib/visible.ts';
import type { CheckSettings } from '../settings.ts';
import type { Exchange } from './exchange.ts';
import type { BodyTest, Mismatch } from './result.ts';

/** What came of an expression: whether it is exactly true of the body, or why it could not be told. */
export type Outcome =
  | { isTrue: boolean }
  | { failed: 'late' | 'memory' | 'size' | 'start' }
  /** The evaluator's own words, which may quote the body. */
  | { failed: 'error'; words: string };

/** What tests a text by the user's expressions, and comes back within a time limit whatever expression and text are. */
export interface Testers {
  /** Whether the text fits the pattern; undefined where that cannot be told in time. */
  matches(text: string): boolean | undefined;
  evaluate(text: string): Promise<Outcome>;
}

/** Characters of the evaluator's words to keep. */
const MOST_WORDS = 200;
/** What looks beyond a match: of a body that was cut it may say something else than of the whole. */
const LOOKS_AHEAD = /\(\?[=!]|\$/;

function keywordMismatch(
  type: 'contains' | 'excludes',
  match: string,
  text: string | undefined,
  { isKeywordFound, isUnsearched }: Exchange,
): Mismatch | undefined {
  const isFound = isKeywordFound ?? text?.includes(match) ?? false;
  if (isFound) return type === 'contains' ? undefined : { key: 'contains', args: { match } };
  if (text === undefined) return { key: 'notText' };
  if (isUnsearched === true) return { key: 'cut', isUndecided: true };
  return type === 'contains' ? { key: 'containsNot', args: { match } } : undefined;
}

/** Of a text that was cut: its last word may go on. */
function withoutLastWord(text: string): string {
  let end = text.length;
  while (end > 0 && /\w/.test(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}

function patternMismatch(match: string, text: string, testers: Testers, isCut: boolean): Mismatch | undefined {
  if (isCut && LOOKS_AHEAD.test(match)) return { key: 'cut', isUndecided: true };
  const found = testers.matches(isCut ? withoutLastWord(text) : text);
  if (found === undefined) return { key: 'late', args: { match } };
  if (found) return undefined;
  return isCut ? { key: 'cut', isUndecided: true } : { key: 'matchesNot', args: { match } };
}

function outcomeMismatch(match: string, outcome: Outcome, isForeign: boolean): Mismatch | undefined {
  const args: Arguments = { match };
  if (!('failed' in outcome)) return outcome.isTrue ? undefined : { key: 'isNotTrue', args };
  if (outcome.failed === 'start') return { key: 'start', args, isUndecided: true };
  if (outcome.failed !== 'error') return { key: outcome.failed, args };
  if (isForeign) return { key: 'fails', args };
  return { key: 'failsWith', args: { match, words: visible(outcome.words.slice(0, MOST_WORDS)) } };
}

/**
 * The test of the body that the settings ask for. It neither passes nor fails because the body is longer than what was
 * read of it: then it is undecided.
 */
export function bodyTestOf({ matchType, match }: CheckSettings, testers: Testers): BodyTest {
  return async (text, exchange) => {
    if (matchType === 'none' || matchType === 'unread') return undefined;
    if (matchType === 'contains' || matchType === 'excludes') return keywordMismatch(matchType, match, text, exchange);
    if (text === undefined) return { key: 'notText' };
    const isCut = exchange.truncated === true;
    if (matchType === 'matches') return patternMismatch(match, text, testers, isCut);
    if (isCut) return { key: 'cut', isUndecided: true };
    return outcomeMismatch(match, await testers.evaluate(text), exchange.isForeign === true);
  };
}
