import assert from 'node:assert/strict';
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { WakeUp } from '../../../../../lib/io/file/wake-up.ts';
import { temporaryFolder } from '../../../../support/folder.ts';
import { real } from '../../../../support/real.ts';
import { PATIENCE_MS } from '../../../../support/until.ts';

const POLL_MS = 1000;
const linux = real('Linux', process.platform === 'linux');

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

/** The first wait that what the system tells once more of the same change does not end. */
async function quiet(waker: WakeUp): Promise<Promise<void>[]> {
  for (;;) {
    const waited = waker.wait(false, true);
    if (!(await isOver(waited))) return [waited];
  }
}

test('where nothing tells of a change it waits for one poll', async (t) => {
  const { waker, tick } = wakeUp(t);
  const waited = waker.wait(false, true);
  tick(POLL_MS - 1);
  assert.equal(await isOver(waited), false);
  tick(1);
  await waited;
});

test('after growth the next look comes at once', async (t) => {
  const { waker } = wakeUp(t);
  await waker.wait(true, true);
});

test('a change of the file ends the wait, and from then on it waits eight times as long', async (t) => {
  const { waker, path, tick } = wakeUp(t);
  waker.watch(path);
  const waited = waker.wait(false, true);
  appendFileSync(path, 'one\n');
  await waited;
  const [next = assert.fail()] = await quiet(waker);
  tick(POLL_MS * 8 - 1);
  assert.equal(await isOver(next), false);
  tick(1);
  await next;
});

test('growth that the system did not tell of makes the waits short again', async (t) => {
  const { waker, path, tick } = wakeUp(t);
  waker.watch(path);
  const told = waker.wait(false, true);
  appendFileSync(path, 'one\n');
  await told;
  await waker.wait(true, true);
  await waker.wait(true, true);
  const waited = waker.wait(false, true);
  await isOver(waited);
  tick(POLL_MS);
  await waited;
});

test('while it is muted a change of the file ends no wait', async (t) => {
  const { waker, path, tick } = wakeUp(t);
  waker.watch(path);
  waker.mute(true);
  const waited = waker.wait(false, true);
  appendFileSync(path, 'one\n');
  assert.equal(await isOver(waited), false);
  tick(POLL_MS);
  await waited;
});

test('wake() and an aborted signal end the wait', async (t) => {
  const { waker, controller } = wakeUp(t);
  const woken = waker.wait(false, true);
  waker.wake();
  await woken;
  const stopped = waker.wait(false, true);
  controller.abort();
  await stopped;
});

test('a file of this machine needs no change to be trusted with telling', linux, async (t) => {
  const { waker, path, tick } = wakeUp(t);
  waker.watch(path);
  // What kind of file it is comes from the disk, some turns later: until then the waits are short.
  const end = performance.now() + PATIENCE_MS;
  let waited: Promise<void>;
  let isShort: boolean;
  do {
    waited = waker.wait(false, true);
    await isOver(waited);
    tick(POLL_MS * 8 - 1);
    isShort = await isOver(waited);
  } while (isShort && performance.now() < end);
  assert.equal(isShort, false);
  tick(1);
  await waited;
  const unsettled = waker.wait(false, false);
  tick(POLL_MS);
  await unsettled;
});
