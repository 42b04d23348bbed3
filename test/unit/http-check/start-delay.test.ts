import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startDelay } from '../../../nodes/http-check/start-delay.ts';

test('startDelay() spreads the starts over a second at most', () => {
  const delays = new Set(Array.from({ length: 200 }, (_, n) => startDelay(`node-${n}-${n * 7919}`, 10_000)));
  assert.ok(delays.size > 100);
  for (const delay of delays) assert.ok(delay >= 0 && delay < 1_000);
});
