// Risk: the server answers, and takes nothing: 401, 404, 413, 500.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inOrder } from '../../support/arrivals.ts';
import { hasAll, openDelivery } from '../../support/delivery.ts';
import { explained } from '../../support/explained.ts';
import { receiveHttp } from '../../support/graylog.ts';
import { until } from '../../support/until.ts';

for (const [status, says] of [
  [401, /401/],
  [404, /404/],
  [500, /500/],
] as const) {
  test(`HTTP ${status} keeps the messages and says so once; they arrive when it answers 202`, async (t) => {
    let answer: number | undefined = status;
    const receiver = await receiveHttp(t, { answer: () => answer });
    const { ship, states } = openDelivery(t, { url: `http://127.0.0.1:${receiver.port}` });
    await ship(0, 100);
    await until(() => states.some(({ state }) => state === 'away'));
    assert.match(explained(states.find(({ state }) => state === 'away')?.error), says);
    answer = undefined;
    await receiver.until((all) => hasAll(all, 100), 30_000);
    inOrder([receiver], 100);
    assert.equal(states.filter(({ state }) => state === 'away').length, 1);
  });
}

test('HTTP 413 to a bulk body splits it; a single message that is too large is refused and counted', async (t) => {
  let limit = 2_000;
  const receiver = await receiveHttp(t, {
    bulk: true,
    answer: (_path, headers) => (Number(headers['content-length']) > limit ? 413 : undefined),
  });
  const { ship, delivery, refused } = openDelivery(t, {
    url: `http://127.0.0.1:${receiver.port}`,
    config: { bulk: true },
  });
  await ship(0, 50);
  await receiver.until((all) => hasAll(all, 50));
  inOrder([receiver], 50);
  limit = 300;
  await ship(50, 51);
  await until(() => delivery.counters.dropped > 0);
  assert.equal(delivery.counters.dropped, 1);
  assert.deepEqual(refused, [50]);
});
