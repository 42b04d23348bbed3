// Risk: the disk on which the records themselves are kept is full.

import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openDelivery } from '../../support/delivery.ts';
import { real } from '../../support/real.ts';
import { canMount, mountSmallDisk } from '../../support/small-disk.ts';
import { until } from '../../support/until.ts';

/** The numbers of the records in a file, each line of which is a document. */
function numbersIn(path: string): number[] {
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1);
  return lines.map((line) => (JSON.parse(line) as { _n: number })._n);
}

test('a full disk is said, every line stays whole, and when there is room again nothing is lost and nothing comes twice', {
  ...real('right to mount a tmpfs', canMount),
  timeout: 60_000,
}, async (t) => {
  const disk = mountSmallDisk('1m');
  const ballast = join(disk, 'ballast');
  writeFileSync(ballast, Buffer.alloc(700_000));
  const path = join(disk, 'records.ndjson');
  const { delivery, ship, states } = openDelivery(t, { url: `file:${path}` });
  const total = 3_000;
  await ship(0, total);
  await until(() => states.some(({ state }) => state === 'away'));
  const { state, error } = delivery.summary;
  assert.deepEqual([state, (error as { code: string }).code], ['away', 'ENOSPC']);
  const kept = numbersIn(path);
  assert.ok(kept.length < total, 'the disk was full');

  rmSync(ballast);
  await until(() => delivery.summary.buffered === 0 && delivery.summary.state === 'connected', 40_000);
  assert.deepEqual(
    numbersIn(path),
    Array.from({ length: total }, (_, n) => n),
  );
  assert.equal(delivery.counters.dropped, 0);
  assert.equal(statSync(path).mode & 0o777, 0o600);
});
