import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shortSpanText, spanText } from '../../../lib/duration.ts';

test('spanText() names the two largest units, from minutes to days', () => {
  const texts = [0, 59, 60, 3_599, 3_600, 11_520, 86_399, 86_400, 4_673_280].map(spanText);
  const expected = [
    '0 min',
    '0 min',
    '1 min',
    '59 min',
    '1 h 0 min',
    '3 h 12 min',
    '23 h 59 min',
    '1 d 0 h',
    '54 d 2 h',
  ];
  assert.deepEqual(texts, expected);
});

test('shortSpanText() has seconds where there is less than a minute', () => {
  assert.deepEqual([0.4, 40.9, 59.9, 60].map(shortSpanText), ['0 s', '40 s', '59 s', '1 min']);
});
