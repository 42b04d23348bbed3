import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { SampleReader } from '../../../nodes/alert/sample.ts';

const NOW_MS = Date.UTC(2200, 0, 1);
const samples = new SampleReader();
const timeOf = (time: unknown): number => samples.sampleOf({ time }, NOW_MS).timeMs;

test('the time of a record is the one that JavaScript reads, on every day', () => {
  const date = fc.date({ min: new Date(0), max: new Date(NOW_MS), noInvalidDate: true });
  fc.assert(
    fc.property(date, (when) => assert.equal(timeOf(when.toISOString()), when.getTime())),
    { numRuns: 2_000 },
  );
  for (let ms = 0; ms < NOW_MS; ms += 86_400_000 * 17) assert.equal(timeOf(new Date(ms).toISOString()), ms);
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
    assert.equal(timeOf(time), Number.isNaN(ms) ? NOW_MS : ms);
  });
}

test('a time right after another one of its minute is read as any other', () => {
  const minute = '2026-01-01T07:44:';
  const end = fc.oneof(
    fc.stringMatching(/^[0-9]{2}\.[0-9]{3}Z$/),
    fc.stringMatching(/^[0-9a.:Z+-]{7}$/),
    fc.constantFrom('26.05aZ', '26:050Z', '60.000Z', '26.050z', '26.050'),
  );
  fc.assert(
    fc.property(end, (text) => {
      timeOf(`${minute}00.000Z`);
      assert.equal(timeOf(minute + text), new SampleReader().sampleOf({ time: minute + text }, NOW_MS).timeMs);
    }),
    { numRuns: 2_000 },
  );
});
