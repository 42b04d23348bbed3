import assert from 'node:assert/strict';
import { test } from 'node:test';
import { patternCost } from '../../../lib/pattern-cost.ts';

const BOUNDED: readonly (readonly [source: string, degree: number, mostFactor: number])[] = [
  ['^\\d{4}-\\d\\d-\\d\\d', 0, 20],
  ['^\\S', 0, 2],
  ['^\\[?\\d{4}', 0, 20],
  ['^\\s+at ', 1, 10],
  ['\\d{4}-', 1, 20],
  ['^(INFO|WARN|ERROR)', 1, 200],
  ['^\\s*\\S+Exception', 2, 20],
  ['^(?!\\s)', 0, 5],
  ['^(?<level>[A-Z]+)\\b', 1, 10],
  ['^[\\]a|*+]x', 1, 10],
  ['a{2,}$', 2, 20],
  ['^a{1,3}', 0, 30],
  ['^\\u{1F600}\\x41\\p{L}', 0, 10],
  ['', 1, 1],
];

for (const [source, degree, mostFactor] of BOUNDED) {
  test(`patternCost() of ${source} grows with the length to the power of ${degree}`, () => {
    const cost = patternCost(source, 'u');
    assert.equal(cost?.degree, degree);
    assert.ok(cost.factor <= mostFactor, `factor ${cost.factor}`);
  });
}

for (const source of [
  '^(\\w+\\s?)+:',
  '(a|a)*b',
  '(?:a+)+',
  '(?:ab)?',
  '(a+)\\1',
  '(?<n>a+)\\k<n>',
  '(?=(a+)+)b',
  '(a){2,}',
  '(?i:a)',
]) {
  test(`patternCost() gives no bound for ${source}`, () => {
    assert.equal(patternCost(source), undefined);
  });
}

test('patternCost() counts a pattern with the flag m as beginning at every line', () => {
  assert.equal(patternCost('^a', 'm')?.degree, 1);
});

test('patternCost() does not read nested classes', () => {
  assert.equal(patternCost('[[a]b]', 'v'), undefined);
});
