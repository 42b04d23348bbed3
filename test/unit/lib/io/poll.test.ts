import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { Poll } from '../../../../lib/io/poll.ts';

const SECOND = 1000;

/** A clock that only `pass()` moves, for timers and for `performance.now()`. */
function clock(t: TestContext): { now(): number; pass(ms: number): Promise<void> } {
  let nowMs = 0;
  t.mock.timers.enable({ apis: ['setTimeout', 'setInterval'] });
  t.mock.method(performance, 'now', () => nowMs);
  return {
    now: () => nowMs,
    async pass(ms) {
      for (let step = 0; step < ms; step += 1) {
        nowMs += 1;
        t.mock.timers.tick(1);
        // What a job does after its promise is fulfilled happens before the next millisecond.
        await Promise.resolve().then(() => undefined);
      }
    },
  };
}

function start(t: TestContext, intervalMs: number, job: () => Promise<void>, firstMs?: number): Poll {
  const poll = new Poll(intervalMs, job);
  t.after(() => poll.stop());
  poll.start(firstMs);
  return poll;
}

test('a poll runs the job at once and then at every interval', async (t) => {
  const time = clock(t);
  const runs: number[] = [];
  start(t, 10 * SECOND, async () => void runs.push(time.now()));
  await time.pass(30 * SECOND);
  assert.deepEqual(runs, [0, 10_000, 20_000, 30_000]);
});

test('the second turn of a poll comes after its phase, and the others an interval apart', async (t) => {
  const time = clock(t);
  const runs: number[] = [];
  const poll = new Poll(10 * SECOND, async () => void runs.push(time.now()), 12 * SECOND);
  t.after(() => poll.stop());
  poll.start();
  await time.pass(35 * SECOND);
  assert.deepEqual(runs, [0, 12_000, 22_000, 32_000]);
});

test('a poll waits before the first run where it is told to', async (t) => {
  const time = clock(t);
  const runs: number[] = [];
  start(t, 10 * SECOND, async () => void runs.push(time.now()), 3 * SECOND);
  await time.pass(25 * SECOND);
  assert.deepEqual(runs, [3000, 13_000, 23_000]);
});

test('a job that takes longer than the interval is never run twice at once and skips the turns it missed', async (t) => {
  const time = clock(t);
  const runs: number[] = [];
  let finish = (): void => undefined;
  start(t, 10 * SECOND, () => {
    runs.push(time.now());
    return new Promise((resolve) => {
      finish = resolve;
    });
  });
  await time.pass(25 * SECOND);
  assert.deepEqual(runs, [0]);
  finish();
  await time.pass(10 * SECOND);
  assert.deepEqual(runs, [0, 30_000]);
});

test('a turn that came late does not make the later ones late', async (t) => {
  const time = clock(t);
  const runs: number[] = [];
  // Half a second of the process's time goes by in which no timer can fire.
  let late = 0;
  t.mock.method(performance, 'now', () => time.now() + late);
  start(t, 10 * SECOND, async () => void runs.push(time.now() + late));
  await time.pass(5 * SECOND);
  late = 500;
  await time.pass(20 * SECOND);
  assert.deepEqual(runs.slice(0, 3), [0, 10_500, 20_000]);
});

test('an interval of 0 never runs', async (t) => {
  const time = clock(t);
  let runs = 0;
  start(t, 0, async () => {
    runs += 1;
  });
  await time.pass(60 * SECOND);
  assert.equal(runs, 0);
});

test('`stop()` ends the turns, also before the first one', async (t) => {
  const time = clock(t);
  const runs: string[] = [];
  const running = start(t, 10 * SECOND, async () => void runs.push('a'));
  running.stop();
  start(t, 10 * SECOND, async () => void runs.push('b'), 5 * SECOND).stop();
  const late = new Poll(10 * SECOND, async () => void runs.push('c'));
  late.stop();
  late.start();
  await time.pass(60 * SECOND);
  assert.deepEqual(runs, ['a']);
});
