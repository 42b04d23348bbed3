import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Backoff } from '../../../../lib/backoff.ts';
import { Reconnector } from '../../../../lib/io/reconnect.ts';

/** Waits 1 s, then 2 s, and so on. */
const doublingBackoff = (): Backoff => new Backoff(1_000, 60_000, () => 1);

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve()));
}

test('a lost session is told and followed by another one after the back-off', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const lost: unknown[] = [];
  let sessions = 0;
  const reconnector = new Reconnector({
    session: async () => {
      sessions += 1;
      throw sessions;
    },
    lost: (error) => lost.push(error),
    backoff: doublingBackoff(),
  });
  await nextTurn();
  assert.deepEqual(lost, [1]);
  t.mock.timers.tick(999);
  await nextTurn();
  assert.equal(sessions, 1);
  t.mock.timers.tick(1);
  await nextTurn();
  assert.deepEqual(lost, [1, 2]);
  t.mock.timers.tick(1_999);
  await nextTurn();
  assert.equal(sessions, 2);
  t.mock.timers.tick(1);
  await nextTurn();
  assert.equal(sessions, 3);
  await reconnector.stop();
  t.mock.timers.tick(60_000);
  await nextTurn();
  assert.equal(sessions, 3);
});

test('a session that was established begins the back-off anew', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  let sessions = 0;
  const reconnector = new Reconnector({
    session: async (_signal, established) => {
      sessions += 1;
      if (sessions > 1) established();
      throw new Error('lost');
    },
    lost: () => undefined,
    backoff: doublingBackoff(),
  });
  for (const wanted of [2, 3, 4]) {
    await nextTurn();
    t.mock.timers.tick(1_000);
    await nextTurn();
    assert.equal(sessions, wanted);
  }
  await reconnector.stop();
});

test('a session that stood and was cut is told only where the next one fails', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const lost: unknown[] = [];
  let cut = (_reason: unknown): void => undefined;
  let stands = (): void => undefined;
  const reconnector = new Reconnector({
    session: (_signal, established) =>
      new Promise((_, reject) => {
        stands = established;
        cut = reject;
      }),
    lost: (error) => lost.push(error),
    backoff: doublingBackoff(),
  });
  const sessionEnds = async (reason: string, stoodMs?: number): Promise<void> => {
    if (stoodMs !== undefined) {
      stands();
      t.mock.timers.tick(stoodMs);
    }
    cut(reason);
    await nextTurn();
    t.mock.timers.tick(60_000);
    await nextTurn();
  };
  await sessionEnds('cut when quiet', 5_000);
  await sessionEnds('cut again', 2_000);
  assert.deepEqual(lost, []);
  await sessionEnds('refused');
  assert.deepEqual(lost, ['refused']);
  await sessionEnds('cut at once', 1_999);
  assert.deepEqual(lost, ['refused', 'cut at once']);
  const stopped = reconnector.stop();
  cut('stopped');
  await stopped;
});

test('a stop ends the session by its signal, waits for it, and is no loss', async () => {
  let ended = false;
  const reconnector = new Reconnector({
    session: async (signal) => {
      await untilAborted(signal);
      await nextTurn();
      ended = true;
      throw new Error('closed');
    },
    lost: () => assert.fail(),
  });
  await reconnector.stop();
  assert.ok(ended);
});

test('the signal of a session aborts also when the session ends by itself', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const signals: AbortSignal[] = [];
  const reconnector = new Reconnector({
    session: async (signal) => {
      signals.push(signal);
      throw new Error('lost');
    },
    lost: () => undefined,
  });
  await nextTurn();
  assert.deepEqual(
    signals.map(({ aborted }) => aborted),
    [true],
  );
  await reconnector.stop();
});

test('a session that does not end is left behind after a second', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const reconnector = new Reconnector({ session: () => new Promise(() => undefined), lost: () => undefined });
  let isStopped = false;
  const stopped = reconnector.stop().then(() => {
    isStopped = true;
  });
  t.mock.timers.tick(999);
  await nextTurn();
  assert.ok(!isStopped);
  t.mock.timers.tick(1);
  await stopped;
});
