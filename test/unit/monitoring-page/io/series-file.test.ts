import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { FILE_BYTES, SeriesFile } from '../../../../plugins/monitoring-page/io/series-file.ts';
import { MINUTE_MS, type SeriesStore } from '../../../../plugins/monitoring-page/series/series-store.ts';
import { temporaryFolder } from '../../../support/folder.ts';

const NOW_MS = Date.UTC(2026, 10, 26, 3);

function opened(path: string): { store: SeriesStore; file: SeriesFile; fault: unknown } {
  const { store, file, fault } = SeriesFile.open(path);
  assert.ok(file !== undefined, String(fault));
  return { store, file, fault };
}

/** What the file gives after a restart. */
function reread(path: string, minutes: number): (number | undefined)[] {
  const { store } = SeriesFile.open(path);
  return store.range('cpu', 'minute', minutes, NOW_MS + (minutes - 1) * MINUTE_MS).map((step) => step?.max);
}

async function written(path: string, values: readonly number[]): Promise<SeriesFile> {
  const { store, file } = opened(path);
  for (const [minute, value] of values.entries()) {
    store.hear(minute * MINUTE_MS, NOW_MS + minute * MINUTE_MS);
    store.add('cpu', minute * MINUTE_MS, value);
    await file.write();
  }
  return file;
}

test('the file has its size from the first moment, and a minute adds some kilobytes of writing', async () => {
  const path = join(temporaryFolder(), 'series');
  const file = await written(path, [1, 2, 3]);
  const before = file.written;
  assert.equal(statSync(path).size, FILE_BYTES);
  assert.equal(statSync(path).mode & 0o077, 0);
  await file.write();
  assert.equal(file.written, before, 'nothing new is nothing written');
  assert.ok(before < 150_000);
  // Without a close, as after `kill -9`.
  assert.deepEqual(reread(path, 3), [1, 2, 3]);
  await file.close();
});

test('a torn slot is a missing minute, and the rest is there', async () => {
  const path = join(temporaryFolder(), 'series');
  await (await written(path, [1, 2, 3, 4])).close();
  const good = readFileSync(path);
  fc.assert(
    fc.property(fc.nat({ max: FILE_BYTES - 600 }), fc.integer({ min: 1, max: 600 }), (at, length) => {
      const torn = Buffer.from(good);
      torn.fill(0xa5, at, at + length);
      writeFileSync(path, torn);
      const found = reread(path, 4);
      for (const [minute, value] of found.entries()) assert.ok(value === undefined || value === minute + 1);
      assert.ok(found.filter((value) => value === undefined).length <= 2 || at < 262_144);
    }),
    { numRuns: 30 },
  );
});

test('a file that cannot be read is put aside and never written over', async () => {
  for (const content of ['', 'not ours', Buffer.alloc(FILE_BYTES, 7)]) {
    const folder = temporaryFolder();
    const path = join(folder, 'series');
    writeFileSync(path, content);
    const { store, file, fault } = opened(path);
    assert.equal(fault === undefined, content === '');
    store.hear(0, NOW_MS);
    store.add('cpu', 0, 9);
    await file.write();
    await file.close();
    assert.deepEqual(reread(path, 1), [9]);
    const aside = readdirSync(folder).filter((name) => name.includes('.unreadable-'));
    assert.equal(aside.length, content === '' ? 0 : 1);
    for (const name of aside) assert.ok(readFileSync(join(folder, name)).equals(Buffer.from(content)));
  }
});

test('what could not be written is written next time', async () => {
  const path = join(temporaryFolder(), 'series');
  const { store, file } = opened(path);
  store.hear(0, NOW_MS);
  store.add('cpu', 0, 4);
  const [taken] = [store.takeDirty()];
  store.markDirty(taken.steps, taken.names !== undefined);
  await file.write();
  await file.close();
  assert.deepEqual(reread(path, 1), [4]);
});

test('a day of a busy host is some megabytes of writing, in one piece or two a minute', async (t) => {
  const { store, file } = opened(join(temporaryFolder(), 'series'));
  const names = Array.from({ length: 100 }, (_, index) => `http_response_time_ms check ${index}`);
  for (let minute = 0; minute < 1_440; minute += 1) {
    store.hear(minute * MINUTE_MS, NOW_MS + minute * MINUTE_MS);
    for (const name of names) store.add(name, minute * MINUTE_MS, minute % 50);
    await file.write();
  }
  await file.close();
  t.diagnostic(`${(file.written / 1e6).toFixed(1)} MB a day`);
  assert.ok(file.written < 12_000_000, `${file.written}`);
});
