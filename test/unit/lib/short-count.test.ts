import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shortCount } from '../../../lib/short-count.ts';

test('a count has at most five characters, and is never rounded up', () => {
  const counts: [number, string][] = [
    [0, '0'],
    [9_999, '9,999'],
    [10_000, '10k'],
    [12_399, '12.3k'],
    [999_999, '999k'],
    [1_250_000, '1.2M'],
    [123_456_789_012, '123G'],
  ];
  for (const [count, text] of counts) assert.equal(shortCount(count), text);
  for (let count = 1; count < 1e15; count = count * 7 + 3) assert.ok(shortCount(count).length <= 5, shortCount(count));
});
