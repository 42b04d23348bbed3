import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DrainRamp } from '../../../nodes/graylog-server/drain-ramp.ts';

/** Bytes that leave in each second, in batches of 64 KiB. */
function drained(seconds: number): number[] {
  const ramp = new DrainRamp(1_000);
  const perSecond = Array.from({ length: seconds }, () => 0);
  for (let nowMs = 1_000; nowMs < 1_000 + seconds * 1_000; nowMs += 1) {
    if ((ramp.waitMs(nowMs) ?? 1) > 0) continue;
    ramp.sent(65_536);
    const second = Math.floor((nowMs - 1_000) / 1_000);
    perSecond[second] = (perSecond[second] ?? 0) + 65_536;
  }
  return perSecond;
}

test('a buffer drains slowly at first, and about twice as fast every second', () => {
  const [first = 0, ...more] = drained(5);
  assert.ok(first >= 900_000 && first <= 1_100_000, `${first}`);
  more.reduce((before, now, n) => {
    const grown = now / before;
    assert.ok(n === 0 || (grown > 1.8 && grown < 2.2), `${more}`);
    return now;
  }, first);
});

test('what most hosts have goes at once, and after eight seconds nothing is held back', () => {
  const ramp = new DrainRamp(0);
  ramp.sent(262_144);
  assert.equal(ramp.waitMs(0), 0);
  ramp.sent(1e12);
  assert.equal(ramp.waitMs(1_000), 7_000);
  assert.equal(ramp.waitMs(8_000), undefined);
});
