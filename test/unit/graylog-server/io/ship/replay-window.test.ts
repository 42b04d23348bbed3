import assert from 'node:assert/strict';
import { test } from 'node:test';
import { batchKey } from '../../../../../nodes/graylog-server/io/buffer/batch-key.ts';
import type { Entry } from '../../../../../nodes/graylog-server/io/buffer/queue.ts';
import { frameOf } from '../../../../../nodes/graylog-server/io/ship/frame-pool.ts';
import { ReplayWindow } from '../../../../../nodes/graylog-server/io/ship/replay-window.ts';
import { textsOf } from '../../../../support/record-buffer.ts';

function entry(text: string, more: Partial<Entry> = {}): Entry {
  return { text, done: undefined, atMs: 0, ...more };
}

test('the replay window gives back the frames that it no longer holds', () => {
  const gone: string[] = [];
  const window = new ReplayWindow(6, 5_000, (frame) => gone.push(String(frame)));
  for (const text of ['ab', 'cd', 'ef']) window.keep([entry(text)], frameOf([text]), 0);
  assert.deepEqual(gone, ['ab\0']);
  window.expire(5_001);
  assert.deepEqual(gone, ['ab\0', 'cd\0', 'ef\0']);
  const off = new ReplayWindow(0, 0, (frame) => gone.push(String(frame)));
  off.keep([entry('gh')], frameOf(['gh']), 0);
  assert.equal(gone.at(-1), 'gh\0');
});

test('the replay window forgets what is older than it holds and gives the rest, oldest first, once', () => {
  const window = new ReplayWindow(1_000, 5_000);
  window.keep([entry('a'), entry('b')], frameOf(['a', 'b']), 0);
  window.keep([entry('c')], frameOf(['c']), 3_000);
  window.expire(5_001);
  window.keep([entry('d')], frameOf(['d']), 6_000);
  assert.deepEqual(textsOf(window.takeUnconfirmed()), ['c', 'd']);
  assert.deepEqual([window.takeUnconfirmed(), window.size], [[], 0]);
});

test('the replay window forgets the oldest when it holds too much, and names the batches on disk that it let go', () => {
  const window = new ReplayWindow(10, 5_000);
  const key = batchKey(1, 1, 6, 0);
  assert.deepEqual(window.keep([entry('123456', { keys: [key] })], frameOf(['123456']), 0), []);
  assert.deepEqual(window.keep([entry('abcdef')], frameOf(['abcdef']), 1), [key]);
  assert.deepEqual(textsOf(window.takeUnconfirmed()), ['abcdef']);
});

test('nothing ages in the replay window while the peer is slow', () => {
  const window = new ReplayWindow(1_000, 5_000);
  window.keep([entry('a')], frameOf(['a']), 0);
  window.pauseAging(4_000);
  window.expire(8_000);
  assert.deepEqual(textsOf(window.takeUnconfirmed()), ['a']);
});

test('a replay window of no size or no time keeps nothing and lets batches go at once', () => {
  const key = batchKey(1, 1, 1, 0);
  for (const window of [new ReplayWindow(0, 5_000), new ReplayWindow(1_000, 0)]) {
    assert.deepEqual(window.keep([entry('a', { keys: [key] })], frameOf(['a']), 0), [key]);
    assert.deepEqual(window.takeUnconfirmed(), []);
  }
});

test('of a batch of which only a part left, only that part is sent again', () => {
  const window = new ReplayWindow(1_000, 5_000);
  window.keep([entry('a'), entry('b')], frameOf(['a', 'b', 'c']), 0);
  assert.deepEqual(textsOf(window.takeUnconfirmed()), ['a', 'b']);
});

test('messages that are sent again name the batches on disk with their last message', () => {
  const window = new ReplayWindow(1_000, 5_000);
  const key = batchKey(1, 2, 2, 0);
  window.keep([entry('a'), entry('b', { keys: [key] })], frameOf(['a', 'b']), 7);
  assert.deepEqual(window.takeUnconfirmed(), [
    { text: 'a', done: undefined, atMs: 7 },
    { text: 'b', done: undefined, atMs: 7, keys: [key] },
  ]);
});
