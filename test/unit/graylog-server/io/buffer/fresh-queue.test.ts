import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FreshQueue } from '../../../../../nodes/graylog-server/io/buffer/fresh-queue.ts';
import type { Done } from '../../../../../nodes/graylog-server/io/buffer/queue.ts';
import { FramePool } from '../../../../../nodes/graylog-server/io/ship/frame-pool.ts';
import { SentBatch } from '../../../../../nodes/graylog-server/io/ship/sent-batch.ts';

const ignore: Done = () => undefined;

function packing(): FreshQueue {
  const queue = new FreshQueue(new FramePool());
  queue.isPacking = true;
  return queue;
}

const texts = (entries: readonly { readonly text: string }[]): string[] => entries.map(({ text }) => text);

test('messages wait as frames, and are taken in order, one by one or as a frame', () => {
  const queue = packing();
  queue.enqueue('one\0', 1, ignore, 5);
  queue.enqueue(Buffer.from('two, née Δ\0three\0'), 2, ignore, 6);
  assert.deepEqual([queue.length, queue.size, queue.oldestMs], [3, 4 + 13 + 6, 5]);
  assert.equal(queue.dequeue()?.text, 'one');
  assert.equal(queue.dequeuePacked(), undefined, 'what waits one by one comes first');
  assert.deepEqual(texts(queue.dequeueAll()), ['two, née Δ', 'three']);
  queue.enqueue('four\0', 1, ignore, 7);
  assert.equal(queue.dequeuePacked()?.frame.toString(), 'four\0');
  assert.deepEqual([queue.length, queue.size, queue.oldestMs], [0, 0, undefined]);
});

test('a frame is full at some point, and one message that fits into none waits by itself, in order', () => {
  const queue = packing();
  const [half, large] = ['h'.repeat(40_000), 'l'.repeat(100_000)];
  for (const text of [half, half, large, 'last']) queue.enqueue(`${text}\0`, 1, ignore, 0);
  assert.equal(queue.length, 4);
  assert.deepEqual(
    queue.dequeueAll().map(({ text }) => text.length),
    [40_000, 40_000, 100_000, 4],
  );
  assert.equal(queue.size, 0);
});

test('where nothing is packed, many messages wait one by one', () => {
  const queue = new FreshQueue(new FramePool());
  queue.enqueue(Buffer.from('one\0two\0'), 2, ignore, 0);
  assert.equal(queue.dequeuePacked(), undefined);
  assert.deepEqual(texts(queue.dequeueBatch(3)), ['one']);
  assert.deepEqual(texts(queue.dequeueAll()), ['two']);
});

test('only so many frames are taken apart as are asked for', () => {
  const queue = packing();
  const text = `${'x'.repeat(100_000)}\0`;
  for (let n = 0; n < 3; n += 1) queue.enqueue(text, 1, ignore, 0);
  assert.equal(queue.dequeueBatch(100_000).length, 1);
  assert.notEqual(queue.dequeuePacked(), undefined);
});

test('each message is settled once: taken apart, kept in memory, confirmed, or sent again', () => {
  const queue = packing();
  const heard: string[] = [];
  const done = (name: string): Done => {
    return () => heard.push(name);
  };
  const frames = new FramePool();
  queue.enqueue('a\0b\0', 2, done('first'), 3);
  queue.enqueue('c\0', 1, done('second'), 4);
  const packed = queue.dequeuePacked();
  assert.ok(packed);
  const again = SentBatch.ofPacked(packed, frames).takeBack(frames);
  assert.deepEqual(
    again.map(({ text, atMs }) => [text, atMs]),
    [
      ['a', 3],
      ['b', 3],
      ['c', 3],
    ],
  );
  assert.deepEqual(heard, []);
  for (const entry of again) entry.done?.();
  assert.deepEqual(heard, ['first', 'first', 'second']);

  queue.enqueue('d\0e\0', 2, done('third'), 0);
  queue.settleAll();
  const settled = queue.dequeuePacked();
  assert.ok(settled);
  const batch = SentBatch.ofPacked(settled, frames);
  assert.equal(batch.isAwaited, false);
  batch.confirm(frames);
  assert.deepEqual(heard.slice(3), ['third', 'third']);
});

test('a batch that was sent and need not be confirmed is settled message by message', () => {
  const queue = packing();
  const heard: unknown[] = [];
  queue.enqueue('a\0b\0', 2, (error) => heard.push(error), 0);
  const packed = queue.dequeuePacked();
  assert.ok(packed);
  const frames = new FramePool();
  const batch = SentBatch.ofPacked(packed, frames);
  batch.takeApart();
  const refused = new Error('refused');
  batch.settleOne(0, refused);
  batch.settleUntil(2);
  assert.deepEqual(heard, [refused, undefined]);
  assert.deepEqual(batch.texts, ['a', 'b']);
});
