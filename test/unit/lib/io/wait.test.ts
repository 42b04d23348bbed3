import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WakeableWait, wait } from '../../../../lib/io/wait.ts';

const LONG_MS = 60_000;

test('`wait()` resolves after its time', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const order: string[] = [];
  const waited = wait(100, new AbortController().signal).then(() => order.push('waited'));
  t.mock.timers.tick(99);
  await Promise.resolve();
  order.push('99 ms');
  t.mock.timers.tick(1);
  await waited;
  assert.deepEqual(order, ['99 ms', 'waited']);
});

test('`wait()` ends at once when its signal aborts, and does not begin when it is aborted already', async () => {
  const controller = new AbortController();
  const waited = wait(LONG_MS, controller.signal);
  controller.abort();
  await waited;
  await wait(LONG_MS, controller.signal);
});

test('a wakeable wait ends by `wake()`', async () => {
  const waiting = new WakeableWait(new AbortController().signal);
  const waited = waiting.for();
  assert.equal(waiting.isWaiting, true);
  waiting.wake();
  await waited;
  assert.equal(waiting.isWaiting, false);
});

test('a wake that comes while nobody waits ends the next wait, and only that one', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const waiting = new WakeableWait(new AbortController().signal);
  waiting.wake();
  await waiting.for(LONG_MS);
  let isOver = false;
  const second = waiting.for(LONG_MS).then(() => {
    isOver = true;
  });
  await Promise.resolve();
  assert.equal(isOver, false);
  t.mock.timers.tick(LONG_MS);
  await second;
});

test('an aborted signal ends every wait, now and later', async () => {
  const controller = new AbortController();
  const waiting = new WakeableWait(controller.signal);
  const waited = waiting.for(LONG_MS);
  controller.abort();
  await waited;
  await waiting.for(LONG_MS);
  await waiting.for();
});
