import { visible } from '../../../lib/visible.ts';
import type { CheckSettings } from '../settings.ts';
import { textMismatch } from './body-text.ts';
import type { BodyTest } from './result.ts';

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

const FAILURES = {
  late: 'the test took too long',
  memory: 'the test took too much memory',
  size: 'the body is longer than JSONata takes',
  start: 'the test could not be started',
};

/** Characters of the evaluator's words to keep. */
const MOST_WORDS = 200;

function patternMismatch(match: string, found: boolean | undefined): string | undefined {
  if (found === undefined) return `${match}: ${FAILURES.late}`;
  return found ? undefined : `the body does not match ${match}`;
}

function outcomeMismatch(match: string, outcome: Outcome, isForeign: boolean): string | undefined {
  if (!('failed' in outcome)) return outcome.isTrue ? undefined : `${match} is not true of the body`;
  if (outcome.failed !== 'error') return `${match}: ${FAILURES[outcome.failed]}`;
  return isForeign ? `${match} fails on the body` : `${match}: ${visible(outcome.words.slice(0, MOST_WORDS))}`;
}

/** The test of the body that the settings ask for. */
export function bodyTestOf({ matchType, match }: CheckSettings, testers: Testers): BodyTest {
  return async (text, { truncated, isForeign }) => {
    if (matchType === 'none') return undefined;
    if (text === undefined) return 'the body is not text';
    if (matchType === 'matches') return patternMismatch(match, testers.matches(text));
    if (matchType !== 'jsonata') return textMismatch(matchType, match, text);
    if (truncated === true) return 'the body is longer than the limit';
    return outcomeMismatch(match, await testers.evaluate(text), isForeign === true);
  };
}
