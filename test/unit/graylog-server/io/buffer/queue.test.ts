import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { batchKey } from '../../../../../nodes/graylog-server/io/buffer/batch-key.ts';
import { type Entry, Queue, settle } from '../../../../../nodes/graylog-server/io/buffer/queue.ts';
import { frameOf } from '../../../../../nodes/graylog-server/io/ship/frame-pool.ts';
import { ReplayWindow } from '../../../../../nodes/graylog-server/io/ship/replay-window.ts';

function entry(text: string, more: Partial<Entry> = {}): Entry {
  return { text, done: undefined, atMs: 0, ...more };
}

const textsOf = (entries: readonly Entry[]): string[] => entries.map(({ text }) => text);

test('a queue gives what was put in, in order, up to the limit but at least one', () => {
  const queue = new Queue();
  for (const text of ['aaa', 'bb', 'c']) queue.enqueue(entry(text));
  assert.equal(queue.size, 6);
  assert.deepEqual(textsOf(queue.dequeueBatch(1)), ['aaa']);
  assert.deepEqual(textsOf(queue.dequeueBatch(3)), ['bb', 'c']);
  assert.deepEqual([queue.size, queue.length, queue.dequeueBatch(10)], [0, 0, []]);
});

test('what is put back comes first, also after many were taken', () => {
  const queue = new Queue();
  for (let n = 0; n < 20_000; n += 1) queue.enqueue(entry(`${n}`.padStart(5, '0')));
  const taken = queue.dequeueBatch(5 * 15_000);
  queue.putBack(taken.slice(14_000));
  const rest = textsOf(queue.dequeueAll()).map(Number);
  assert.deepEqual(
    rest,
    Array.from({ length: 6_000 }, (_, i) => 14_000 + i),
  );
});

test('a queue lets go of what was taken, also while others wait', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const queue = new Queue();
  for (let n = 0; n < 100; n += 1) queue.enqueue(entry(`${n}`.padStart(5, '0')));
  const taken = queue.dequeueBatch(5 * 90).map((one) => new WeakRef(one));
  assert.equal(taken.length, 90);
  // A reference that was made in a turn holds until its end.
  await nextTurn();
  collect();
  assert.equal(taken.filter((one) => one.deref() !== undefined).length, 0);
  assert.equal(queue.length, 10);
});

test('`done` of a message is called once', () => {
  let calls = 0;
  const one = entry('a', {
    done: () => {
      calls += 1;
    },
  });
  const queue = new Queue();
  queue.enqueue(one);
  queue.settleAll();
  settle(one, new Error('later'));
  assert.equal(calls, 1);
});

test('a `done` that throws holds nothing up', () => {
  const thrower = (): never => {
    throw new Error('the msg cannot be copied');
  };
  assert.doesNotThrow(() => settle(entry('a', { done: thrower })));
});

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
