// Risk: two use one buffer on disk at the same time.

import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { hasAll, openDelivery } from '../../support/delivery.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { receiveTcp } from '../../support/graylog.ts';
import { freePort } from '../../support/ports.ts';
import { range, startWriter } from '../../support/stored-messages.ts';
import { until } from '../../support/until.ts';

test('the second to open a store in one process runs in memory and says so; the first loses nothing', async (t) => {
  const userDir = temporaryFolder();
  const port = await freePort();
  const url = `tcp://127.0.0.1:${port}`;
  const first = openDelivery(t, { url, userDir });
  await first.ship(0, 1_000);
  await until(() => readdirSync(join(userDir, 'infra-monitoring')).includes('buffer-test-main'));
  const second = openDelivery(t, { url, userDir });
  await second.ship(1_000, 2_000);
  await until(() => second.storage.includes('locked'));
  const receiver = await receiveTcp(t, { port });
  await receiver.until((all) => hasAll(all, 2_000));
  const numbers = receiver.documents.map(({ _n }) => Number(_n));
  assert.deepEqual(
    numbers.filter((n) => n < 1_000),
    range(0, 1_000),
  );
  assert.deepEqual(
    numbers.filter((n) => n >= 1_000),
    range(1_000, 2_000),
  );
  assert.deepEqual(first.storage, []);
});

test('the second process to open a store runs in memory and says so', { timeout: 60_000 }, async (t) => {
  const userDir = temporaryFolder();
  const port = await freePort();
  const first = startWriter(t, userDir, port);
  await until(() => first.kept.length > 1_000, 30_000);
  const second = openDelivery(t, { url: `tcp://127.0.0.1:${port}`, userDir });
  await second.ship(5_000_000, 5_001_000);
  await until(() => second.storage.includes('locked'));
  await first.kill();
  const kept = new Set(first.kept);
  const receiver = await receiveTcp(t, { port });
  // Five seconds later the second takes the store over.
  await receiver.until((all) => {
    if (all.length < kept.size) return false;
    const there = new Set(all.map(({ _n }) => Number(_n)));
    return [...kept].every((n) => there.has(n)) && there.has(5_000_999);
  }, 30_000);
  assert.deepEqual(receiver.faults, []);
});
