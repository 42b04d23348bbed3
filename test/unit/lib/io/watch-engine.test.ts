import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { watchEngine } from '../../../../lib/io/watch-engine.ts';

test('a quiet engine is asked every half minute, one question at a time', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  let asked = 0;
  let answer = (): void => undefined;
  const controller = new AbortController();
  const ask = (): Promise<void> => {
    asked += 1;
    return new Promise((resolve) => {
      answer = resolve;
    });
  };
  const ended = watchEngine({ ask, lost: () => assert.fail() }, controller.signal);
  t.mock.timers.tick(29_999);
  await nextTurn();
  assert.equal(asked, 0);
  t.mock.timers.tick(1);
  await nextTurn();
  assert.equal(asked, 1);
  t.mock.timers.tick(60_000);
  await nextTurn();
  assert.equal(asked, 1);
  answer();
  await nextTurn();
  t.mock.timers.tick(30_000);
  await nextTurn();
  assert.equal(asked, 2);
  answer();
  controller.abort();
  await ended;
});

test('an engine that does not answer is told, unless the watch has ended', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const lost: unknown[] = [];
  const controller = new AbortController();
  let fail = (_error: unknown): void => undefined;
  const ask = (): Promise<never> =>
    new Promise((_, reject) => {
      fail = reject;
    });
  const ended = watchEngine({ ask, lost: (error) => lost.push(error), everyMs: 10 }, controller.signal);
  for (const wanted of [['gone'], ['gone']]) {
    t.mock.timers.tick(10);
    await nextTurn();
    if (lost.length > 0) controller.abort();
    fail('gone');
    await nextTurn();
    assert.deepEqual(lost, wanted);
  }
  await ended;
});
