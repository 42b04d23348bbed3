// Risk: damage of the buffer's files takes records away, and nobody is told.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { openDelivery } from '../../support/delivery.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { receiveTcp } from '../../support/graylog.ts';
import { freePort } from '../../support/ports.ts';
import { storeFiles, storePath } from '../../support/stored-messages.ts';
import { until } from '../../support/until.ts';

const FED = 8_000;

/** Turns bits over, spread evenly over the files of one kind. */
function turnBits(paths: readonly string[], bits: number): void {
  const sizes = paths.map((path) => statSync(path).size);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  for (let bit = 0; bit < bits; bit += 1) {
    let at = Math.floor((total * (bit + 0.5)) / bits);
    const file = sizes.findIndex((size) => {
      if (at < size) return true;
      at -= size;
      return false;
    });
    const path = paths[file] as string;
    const bytes = readFileSync(path);
    bytes[at] = (bytes[at] as number) ^ (1 << (bit % 8));
    writeFileSync(path, bytes);
  }
}

function cutInHalf(paths: readonly string[]): void {
  truncateSync(largest(paths), Math.floor(statSync(largest(paths)).size / 2));
}

function remove(paths: readonly string[]): void {
  for (const path of paths) rmSync(path);
}

const largest = (paths: readonly string[]): string =>
  [...paths].sort((a, b) => statSync(b).size - statSync(a).size)[0] as string;

const LOG = /\.log$/;
const TABLE = /\.ldb$/;
const MANIFEST = /^MANIFEST/;
const CURRENT = /^CURRENT$/;

const ROWS: readonly [string, RegExp, (paths: readonly string[]) => void][] = [
  ['nothing', LOG, () => undefined],
  ['1 bit in *.log', LOG, (paths) => turnBits(paths, 1)],
  ['20 bits in *.log', LOG, (paths) => turnBits(paths, 20)],
  ['*.log cut in half', LOG, cutInHalf],
  ['*.log deleted', LOG, (paths) => rmSync(largest(paths))],
  ['CURRENT deleted', CURRENT, (paths) => rmSync(largest(paths))],
  ['CURRENT garbage', CURRENT, (paths) => writeFileSync(largest(paths), 'MANIFEST-garbage\n')],
  ['CURRENT empty', CURRENT, (paths) => truncateSync(largest(paths), 0)],
  ['1 bit in one *.ldb', TABLE, (paths) => turnBits([largest(paths)], 1)],
  ['20 bits in the *.ldb', TABLE, (paths) => turnBits(paths, 20)],
  ['one *.ldb cut in half', TABLE, cutInHalf],
  ['one *.ldb deleted', TABLE, (paths) => rmSync(largest(paths))],
  ['all *.ldb deleted', TABLE, remove],
  ['MANIFEST 5 bits', MANIFEST, (paths) => turnBits(paths, 5)],
  ['MANIFEST deleted', MANIFEST, (paths) => rmSync(largest(paths))],
  ['MANIFEST and CURRENT deleted', /^(MANIFEST|CURRENT)/, remove],
  ['1,000 bits in *.log', LOG, (paths) => turnBits(paths, 1_000)],
  ['100 bits in MANIFEST', MANIFEST, (paths) => turnBits(paths, 100)],
  ['1,000 bits in the *.ldb', TABLE, (paths) => turnBits(paths, 1_000)],
  ['the folder deleted', LOG, (paths) => rmSync(join(largest(paths), '..'), { recursive: true })],
  ['the ledger deleted', LOG, (paths) => rmSync(`${join(largest(paths), '..')}.ledger`)],
  ['the ledger garbage', LOG, (paths) => turnBits([`${join(largest(paths), '..')}.ledger`], 200)],
];

for (const [what, pattern, damage] of ROWS) {
  test(`damage: ${what}: what was fed has arrived or is counted as dropped and said`, {
    timeout: 60_000,
  }, async (t) => {
    const userDir = temporaryFolder();
    const port = await freePort();
    const url = `tcp://127.0.0.1:${port}`;
    const first = openDelivery(t, { url, userDir });
    await first.ship(0, FED, 100);
    assert.equal(await first.delivery.close(), 0);
    const before = first.delivery.counters.dropped;
    assert.equal(before, 0);
    damage(storeFiles(userDir, pattern));
    const receiver = await receiveTcp(t, { port });
    const { delivery, storage, ship } = openDelivery(t, { url, userDir });
    // What comes after the damage is neither lost nor mixed up with what was lost.
    await ship(FED, FED + 1_000);
    const numbers = new Set<unknown>();
    let seen = 0;
    await until(
      () => {
        for (; seen < receiver.documents.length; seen += 1) numbers.add(receiver.documents[seen]?._n);
        return numbers.size + delivery.counters.dropped === FED + 1_000 && delivery.summary.buffered === 0;
      },
      20_000,
      () => `${numbers.size} + ${delivery.counters.dropped} of ${FED + 1_000}, ${storage}`,
    );
    assert.deepEqual(receiver.faults, []);
    const { dropped } = delivery.counters;
    const isSaid = storage.some((event) => event === 'partlyLost' || event === 'damaged');
    assert.equal(isSaid, dropped > 0, `${dropped} dropped, ${storage}`);
    t.diagnostic(
      `${dropped} lost, said: ${storage}, beside: ${readdirSync(join(storePath(userDir), '..')).map((name) => basename(name))}`,
    );
  });
}
