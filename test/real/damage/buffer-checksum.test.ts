// Risk: a batch on disk has changed, and is still a document that Graylog would take.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { ClassicLevel } from 'classic-level';
import { Store } from '../../../nodes/graylog-server/io/buffer/store.ts';
import { hasAll, openDelivery } from '../../support/delivery.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { receiveTcp } from '../../support/graylog.ts';
import { until } from '../../support/until.ts';

const BATCHES = 5;
const BATCH = 20;

function text(n: number): string {
  return JSON.stringify({
    version: '1.1',
    host: 'test',
    short_message: `${n}`,
    timestamp: 1_795_000_000,
    level: 6,
    _n: n,
  });
}

function numbersOf(batch: number): number[] {
  return Array.from({ length: BATCH }, (_, i) => batch * BATCH + i);
}

/** Writes the batches as the buffer does, then changes one character of one of them behind its back. */
async function storeWithDamage(userDir: string, damaged: number): Promise<void> {
  const path = join(userDir, 'infra-monitoring/buffer-test-main');
  const unexpected = (): never => assert.fail('a new store has no damage');
  const store = await Store.open(path, { setAside: unexpected, partlyLost: unexpected });
  for (let batch = 0; batch < BATCHES; batch += 1) await store.append(numbersOf(batch).map(text), Date.now());
  await store.close();
  const level = new ClassicLevel(path);
  const key = (await level.keys().all())[damaged] as string;
  const value = (await level.get(key)) as string;
  // Still JSON, still a document that Graylog takes: only the checksum can tell.
  await level.put(key, value.replace('"test"', '"tent"'));
  await level.close();
}

for (const [place, damaged] of [
  ['first', 0],
  ['one in the middle', 2],
  ['last', BATCHES - 1],
] as const) {
  test(`a stored batch with a wrong checksum, the ${place}, is said and counted as dropped; the others arrive`, async (t) => {
    const userDir = temporaryFolder();
    await storeWithDamage(userDir, damaged);
    const receiver = await receiveTcp(t);
    const { delivery, storage, ship } = openDelivery(t, { url: `tcp://127.0.0.1:${receiver.port}`, userDir });
    // What comes after the restart does not overtake what was stored.
    const total = BATCHES * BATCH;
    await ship(total, total + 10);
    const kept = [0, 1, 2, 3, 4].filter((batch) => batch !== damaged).flatMap(numbersOf);
    const expected = [...kept, ...Array.from({ length: 10 }, (_, i) => total + i)];
    await receiver.until((all) => hasAll(all, expected.length));
    await until(() => delivery.counters.sent === expected.length);
    assert.deepEqual(
      receiver.documents.map(({ _n }) => _n),
      expected,
    );
    assert.deepEqual(storage, ['partlyLost']);
    assert.deepEqual(delivery.counters, { received: 10, sent: expected.length, dropped: BATCH, retried: 0 });
    assert.equal(delivery.summary.buffered, 0);
    assert.deepEqual(receiver.faults, []);
    await delivery.close();
    // The damaged batch is gone from the disk: it would be counted again after every restart.
    const again = openDelivery(t, { url: `tcp://127.0.0.1:${receiver.port}`, userDir });
    await again.ship(total + 10, total + 11);
    await receiver.until((all) => all.some(({ _n }) => _n === total + 10));
    assert.equal(again.delivery.counters.dropped, BATCH);
    assert.deepEqual(again.storage, []);
  });
}
