import assert from 'node:assert/strict';
import { test } from 'node:test';
import { phaseOf } from '../../../lib/phase.ts';

test('a host has its own phase, between a quarter of the interval and five quarters', () => {
  assert.equal(phaseOf('web-1', 60_000), phaseOf('web-1', 60_000));
  assert.notEqual(phaseOf('web-1', 60_000), phaseOf('web-2', 60_000));
  for (let n = 0; n < 1_000; n += 1) {
    const phase = phaseOf(`host-${n}`, 1_000);
    assert.ok(phase >= 250 && phase <= 1_250, `${phase}`);
  }
});

test('a thousand hosts are evenly apart', () => {
  const tenths = Array.from({ length: 10 }, () => 0);
  for (let n = 0; n < 1_000; n += 1) {
    const tenth = Math.floor((phaseOf(`ip-10-0-${n >> 8}-${n & 255}`, 60_000) % 60_000) / 6_000);
    tenths[tenth] = (tenths[tenth] ?? 0) + 1;
  }
  assert.ok(Math.max(...tenths) < 150, `${tenths}`);
});
