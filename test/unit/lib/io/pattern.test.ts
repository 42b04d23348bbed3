import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TimedPattern } from '../../../../lib/io/pattern.ts';
import { cpuMsOf } from '../../../support/cpu-time.ts';

/** How often a batch is tested. */
const TRIES = 3;

/** Pairs of what a user may write and a text that was made for it. */
const HOSTILE: readonly (readonly [source: string, text: string])[] = [
  ['^(\\w+\\s?)+:', `${'a'.repeat(48)}!`],
  ['^(a|a)*$', `${'a'.repeat(60)}!`],
  ['^(([a-z])+.)+[A-Z]([a-z])+$', 'a'.repeat(60)],
  ['(x+x+)+y', 'x'.repeat(60)],
  ['(.*a){20}$', `${'a'.repeat(100)}!`],
  ['\\s+\\s+\\s+\\s+$', `${' '.repeat(4000)}x`],
  ['.*a.*b.*c.*d', 'abc'.repeat(1300)],
  ['^(?=(a+)+b)', 'a'.repeat(60)],
  ['(?<=(a+)+b)$', 'a'.repeat(60)],
  ['^(a+)+\\1b', 'a'.repeat(60)],
  ['^(?:[0-9a-f]{2}:?)*$', `${'ab'.repeat(60)}!`.repeat(2)],
];

for (const [source, text] of HOSTILE) {
  test(`a batch with a text made for ${source} ends at once, and the other texts are tested`, () => {
    const plain = ['', '-'].map((other) => new RegExp(source, 'u').test(other));
    const batches: (boolean | undefined)[][] = [];
    // The time limits are those of the clock: a busy machine may spend one while nothing of this process runs.
    const tookMs = cpuMsOf(() => {
      for (let n = 0; n < TRIES; n++) batches.push(new TimedPattern(source).testAll(['', text, '-']));
    });
    assert.ok(
      batches.some(([first, , last]) => first === plain[0] && last === plain[1]),
      JSON.stringify(batches),
    );
    assert.ok(tookMs < TRIES * 250, `${tookMs} ms of CPU for ${TRIES} batches`);
  });
}

test('a text that is too slow is neither a match nor none', () => {
  assert.equal(new TimedPattern('^(\\w+\\s?)+:').test(`${'a'.repeat(48)}!`), undefined);
});

test('a flood of slow texts takes a small share of all time', () => {
  const pattern = new TimedPattern('^(\\w+\\s?)+:');
  const flood = Array.from({ length: 1_000 }, () => `${'a'.repeat(48)}!`);
  const beganMs = performance.now();
  const tookMs = cpuMsOf(() => {
    for (let batch = 0; batch < 200; batch++) pattern.testAll(flood);
  });
  // A tenth of the time that goes by, however long others make it, after what may be saved up and owed.
  const mostMs = 600 + (performance.now() - beganMs) / 10;
  assert.ok(tookMs < mostMs, `${tookMs} ms for 200,000 slow texts, of ${mostMs}`);
});

test('a pattern without a bound gives what the plain one gives', () => {
  const texts = ['name: text', '  at foo', 'a b c: d', '', ':'];
  assert.deepEqual(
    new TimedPattern('^(\\w+\\s?)+:').testAll(texts),
    texts.map((text) => /^(\w+\s?)+:/u.test(text)),
  );
});

test('only the beginning of a text is tested', () => {
  assert.equal(new TimedPattern('b').test(`${'a'.repeat(4_096)}b`), false);
  assert.equal(new TimedPattern('b', { mostCharacters: 5_000 }).test(`${'a'.repeat(4_096)}b`), true);
});

test('a pattern with a state gives the same twice', () => {
  const pattern = new TimedPattern('a', { flags: 'gy' });
  assert.deepEqual([pattern.test('a'), pattern.test('a')], [true, true]);
});

test('what is no pattern is a SyntaxError', () => {
  assert.throws(() => new TimedPattern('('), SyntaxError);
});
