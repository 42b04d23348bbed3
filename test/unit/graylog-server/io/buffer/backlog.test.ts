import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keysOf } from '../../../../../nodes/graylog-server/io/buffer/queue.ts';
import { drain, keepOnDisk, openBuffer, ROOMY, storeFolder, textsOf } from '../../../../support/record-buffer.ts';

/** What a process that comes after a `kill -9` reads: the lock dies with the process, so the first buffer is closed here. */
async function afterRestart(t: Parameters<typeof openBuffer>[0], path: string): Promise<string[]> {
  const { buffer } = openBuffer(t, { path });
  await buffer.open();
  const texts = textsOf(await drain(buffer));
  await buffer.close();
  return texts;
}

test('what is on its way and was kept is not read again, and comes first after a restart', async (t) => {
  const path = storeFolder();
  const { buffer, enqueue } = openBuffer(t, { path });
  void enqueue('a', 'b', 'c');
  const sent = [textsOf(await buffer.dequeueBatch(1)), textsOf(await buffer.dequeueBatch(ROOMY))];
  const keys = await buffer.keepUnconfirmed(sent);
  assert.equal(keys?.length, 2);
  assert.equal(buffer.length, 0, 'on its way, it does not wait');
  await keepOnDisk({ buffer, enqueue } as never, 'd');
  assert.deepEqual(textsOf(await drain(buffer)), ['d']);
  await buffer.close();
  assert.deepEqual(await afterRestart(t, path), ['a', 'b', 'c', 'd']);
});

test('what is kept while later messages are on disk comes before them after a restart', async (t) => {
  const path = storeFolder();
  const opened = openBuffer(t, { path });
  await keepOnDisk(opened, 'a');
  await opened.buffer.dequeueBatch(ROOMY);
  void opened.enqueue('b');
  await opened.buffer.dequeueBatch(ROOMY);
  await keepOnDisk(opened, 'd');
  await opened.buffer.keepUnconfirmed([['b'], ['c']]);
  assert.deepEqual(textsOf(await drain(opened.buffer)), ['d']);
  await opened.buffer.close();
  assert.deepEqual(await afterRestart(t, path), ['a', 'b', 'c', 'd']);
});

test('where nothing was read before, what is kept goes before all', async (t) => {
  const path = storeFolder();
  const opened = openBuffer(t, { path });
  void opened.enqueue('a');
  await opened.buffer.dequeueBatch(ROOMY);
  await keepOnDisk(opened, 'b');
  await opened.buffer.keepUnconfirmed([['a']]);
  await opened.buffer.close();
  assert.deepEqual(await afterRestart(t, path), ['a', 'b']);
});

test('what was kept and has arrived does not come again', async (t) => {
  const path = storeFolder();
  const { buffer, enqueue } = openBuffer(t, { path });
  void enqueue('a');
  const keys = await buffer.keepUnconfirmed([textsOf(await buffer.dequeueBatch(ROOMY))]);
  buffer.releaseBatches(keys ?? []);
  await buffer.close();
  assert.deepEqual(await afterRestart(t, path), []);
});

test('what was kept and came back is sent once, from memory or from disk', async (t) => {
  const opened = openBuffer(t);
  void opened.enqueue('a', 'b');
  const batch = await opened.buffer.dequeueBatch(ROOMY);
  const keys = await opened.buffer.keepUnconfirmed([textsOf(batch)]);
  opened.buffer.putBack(batch.map((entry, i) => (i === 1 ? { ...entry, keys } : entry)));
  await keepOnDisk(opened, 'c');
  const again = await drain(opened.buffer);
  assert.deepEqual(textsOf(again), ['a', 'b', 'c']);
  assert.equal(keysOf(again).length, 2);
});

test('what is on its way is not read again when another batch comes back', async (t) => {
  const opened = openBuffer(t);
  await keepOnDisk(opened, 'a', 'b');
  const first = await opened.buffer.dequeueBatch(ROOMY);
  await opened.buffer.dequeueBatch(ROOMY);
  opened.buffer.putBack(first);
  await keepOnDisk(opened, 'c');
  assert.deepEqual(textsOf(await drain(opened.buffer)), ['a', 'c']);
});

test('without a disk nothing can be kept', async (t) => {
  const { buffer } = openBuffer(t, { path: undefined });
  assert.equal(await buffer.keepUnconfirmed([['a']]), undefined);
});
