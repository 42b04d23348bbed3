import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { sampleOf } from '../../../nodes/alert/sample.ts';

const NOW_MS = Date.UTC(2200, 0, 1);

test('the time of a record is the one that JavaScript reads, on every day', () => {
  const date = fc.date({ min: new Date(0), max: new Date(NOW_MS), noInvalidDate: true });
  fc.assert(
    fc.property(date, (when) => assert.equal(sampleOf({ time: when.toISOString() }, NOW_MS).timeMs, when.getTime())),
    { numRuns: 2_000 },
  );
  for (let ms = 0; ms < NOW_MS; ms += 86_400_000 * 17)
    assert.equal(sampleOf({ time: new Date(ms).toISOString() }, NOW_MS).timeMs, ms);
});

for (const time of [
  '2026-02-30T00:00:00.000Z',
  '2026-13-01T00:00:00.000Z',
  '2026-01-01T24:00:01.000Z',
  'yesterday',
  7,
]) {
  test(`${time} is what JavaScript makes of it, else no time`, () => {
    const ms = typeof time === 'string' ? Date.parse(time) : Number.NaN;
    assert.equal(sampleOf({ time }, NOW_MS).timeMs, Number.isNaN(ms) ? NOW_MS : ms);
  });
}
