import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StallWatch } from '../../../../nodes/http-check/io/stall-watch.ts';

/** A watch whose clocks stand until they are moved. */
function watchAt() {
  const now = { steady: 1_000, world: 1_700_000_000_000 };
  const watch = new StallWatch({ steady: () => now.steady, world: () => now.world });
  const pass = (steady: number, world = steady): void => {
    now.steady += steady;
    now.world += world;
  };
  return { watch, pass };
}

test('a process that stood still is seen, at once and by each check that was under way', (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const { watch, pass } = watchAt();
  const first = watch.begin();
  pass(100);
  t.mock.timers.tick(100);
  assert.deepEqual(first.stall(), { heldMs: 0, sleptMs: 0 });
  pass(5_100);
  const second = watch.begin();
  assert.deepEqual([first.stall().heldMs, second.stall().heldMs], [5_000, 0]);
  pass(50);
  assert.deepEqual(first.stall(), { heldMs: 5_000, sleptMs: 0 });
  first.end();
  second.end();
});

test('a host that slept is seen by its two clocks, and a clock that is set back is none', () => {
  const { watch, pass } = watchAt();
  const check = watch.begin();
  pass(100, 3_600_100);
  assert.deepEqual(check.stall(), { heldMs: 0, sleptMs: 3_600_000 });
  pass(100, -3_600_000);
  assert.deepEqual(check.stall(), { heldMs: 0, sleptMs: 3_600_000 });
  check.end();
});

test('what was while nobody looked is no stall, and no timer runs then', (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const { watch, pass } = watchAt();
  watch.begin().end();
  pass(60_000);
  const check = watch.begin();
  assert.deepEqual(check.stall(), { heldMs: 0, sleptMs: 0 });
  check.end();
});
