import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createProgress } from '../../../nodes/docker-logs-in/progress.ts';

test('a track hands on in the same turn where nothing waits, and says when it is done', async () => {
  const said: string[] = [];
  const track = createProgress();
  track.hand(
    1,
    async () => {
      said.push('handed on');
    },
    () => said.push('done'),
  );
  await undefined;
  assert.deepEqual(said, ['handed on']);
  assert.equal(track.waiting, 1);
  await nextTurn();
  assert.deepEqual(said, ['handed on', 'done']);
  assert.equal(track.waiting, 0);
});

test('what comes while a job takes turns waits for its end, also when it hands on nothing itself', async () => {
  const said: string[] = [];
  const track = createProgress();
  const job = (name: string, turns: number) => async (): Promise<void> => {
    for (let turn = 0; turn < turns; turn += 1) {
      said.push(`${name}${turn}`);
      await nextTurn();
    }
  };
  track.hand(3, job('a', 3), () => said.push('a done'));
  track.hand(2, job('b', 2), () => said.push('b done'));
  assert.equal(track.waiting, 5);
  await new Promise<void>((resolve) => track.hand(0, job('never', 1), resolve));
  assert.deepEqual(said, ['a0', 'a1', 'a2', 'a done', 'b0', 'b1', 'b done']);
  assert.equal(track.waiting, 0);
});
