import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isPlausibleStamp, nanosOfMs, notAhead, parseSavedNanos } from '../../../../lib/docker/saved-time.ts';

const NOW_MS = Date.parse('2026-11-24T00:00:00Z');
const NOW = nanosOfMs(NOW_MS);

test('parseSavedNanos() takes digits of a time that has come, and nothing else', () => {
  for (const nanos of ['0', '1', NOW]) assert.equal(parseSavedNanos(nanos, NOW_MS), nanos);
  for (const odd of ['01', '', '-1', '1.5', 'now', '4102444800000000000', '9'.repeat(40), 1, null])
    assert.equal(parseSavedNanos(odd, NOW_MS), undefined, String(odd));
});

test('isPlausibleStamp() takes the stamp of a line in UTC with nine decimals', () => {
  assert.equal(isPlausibleStamp('2026-11-23T18:00:00.000000001Z', NOW_MS), true);
  for (const odd of ['2026-11-23T18:00:00Z', '2099-11-23T18:00:00.000000001Z', '2026-99-23T18:00:00.000000001Z', 7])
    assert.equal(isPlausibleStamp(odd, NOW_MS), false, String(odd));
});

test('notAhead() reads from a day before, where the clock of the engine was set back', () => {
  assert.equal(notAhead('0', NOW), '0');
  assert.equal(notAhead(nanosOfMs(NOW_MS + 30_000), NOW), nanosOfMs(NOW_MS + 30_000));
  assert.equal(notAhead(nanosOfMs(NOW_MS + 7_200_000), NOW), nanosOfMs(NOW_MS - 86_400_000));
});
