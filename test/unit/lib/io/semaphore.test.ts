import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSemaphore } from '../../../../lib/io/semaphore.ts';

test('a lane is handed to whoever waits longest', async () => {
  const lanes = createSemaphore(1, 1_000);
  assert.equal(await lanes.take(), true);
  const order: number[] = [];
  const first = lanes.take().then(() => order.push(1));
  const second = lanes.take().then(() => order.push(2));
  lanes.give();
  await first;
  lanes.give();
  await second;
  assert.deepEqual(order, [1, 2]);
});

test('who finds no lane within the patience goes without, and takes none from the others', async () => {
  const lanes = createSemaphore(1, 5);
  await lanes.take();
  assert.equal(await lanes.take(), false);
  lanes.give();
  assert.equal(await lanes.take(), true);
});
