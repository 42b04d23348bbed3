import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hasBrowser } from '../support/browser.ts';
import { longestHole, passHours } from '../support/monitoring-day.ts';
import { real } from '../support/real.ts';

test('eight hours of work: the browser’s memory stays flat, and a stop is a hole', {
  ...real('Chromium', hasBrowser),
  timeout: 1_200_000,
}, async (t) => {
  const { heaps, measured, rows } = await passHours(t, { hours: 8, speed: 60 });
  t.diagnostic(`heap in MB: ${heaps.map((bytes) => (bytes / 1e6).toFixed(1)).join(' ')}; ${rows} rows`);
  const [early = 0, late = 0] = [heaps[1], heaps.at(-1)];
  assert.ok(late < early * 1.25, `${early} then ${late}`);
  const hole = longestHole(measured);
  assert.ok(hole >= 25 && hole <= 35, `${hole} minutes`);
  assert.ok(rows <= 500);
});
