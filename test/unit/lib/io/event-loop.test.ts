import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sendInBatches } from '../../../../lib/io/event-loop.ts';

const numbers = (count: number): number[] => Array.from({ length: count }, (_, n) => n);

test('`sendInBatches()` gives every item in order, a few in each turn of the event loop', async () => {
  let turn = 0;
  let isOver = false;
  const count = (): void => {
    turn += 1;
    if (!isOver) setImmediate(count);
  };
  count();
  const parts: { turn: number; items: readonly number[] }[] = [];
  await sendInBatches(
    numbers(70),
    () => 32,
    (items) => parts.push({ turn, items }),
  );
  isOver = true;
  assert.deepEqual(
    parts.map(({ items }) => items.length),
    [32, 32, 6],
  );
  assert.deepEqual(
    parts.flatMap(({ items }) => items),
    numbers(70),
  );
  assert.equal(new Set(parts.map((part) => part.turn)).size, 3);
});

test('`sendInBatches()` gives few items at once, in the turn it is called in', () => {
  const given: number[] = [];
  void sendInBatches(
    numbers(3),
    () => 32,
    (items) => given.push(...items),
  );
  assert.deepEqual(given, [0, 1, 2]);
});
