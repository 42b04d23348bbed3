import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type Entry, Queue, settle } from '../../../../../nodes/graylog-server/io/buffer/queue.ts';

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
