// Risk: kill -9 of the process while it writes messages to disk.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { firstArrivals, openDelivery } from '../../support/delivery.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { receiveTcp } from '../../support/graylog.ts';
import { freePort } from '../../support/ports.ts';
import { range, startWriter } from '../../support/stored-messages.ts';
import { until } from '../../support/until.ts';

test('nothing that a killed process was told is kept is lost, and the order holds', { timeout: 120_000 }, async (t) => {
  const userDir = temporaryFolder();
  const port = await freePort();
  const kept = new Set<number>();
  let from = 0;
  for (const run of range(0, 5)) {
    const writer = startWriter(t, userDir, port, from);
    await until(() => writer.kept.length > 2_000 * (run + 1), 30_000);
    await writer.kill();
    for (const n of writer.kept) kept.add(n);
    from = 1_000_000 * (run + 1);
  }
  const receiver = await receiveTcp(t, { port });
  openDelivery(t, { url: `tcp://127.0.0.1:${port}`, userDir });
  await receiver.until((all) => {
    if (all.length < kept.size) return false;
    const there = new Set(all.map(({ _n }) => _n));
    return [...kept].every((n) => there.has(n));
  });
  const arrivals = firstArrivals(receiver.documents);
  assert.deepEqual(
    arrivals,
    [...arrivals].sort((a, b) => a - b),
  );
  assert.deepEqual(receiver.faults, []);
});
