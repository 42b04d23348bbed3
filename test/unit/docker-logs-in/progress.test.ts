import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { LogProgress } from '../../../nodes/docker-logs-in/progress.ts';

test('messages are handed on in the same turn where nothing waits, and `then` hears when they are', async () => {
  const said: string[] = [];
  const progress = new LogProgress();
  progress.handOn(
    1,
    async () => {
      said.push('handed on');
    },
    () => said.push('done'),
  );
  await undefined;
  assert.deepEqual(said, ['handed on']);
  assert.equal(progress.waiting, 1);
  await nextTurn();
  assert.deepEqual(said, ['handed on', 'done']);
  assert.equal(progress.waiting, 0);
});

test('what comes while a job takes turns waits for its end, also when it hands on nothing itself', async () => {
  const said: string[] = [];
  const progress = new LogProgress();
  const job = (name: string, turns: number) => async (): Promise<void> => {
    for (let turn = 0; turn < turns; turn += 1) {
      said.push(`${name}${turn}`);
      await nextTurn();
    }
  };
  progress.handOn(3, job('a', 3), () => said.push('a done'));
  progress.handOn(2, job('b', 2), () => said.push('b done'));
  assert.equal(progress.waiting, 5);
  await new Promise<void>((resolve) => progress.handOn(0, job('never', 1), resolve));
  assert.deepEqual(said, ['a0', 'a1', 'a2', 'a done', 'b0', 'b1', 'b done']);
  assert.equal(progress.waiting, 0);
});

test('a position is safe once it was reached a moment ago', () => {
  const progress = new LogProgress({ finished: 'x' });
  assert.deepEqual(progress.position, { finished: 'x' });
  assert.equal(progress.safePosition(0), undefined);
  progress.reached({ pending: 'a' }, 1_000);
  assert.equal(progress.safePosition(1_100), undefined);
  assert.deepEqual(progress.safePosition(3_000), { pending: 'a' });
});
