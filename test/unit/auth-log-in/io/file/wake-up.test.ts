import assert from 'node:assert/strict';
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { WakeUp } from '../../../../../nodes/auth-log-in/io/file/wake-up.ts';
import { temporaryFolder } from '../../../../support/folder.ts';

const POLL_MS = 1000;

/** A wake-up with a file, on a clock that only `tick` moves. */
function wakeUp(t: TestContext) {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const path = join(temporaryFolder(), 'auth.log');
  writeFileSync(path, '');
  const controller = new AbortController();
  const waker = new WakeUp(POLL_MS, controller.signal);
  t.after(() => waker.unwatch());
  return { path, waker, controller, tick: (ms: number) => t.mock.timers.tick(ms) };
}

/** Whether a promise has resolved by the next turn of the event loop. */
async function isOver(promise: Promise<void>): Promise<boolean> {
  let over = false;
  void promise.then(() => {
    over = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  return over;
}

test('where nothing tells of a change it waits for one poll', async (t) => {
  const { waker, tick } = wakeUp(t);
  const waited = waker.wait(false);
  tick(POLL_MS - 1);
  assert.equal(await isOver(waited), false);
  tick(1);
  await waited;
});

test('after growth the next look comes at once', async (t) => {
  const { waker } = wakeUp(t);
  await waker.wait(true);
});

test('a change of the file ends the wait, and from then on it waits four times as long', async (t) => {
  const { waker, path, tick } = wakeUp(t);
  waker.watch(path);
  const waited = waker.wait(false);
  appendFileSync(path, 'one\n');
  await waited;
  waker.unwatch();
  // What the system tells once more of the same change.
  if (await isOver(waker.wait(false))) await isOver(waker.wait(false));
  const next = waker.wait(false);
  tick(POLL_MS * 4 - 1);
  assert.equal(await isOver(next), false);
  tick(1);
  await next;
});

test('growth that the system did not tell of makes the waits short again', async (t) => {
  const { waker, path, tick } = wakeUp(t);
  waker.watch(path);
  const told = waker.wait(false);
  appendFileSync(path, 'one\n');
  await told;
  waker.unwatch();
  await waker.wait(true);
  await waker.wait(true);
  const waited = waker.wait(false);
  await isOver(waited);
  tick(POLL_MS);
  await waited;
});

test('while it is muted a change of the file ends no wait', async (t) => {
  const { waker, path, tick } = wakeUp(t);
  waker.watch(path);
  waker.mute(true);
  const waited = waker.wait(false);
  appendFileSync(path, 'one\n');
  assert.equal(await isOver(waited), false);
  tick(POLL_MS);
  await waited;
});

test('wake() and an aborted signal end the wait', async (t) => {
  const { waker, controller } = wakeUp(t);
  const woken = waker.wait(false);
  waker.wake();
  await woken;
  const stopped = waker.wait(false);
  controller.abort();
  await stopped;
});
