// Risk: the disk is full, or the buffer is at a bound that was set for it.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { firstArrivals, openDelivery } from '../../support/delivery.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { receiveTcp } from '../../support/graylog.ts';
import { gap } from '../../support/pace.ts';
import { freePort } from '../../support/ports.ts';
import { real } from '../../support/real.ts';
import { canMount, mountSmallDisk, resizeDisk } from '../../support/small-disk.ts';
import { range, storeBatches } from '../../support/stored-messages.ts';
import { until } from '../../support/until.ts';

const MEGABYTES = 4;
const HOUR_MS = 3_600_000;

const tmpfs = real('right to mount a tmpfs', canMount);

test('a full disk: memory takes over, what is lost is counted exactly, and the disk is used when it has room again', {
  ...tmpfs,
  timeout: 120_000,
}, async (t) => {
  const userDir = mountSmallDisk(`${MEGABYTES}m`);
  const port = await freePort();
  const { delivery, ship, storage } = openDelivery(t, {
    url: `tcp://127.0.0.1:${port}`,
    userDir,
    config: { bufferMegabytes: '2' },
  });
  // Some 10 MB for a disk of 4 and a memory of 2.
  const total = 20_000;
  for (const n of range(0, total)) {
    // What the store cannot compress.
    const fields = { host: 'test', timestamp: 1_795_000_000, level: 6, n, noise: randomBytes(300).toString('base64') };
    delivery.shipFields({ short_message: `${n}`, ...fields }, undefined, () => undefined);
    if (n % 100 === 0) await gap(5);
  }
  await until(() => storage.includes('failed'));
  // Also what lies on the disk that cannot be opened now waits.
  const { counters, summary } = delivery;
  assert.ok(summary.buffered > 0);
  assert.equal(summary.buffered + counters.dropped, counters.received);
  resizeDisk(userDir, '64m');
  await until(
    () => storage.at(-1) === 'kept',
    30_000,
    () => `kept after ${storage}`,
  );
  const receiver = await receiveTcp(t, { port });
  await ship(total, total + 100);
  await receiver.until((all) => all.some(({ _n }) => _n === total + 99), 30_000);
  await until(() => delivery.summary.buffered === 0);
  const arrived = firstArrivals(receiver.documents);
  const { received, dropped } = delivery.counters;
  assert.ok(dropped > 0);
  assert.equal(received, total + 100);
  assert.equal(arrived.length + dropped, received);
  assert.deepEqual(
    arrived,
    [...arrived].sort((a, b) => a - b),
  );
  assert.deepEqual(receiver.faults, []);
});

for (const overflow of ['oldest', 'newest'] as const) {
  test(`a full buffer on disk drops the ${overflow} and counts them`, async (t) => {
    const userDir = temporaryFolder();
    const port = await freePort();
    const { delivery } = openDelivery(t, {
      url: `tcp://127.0.0.1:${port}`,
      userDir,
      config: { diskMegabytes: '2', overflow },
    });
    let settled = 0;
    for (const n of range(0, 15_000)) {
      const fields = { host: 'test', timestamp: 1_795_000_000, level: 6, n, padding: 'x'.repeat(220) };
      delivery.shipFields({ short_message: `${n}`, ...fields }, undefined, () => {
        settled += 1;
      });
      // A thousand each time is on disk, or dropped, before the next come.
      if (n % 1_000 === 999) await until(() => settled > n);
    }
    await until(() => delivery.counters.dropped > 0);
    const receiver = await receiveTcp(t, { port });
    await until(() => delivery.summary.buffered === 0 && receiver.documents.length > 0);
    const { dropped } = delivery.counters;
    await receiver.until((all) => all.length >= 15_000 - dropped);
    const arrived = firstArrivals(receiver.documents);
    assert.equal(arrived.length + dropped, 15_000);
    const expected = overflow === 'oldest' ? range(dropped, 15_000) : range(0, 15_000 - dropped);
    if (overflow === 'oldest') assert.deepEqual(arrived, expected);
    else assert.deepEqual(arrived.slice(0, 4_000), expected.slice(0, 4_000));
  });
}

test('what is older than the bound is dropped and counted, what is younger arrives', async (t) => {
  const userDir = temporaryFolder();
  const port = await freePort();
  const url = `tcp://127.0.0.1:${port}`;
  const config = { maxAgeHours: '1' };
  await storeBatches(userDir, [range(0, 100)], Date.now() - 2 * HOUR_MS);
  const { delivery, ship } = openDelivery(t, { url, userDir, config });
  await ship(100, 200);
  await until(() => delivery.counters.dropped === 100);
  const receiver = await receiveTcp(t, { port });
  await receiver.until((all) => all.length >= 100);
  assert.deepEqual(firstArrivals(receiver.documents), range(100, 200));
});
