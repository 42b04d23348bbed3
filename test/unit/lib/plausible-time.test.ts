import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isPlausibleTime } from '../../../lib/plausible-time.ts';

const NOW = Date.parse('2026-11-24T00:00:00Z');
const HOUR = 3_600_000;

test('a saved time is in the past, or by less than a day ahead of a clock that was set back', () => {
  for (const ms of [0, 1, NOW - HOUR, NOW, NOW + 23 * HOUR]) assert.equal(isPlausibleTime(ms, NOW), true, String(ms));
  for (const ms of [-1, NOW + 25 * HOUR, 1e21, Number.NaN, Number.POSITIVE_INFINITY, '1', null, undefined])
    assert.equal(isPlausibleTime(ms, NOW), false, String(ms));
});

test('a clock that was never set proves nothing against a saved time', () => {
  assert.equal(isPlausibleTime(NOW, 0), true);
  assert.equal(isPlausibleTime(NOW * 100, 0), false);
});
