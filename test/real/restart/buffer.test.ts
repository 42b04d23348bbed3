// Risk: what waited for a server before a restart is lost, repeated or overtaken after it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { firstArrivals, hasAll, openDelivery } from '../../support/delivery.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { receiveTcp } from '../../support/graylog.ts';
import { freePort } from '../../support/ports.ts';
import { range } from '../../support/stored-messages.ts';
import { until } from '../../support/until.ts';

test('what waits on disk and in memory arrives in order after each of three restarts', async (t) => {
  const userDir = temporaryFolder();
  const port = await freePort();
  for (const run of range(0, 3)) {
    const { delivery, ship, refused } = openDelivery(t, { url: `tcp://127.0.0.1:${port}`, userDir });
    await ship(run * 5_000, (run + 1) * 5_000);
    assert.equal(await delivery.close(), 0);
    assert.deepEqual(refused, []);
  }
  const receiver = await receiveTcp(t, { port });
  // Over one connection: what is read from two at the same time has no order.
  const config = { confirmSeconds: '0' };
  const { delivery, ship } = openDelivery(t, { url: `tcp://127.0.0.1:${port}`, userDir, config });
  await ship(15_000, 20_000);
  await receiver.until((all) => hasAll(all, 20_000));
  assert.deepEqual(firstArrivals(receiver.documents), range(0, 20_000));
  assert.equal(receiver.documents.length, 20_000, 'nothing twice after restarts in good order');
  await until(() => delivery.counters.sent === 20_000);
  assert.deepEqual(delivery.counters, { received: 20_000, sent: 20_000, dropped: 0, retried: 0 });
  await until(() => delivery.summary.buffered === 0);
});

test('what comes while the disk is read follows what was on it, in order', async (t) => {
  const userDir = temporaryFolder();
  const port = await freePort();
  const before = openDelivery(t, { url: `tcp://127.0.0.1:${port}`, userDir });
  await before.ship(0, 5_000);
  assert.equal(await before.delivery.close(), 0);
  const receiver = await receiveTcp(t, { port });
  // Over one connection, as above.
  const config = { confirmSeconds: '0' };
  const { delivery, ship } = openDelivery(t, { url: `tcp://127.0.0.1:${port}`, userDir, config });
  await ship(5_000, 40_000, 20);
  await receiver.until((all) => hasAll(all, 40_000));
  assert.deepEqual(
    receiver.documents.map(({ _n }) => _n),
    range(0, 40_000),
  );
  await until(() => delivery.summary.buffered === 0);
});
