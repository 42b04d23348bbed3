// Risk: a batch on disk has changed, and is still a document that Graylog would take.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ClassicLevel } from 'classic-level';
import { hasAll, openDelivery } from '../../support/delivery.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { receiveTcp } from '../../support/graylog.ts';
import { range, storeBatches, storePath } from '../../support/stored-messages.ts';
import { until } from '../../support/until.ts';

const BATCHES = 5;
const BATCH = 20;

function numbersOf(batch: number): number[] {
  return range(batch * BATCH, (batch + 1) * BATCH);
}

/** Writes the batches as the buffer does, then changes one character of one of them behind its back. */
async function storeWithDamage(userDir: string, damaged: number): Promise<void> {
  await storeBatches(userDir, range(0, BATCHES).map(numbersOf));
  const level = new ClassicLevel(storePath(userDir));
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
    const kept = range(0, BATCHES)
      .filter((batch) => batch !== damaged)
      .flatMap(numbersOf);
    const expected = [...kept, ...range(total, total + 10)];
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
