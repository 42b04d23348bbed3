import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { keysOf } from '../../../../../nodes/graylog-server/io/buffer/queue.ts';
import { temporaryFolder } from '../../../../support/folder.ts';
import { drain, keepOnDisk, openBuffer, ROOMY, storeFolder, textsOf } from '../../../../support/record-buffer.ts';

test('what comes in while the server takes records stays in memory and comes out in order', async (t) => {
  const { buffer, enqueue, outcomes } = openBuffer(t);
  void enqueue('a', 'bb', 'ccc');
  assert.equal(buffer.length, 3);
  assert.equal(buffer.memorySize, 6);
  assert.deepEqual(textsOf(await buffer.dequeueBatch(3)), ['a', 'bb']);
  assert.deepEqual(textsOf(await buffer.dequeueBatch(3)), ['ccc']);
  assert.deepEqual(await buffer.dequeueBatch(3), []);
  assert.equal(outcomes.size, 0, 'whoever takes a message out answers for it');
});

test('while the server is away everything is kept on disk at once, and a later buffer finds it in order', async (t) => {
  const path = storeFolder();
  const first = openBuffer(t, { path });
  const kept = first.enqueue('a', 'b');
  first.buffer.setAway(true);
  await kept;
  assert.equal(await first.buffer.close(), 0);
  const second = openBuffer(t, { path });
  await second.buffer.open();
  assert.equal(second.found, 1);
  assert.equal(second.buffer.length, 2);
  void second.enqueue('c');
  assert.deepEqual(textsOf(await drain(second.buffer)), ['a', 'b', 'c']);
});

test('messages that were read from disk stay there until they have arrived', async (t) => {
  const path = storeFolder();
  const first = openBuffer(t, { path });
  void first.enqueue('a', 'b');
  await first.buffer.close();
  const second = openBuffer(t, { path });
  await second.buffer.open();
  assert.deepEqual(textsOf(await drain(second.buffer)), ['a', 'b']);
  await second.buffer.close();
  const third = openBuffer(t, { path });
  await third.buffer.open();
  const again = await drain(third.buffer);
  assert.deepEqual(textsOf(again), ['a', 'b']);
  third.buffer.releaseBatches(keysOf(again));
  await third.buffer.close();
  const last = openBuffer(t, { path });
  await last.buffer.open();
  assert.equal(last.buffer.length, 0);
  assert.equal(last.found, 0);
});

test('what came back from a lost connection comes first, then what is on disk, then what is fresh', async (t) => {
  const opened = openBuffer(t);
  const { buffer, enqueue } = opened;
  await keepOnDisk(opened, 'disk');
  buffer.setAway(false);
  void enqueue('fresh');
  buffer.putBack([{ text: 'returned', done: undefined, atMs: 0 }]);
  assert.equal(buffer.length, 3);
  assert.deepEqual(textsOf(await drain(buffer)), ['returned', 'disk', 'fresh']);
});

test('what came back and goes to disk stays before what is there', async (t) => {
  const path = storeFolder();
  const opened = openBuffer(t, { path });
  await keepOnDisk(opened, 'second');
  opened.buffer.putBack([{ text: 'first', done: undefined, atMs: 0 }]);
  await opened.buffer.close();
  const later = openBuffer(t, { path });
  await later.buffer.open();
  assert.deepEqual(textsOf(await drain(later.buffer)), ['first', 'second']);
});

test('a message counts as kept in memory where the disk takes none and the server is away', async (t) => {
  const file = join(temporaryFolder(), 'file');
  writeFileSync(file, '');
  const { buffer, enqueue, outcomes, storage } = openBuffer(t, { path: join(file, 'store') });
  void enqueue('a');
  const kept = enqueue('b');
  buffer.setAway(true);
  await kept;
  assert.deepEqual(
    [...outcomes],
    [
      ['a', 'kept'],
      ['b', 'kept'],
    ],
  );
  assert.match(storage.join(), /^failed E(NOTDIR|EXIST)$/);
  assert.equal(buffer.length, 2);
});

test('closing without a disk gives the number of messages that are lost, and tells each of them', async (t) => {
  const { buffer, enqueue, outcomes } = openBuffer(t, { path: undefined });
  void enqueue('a', 'b');
  buffer.putBack([{ text: 'c', done: undefined, atMs: 0 }]);
  assert.equal(await buffer.close(), 3);
  // With the server gone memory is where they are kept, as long as there is a buffer.
  assert.deepEqual(
    [...outcomes],
    [
      ['a', 'kept'],
      ['b', 'kept'],
    ],
  );
});

test('the age of the oldest message is that of the part that comes first', async (t) => {
  let nowMs = 5_000;
  t.mock.method(performance, 'now', () => nowMs);
  const { buffer, enqueue } = openBuffer(t, { path: undefined });
  assert.equal(buffer.oldestMs, undefined);
  void enqueue('a');
  nowMs = 6_000;
  void enqueue('b');
  assert.equal(buffer.oldestMs, 5_000);
  buffer.putBack([{ text: 'c', done: undefined, atMs: 1_000 }]);
  assert.equal(buffer.oldestMs, 1_000);
});

test('a batch whose checksum is wrong is skipped, counted and told, and the rest comes', async (t) => {
  const { ClassicLevel } = await import('classic-level');
  const path = storeFolder();
  const level = new ClassicLevel(path);
  await level.put('0000000000000001:2:10:1', '12345\0spoilt\0two');
  await level.close();
  const opened = openBuffer(t, { path, diskSize: ROOMY });
  await opened.buffer.open();
  assert.equal(opened.buffer.length, 2);
  void opened.enqueue('fresh');
  assert.deepEqual(textsOf(await drain(opened.buffer)), ['fresh']);
  assert.equal(opened.dropped, 2);
  assert.deepEqual(opened.storage, ['partlyLost BATCH_DAMAGED']);
});
