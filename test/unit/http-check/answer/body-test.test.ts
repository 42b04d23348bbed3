import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bodyTestOf, type Outcome, type Testers } from '../../../../nodes/http-check/answer/body-test.ts';
import type { Exchange } from '../../../../nodes/http-check/answer/exchange.ts';
import { type CheckSettings, readSettings } from '../../../../nodes/http-check/settings.ts';
import { mismatchWords } from '../../../support/http-words.ts';

const EXCHANGE: Exchange = { url: 'http://web/', method: 'GET', totalMs: 1, phases: {}, redirects: 0 };

function bodyTest(matchType: string, match: string, testers: Partial<Testers> = {}) {
  const settings = readSettings({ matchType, match: match || 'x' }) as CheckSettings;
  const unused = () => assert.fail('it is not asked');
  const test = bodyTestOf({ ...settings, match }, { matches: unused, evaluate: unused, ...testers });
  return (text: string | undefined, exchange: Exchange) => mismatchWords(test(text, exchange));
}

test('without a test every body is right, also one that is not text', async () => {
  assert.equal(await bodyTest('none', '')(undefined, EXCHANGE), undefined);
});

test('a text is looked for in the body, and a body that is not text is wrong', async () => {
  const contains = bodyTest('contains', 'ok');
  assert.equal(await contains('all ok', EXCHANGE), undefined);
  assert.equal(await contains('bad', EXCHANGE), 'the body does not contain ok');
  assert.equal(await contains(undefined, EXCHANGE), 'the body is not text');
});

test('a pattern fits, does not, or takes too long', async () => {
  const reasons = [true, false, undefined].map((found) =>
    bodyTest('matches', '^v', { matches: () => found })('v1', EXCHANGE),
  );
  assert.deepEqual(await Promise.all(reasons), [undefined, 'the body does not match ^v', '^v: the test took too long']);
});

test('an expression must be exactly true, and says why it could not be told', async () => {
  const reasonOf = (outcome: Outcome, more: Partial<Exchange> = {}) =>
    bodyTest('jsonata', 'a', { evaluate: async () => outcome })('{}', { ...EXCHANGE, ...more });
  assert.equal(await reasonOf({ isTrue: true }), undefined);
  assert.equal(await reasonOf({ isTrue: false }), 'a is not true of the body');
  assert.equal(await reasonOf({ failed: 'late' }), 'a: the test took too long');
  assert.equal(await reasonOf({ failed: 'memory' }), 'a: the test took too much memory');
  assert.match((await reasonOf({ isTrue: true }, { truncated: true })) ?? '', /longer than the limit/);
  assert.equal(await reasonOf({ failed: 'start' }), 'a: the test could not be started');
});

test("the evaluator's words are cut, made visible, and left out where they may quote another origin's body", async () => {
  const evaluate = async (): Promise<Outcome> => ({ failed: 'error', words: `secret\u001b${'x'.repeat(500)}` });
  const reason = await bodyTest('jsonata', 'a', { evaluate })('{}', EXCHANGE);
  assert.match(reason ?? '', /^a: secret\\x1bx{100,193}$/);
  const foreign = await bodyTest('jsonata', 'a', { evaluate })('{}', { ...EXCHANGE, isForeign: true });
  assert.equal(foreign, 'a fails on the body');
});

/** What a test says of a body that goes on behind what was read: nothing, that it is wrong, or that it cannot tell. */
async function ofCut(matchType: string, match: string, text: string, more: Partial<Exchange> = {}): Promise<string> {
  const settings = readSettings({ matchType, match }) as CheckSettings;
  const pattern = new RegExp(match);
  const testers: Testers = { matches: (part) => pattern.test(part), evaluate: async () => ({ isTrue: true }) };
  const mismatch = await bodyTestOf(settings, testers)(text, { ...EXCHANGE, truncated: true, ...more });
  if (mismatch === undefined) return 'right';
  return mismatch.isUndecided === true ? 'undecided' : 'wrong';
}

test('no test passes or fails because the body was cut', async () => {
  const unsearched = { isKeywordFound: false, isUnsearched: true };
  assert.equal(await ofCut('contains', 'end', 'begin', unsearched), 'undecided');
  assert.equal(await ofCut('excludes', 'end', 'begin', unsearched), 'undecided');
  const searched = { isKeywordFound: true, isUnsearched: true };
  assert.equal(await ofCut('contains', 'end', 'begin', searched), 'right');
  assert.equal(await ofCut('excludes', 'end', 'begin', searched), 'wrong');
  assert.equal(await ofCut('contains', 'end', 'begin', { isKeywordFound: false, isUnsearched: false }), 'wrong');
  assert.equal(await ofCut('excludes', 'end', 'begin', { isKeywordFound: false, isUnsearched: false }), 'right');
  assert.equal(await ofCut('matches', 'be', 'begin it'), 'right');
  assert.equal(await ofCut('matches', 'end', 'begin it'), 'undecided');
  assert.equal(await ofCut('matches', '^(?!.*error)', 'begin it'), 'undecided');
  assert.equal(await ofCut('matches', 'it$', 'begin it'), 'undecided');
  assert.equal(await ofCut('matches', '\\bit\\b', 'begin it'), 'undecided', 'the word may go on');
  assert.equal(await ofCut('jsonata', 'true', '{}'), 'undecided');
});
