import assert from 'node:assert/strict';
import { firstArrivals } from './delivery.ts';
import type { Receiver } from './graylog.ts';

/** Numbers 0 to `count` (without it) arrived, first arrivals in order, and no rule of GELF was broken. */
export function inOrder(receivers: readonly Receiver[], count: number): void {
  const arrivals = firstArrivals(receivers.flatMap(({ documents }) => documents));
  assert.equal(arrivals.length, count);
  assert.deepEqual(
    arrivals,
    Array.from({ length: count }, (_, n) => n),
  );
  for (const { faults } of receivers) assert.deepEqual(faults, []);
}
