import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drain, keepOnDisk, openBuffer, ROOMY, textsOf } from '../../../../support/record-buffer.ts';

const TEN = 'x'.repeat(10);

test('with the policy "oldest" a full memory drops its oldest messages, with an error each', async (t) => {
  const opened = openBuffer(t, { path: undefined, memorySize: 20 });
  void opened.enqueue(`1${TEN}`, `2${TEN}`, '3');
  assert.equal(opened.outcomes.get(`1${TEN}`), 'BUFFER_FULL');
  assert.equal(opened.dropped, 1);
  assert.deepEqual(textsOf(await drain(opened.buffer)), [`2${TEN}`, '3']);
});

test('what came back from a connection is older than what is fresh, and goes first', async (t) => {
  const opened = openBuffer(t, { path: undefined, memorySize: 20 });
  opened.buffer.putBack([{ text: `returned${TEN}`, done: undefined, atMs: 0 }]);
  void opened.enqueue('fresh');
  assert.equal(opened.dropped, 1);
  assert.deepEqual(textsOf(await drain(opened.buffer)), ['fresh']);
});

test('a message that is larger than memory alone is kept all the same', async (t) => {
  const opened = openBuffer(t, { path: undefined, memorySize: 5 });
  void opened.enqueue(TEN);
  assert.equal(opened.dropped, 0);
  assert.deepEqual(textsOf(await drain(opened.buffer)), [TEN]);
});

test('with the policy "newest" a full memory turns away what comes, and keeps what it has', async (t) => {
  const opened = openBuffer(t, { path: undefined, memorySize: 20, overflow: 'newest' });
  void opened.enqueue(`1${TEN}`, `2${TEN}`, '3');
  assert.equal(opened.outcomes.get(`2${TEN}`), 'BUFFER_FULL');
  assert.equal(opened.dropped, 1);
  assert.deepEqual(textsOf(await drain(opened.buffer)), [`1${TEN}`, '3']);
});

test('with the policy "oldest" a full disk drops its oldest batches', async (t) => {
  const opened = openBuffer(t, { diskSize: 50 });
  await keepOnDisk(opened, `1${TEN}`, `2${TEN}`, `3${TEN}`);
  assert.equal(opened.dropped, 1);
  assert.deepEqual(textsOf(await drain(opened.buffer)), [`2${TEN}`, `3${TEN}`]);
});

test('with the policy "newest" a full disk refuses what does not fit', async (t) => {
  const opened = openBuffer(t, { diskSize: 50, overflow: 'newest' });
  await keepOnDisk(opened, `1${TEN}`, `2${TEN}`, `3${TEN}`);
  assert.equal(opened.outcomes.get(`3${TEN}`), 'BUFFER_FULL');
  assert.equal(opened.dropped, 1);
  assert.deepEqual(textsOf(await drain(opened.buffer)), [`1${TEN}`, `2${TEN}`]);
});

test('a batch that was read is on its way, and is not dropped for room', async (t) => {
  const opened = openBuffer(t, { diskSize: 50 });
  await keepOnDisk(opened, `1${TEN}`, `2${TEN}`);
  assert.deepEqual(textsOf(await opened.buffer.dequeueBatch(ROOMY)), [`1${TEN}`]);
  await keepOnDisk(opened, `3${TEN}`);
  assert.deepEqual(textsOf(await drain(opened.buffer)), [`3${TEN}`]);
  assert.equal(opened.dropped, 1);
});

test('what is on disk for longer than its age is dropped, at the look once a minute', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  let nowMs = 1_000_000;
  t.mock.method(performance, 'now', () => nowMs);
  const opened = openBuffer(t, { maxAgeMs: 3_600_000 });
  await keepOnDisk(opened, 'old');
  t.mock.timers.tick(3_600_001);
  nowMs += 3_600_001;
  await keepOnDisk(opened, 'new');
  t.mock.timers.tick(50);
  await opened.buffer.dequeueBatch(0).then((entries) => opened.buffer.putBack(entries));
  assert.equal(opened.dropped, 1);
  assert.deepEqual(textsOf(await drain(opened.buffer)), ['new']);
});

test('an age of 0 keeps everything', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  const opened = openBuffer(t, { maxAgeMs: 0 });
  await keepOnDisk(opened, 'old');
  t.mock.timers.tick(1e12);
  assert.deepEqual(textsOf(await drain(opened.buffer)), ['old']);
  assert.equal(opened.dropped, 0);
});

test('the fill level is that of memory, of which a quarter counts as full, or that of the disk', async (t) => {
  const opened = openBuffer(t, { memorySize: 100, diskSize: 100 });
  assert.equal(opened.buffer.fillLevel, 0);
  void opened.enqueue('x'.repeat(20));
  assert.equal(opened.buffer.fillLevel, 20 / 25);
  opened.buffer.setAway(true);
  await keepOnDisk(opened, 'x');
  const onDisk = opened.buffer.fillLevel;
  assert.ok(onDisk > 0.2 && onDisk < 0.8, `${onDisk}`);
  const memoryOnly = openBuffer(t, { path: undefined, diskSize: 0, memorySize: 100 });
  assert.equal(memoryOnly.buffer.fillLevel, 0);
});
