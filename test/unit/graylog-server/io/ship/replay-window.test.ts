import assert from 'node:assert/strict';
import { test } from 'node:test';
import { batchKey } from '../../../../../nodes/graylog-server/io/buffer/batch-key.ts';
import { frameOf } from '../../../../../nodes/graylog-server/io/ship/frame-pool.ts';
import { ReplayWindow } from '../../../../../nodes/graylog-server/io/ship/replay-window.ts';
import { textsOf } from '../../../../support/record-buffer.ts';

test('the replay window gives back the frames that it no longer holds', () => {
  const gone: string[] = [];
  const window = new ReplayWindow(6, 5_000, (frame) => gone.push(String(frame)));
  for (const text of ['ab', 'cd', 'ef']) window.keep(frameOf([text]), 1, [], 0);
  assert.deepEqual(gone, ['ab\0']);
  window.expire(5_001);
  assert.deepEqual(gone, ['ab\0', 'cd\0', 'ef\0']);
  const off = new ReplayWindow(0, 0, (frame) => gone.push(String(frame)));
  off.keep(frameOf(['gh']), 1, [], 0);
  assert.equal(gone.at(-1), 'gh\0');
});

test('the replay window forgets what is older than it holds and gives the rest, oldest first, once', () => {
  const window = new ReplayWindow(1_000, 5_000);
  window.keep(frameOf(['a', 'b']), 2, [], 0);
  window.keep(frameOf(['c']), 1, [], 3_000);
  window.expire(5_001);
  window.keep(frameOf(['d']), 1, [], 6_000);
  assert.deepEqual(textsOf(window.takeUnconfirmed()), ['c', 'd']);
  assert.deepEqual([window.takeUnconfirmed(), window.size], [[], 0]);
});

test('the replay window forgets the oldest when it holds too much, and names the batches on disk that it let go', () => {
  const window = new ReplayWindow(10, 5_000);
  const key = batchKey(1, 1, 6, 0);
  assert.deepEqual(window.keep(frameOf(['123456']), 1, [key], 0), []);
  assert.deepEqual(window.keep(frameOf(['abcdef']), 1, [], 1), [key]);
  assert.deepEqual(textsOf(window.takeUnconfirmed()), ['abcdef']);
});

test('what is sent again ages since it was sent first, so that a peer that hangs up again and again gets it no more', () => {
  const window = new ReplayWindow(1_000, 5_000);
  window.keep(frameOf(['a']), 1, [], 0);
  const again = window.takeUnconfirmed();
  assert.deepEqual(textsOf(again), ['a']);
  window.keep(frameOf(['a']), 1, [], 3_000, again[0]?.sentMs);
  window.keep(frameOf(['b']), 1, [], 3_000);
  window.expire(5_001);
  assert.deepEqual(textsOf(window.takeUnconfirmed()), ['b']);
});

test('nothing ages in the replay window while the peer is slow', () => {
  const window = new ReplayWindow(1_000, 5_000);
  window.keep(frameOf(['a']), 1, [], 0);
  window.pauseAging(4_000);
  window.expire(8_000);
  assert.deepEqual(textsOf(window.takeUnconfirmed()), ['a']);
});

test('a replay window of no size or no time keeps nothing and lets batches go at once', () => {
  const key = batchKey(1, 1, 1, 0);
  for (const window of [new ReplayWindow(0, 5_000), new ReplayWindow(1_000, 0)]) {
    assert.deepEqual(window.keep(frameOf(['a']), 1, [key], 0), [key]);
    assert.deepEqual(window.takeUnconfirmed(), []);
  }
});

test('of a batch of which only a part left, only that part is sent again', () => {
  const window = new ReplayWindow(1_000, 5_000);
  window.keep(frameOf(['a', 'b', 'c']), 2, [], 0);
  assert.deepEqual(textsOf(window.takeUnconfirmed()), ['a', 'b']);
});

test('messages that are sent again name the batches on disk with their last message', () => {
  const window = new ReplayWindow(1_000, 5_000);
  const key = batchKey(1, 2, 2, 0);
  window.keep(frameOf(['a', 'b']), 2, [key], 7);
  assert.deepEqual(window.takeUnconfirmed(), [
    { text: 'a', done: undefined, atMs: 7, sentMs: 7 },
    { text: 'b', done: undefined, atMs: 7, sentMs: 7, keys: [key] },
  ]);
});
