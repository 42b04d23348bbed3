import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { keysOf } from '../../../../../nodes/graylog-server/io/buffer/queue.ts';
import { drain, keepOnDisk, openBuffer, ROOMY, storeFolder, textsOf } from '../../../../support/record-buffer.ts';
import { until } from '../../../../support/until.ts';

const HOUR_MS = 3_600_000;

test('the share is told when it grows, and when age empties the buffer and nothing else happens', async (t) => {
  let nowMs = 1_000_000;
  t.mock.method(performance, 'now', () => nowMs);
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const shares: number[] = [];
  const clock = { boot: 'a', steadyMs: () => nowMs, wallMs: () => nowMs };
  const opened = openBuffer(t, { clock, maxAgeMs: HOUR_MS, onShare: (share) => shares.push(share) });
  await keepOnDisk(opened, 'a');
  assert.ok(shares.some((share) => share > 0));
  nowMs += HOUR_MS + 1;
  t.mock.timers.tick(50);
  await opened.buffer.keepUnconfirmed([]);
  assert.equal(opened.dropped, 1);
  assert.equal(shares.at(-1), 0);
});

test('the share is told when what was sent has arrived', async (t) => {
  const shares: number[] = [];
  const opened = openBuffer(t, { onShare: (share) => shares.push(share) });
  await keepOnDisk(opened, 'a');
  const batch = await opened.buffer.dequeueBatch(ROOMY);
  assert.ok((shares.at(-1) ?? 0) > 0, 'on disk until it has arrived');
  opened.buffer.releaseBatches(keysOf(batch));
  await until(() => shares.at(-1) === 0);
});

test('what is read from disk, comes back and has no room in memory is not lost: it is read again', async (t) => {
  const path = storeFolder();
  const texts = Array.from({ length: 20 }, (_, n) => `${n}`.padStart(20, '0'));
  const first = openBuffer(t, { path });
  void first.enqueue(...texts);
  await first.buffer.close();
  const second = openBuffer(t, { path, memorySize: 300 });
  await second.buffer.open();
  second.buffer.putBack(await drain(second.buffer));
  void second.enqueue('x'.repeat(250));
  assert.equal(second.dropped, 0);
  const again = textsOf(await drain(second.buffer));
  assert.deepEqual(again.sort(), [...texts, 'x'.repeat(250)].sort());
});

test('what is in memory alone is dropped and counted, what of a batch remains goes with it', async (t) => {
  const opened = openBuffer(t, { memorySize: 50 });
  await keepOnDisk(opened, 'disk');
  const batch = await opened.buffer.dequeueBatch(ROOMY);
  opened.buffer.putBack([{ text: 'memory', done: undefined, atMs: 0 }, ...batch]);
  void opened.enqueue('y'.repeat(49));
  assert.equal(opened.dropped, 1);
  assert.deepEqual(textsOf(await drain(opened.buffer)), ['disk', 'y'.repeat(49)]);
});

test('a message before the rest of a batch is not taken for a part of it', async (t) => {
  const opened = openBuffer(t, { memorySize: 40 });
  void opened.enqueue('a', 'b');
  opened.buffer.setAway(true);
  await until(() => opened.outcomes.size === 2);
  const [, b] = await opened.buffer.dequeueBatch(ROOMY);
  // 'a' was refused, and what was sent before it came back later.
  opened.buffer.putBack(b === undefined ? [] : [b]);
  opened.buffer.putBack([{ text: 'memory', done: undefined, atMs: 0 }]);
  void opened.enqueue('y'.repeat(39));
  assert.equal(opened.dropped, 1);
});

test('a message that comes while others are written is called kept when it is on disk, not before', async (t) => {
  const path = storeFolder();
  const opened = openBuffer(t, { path });
  const kept: number[] = [];
  opened.buffer.setAway(true);
  void opened.enqueue('a');
  opened.buffer.setAway(true);
  opened.buffer.enqueue('b', () => kept.push(opened.buffer.memorySize));
  await until(() => kept.length === 1);
  assert.deepEqual(kept, [0], 'in memory no more');
});

test('what lies on a disk that cannot be opened counts as waiting, and comes when it can be', async (t) => {
  const path = storeFolder();
  const first = openBuffer(t, { path });
  void first.enqueue('a', 'b');
  await first.buffer.close();
  const lock = join(path, 'LOCK');
  rmSync(lock);
  // Nobody can open a store whose lock is a folder.
  mkdirSync(lock);
  const second = openBuffer(t, { path });
  await second.buffer.open();
  assert.match(second.storage.join(), /^failed/);
  assert.equal(second.buffer.waiting, 2);
  assert.equal(second.buffer.length, 0, 'nothing that could be taken out');
  rmSync(lock, { recursive: true });
  writeFileSync(lock, '');
  await until(() => second.found === 1);
  assert.equal(second.dropped, 0);
  assert.deepEqual(textsOf(await drain(second.buffer)), ['a', 'b']);
});

test('what another one has on disk is not counted as waiting here', async (t) => {
  const path = storeFolder();
  const first = openBuffer(t, { path });
  await keepOnDisk(first, 'a');
  const second = openBuffer(t, { path });
  await second.buffer.open();
  assert.equal(second.buffer.waiting, 0);
});

test('without a disk the share is that of memory', async (t) => {
  const { buffer, enqueue } = openBuffer(t, { path: undefined, diskSize: 0, memorySize: 100 });
  void enqueue('x'.repeat(10));
  assert.equal(buffer.fillLevel, 10 / 25);
});
