import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Semaphore } from '../../../../lib/io/semaphore.ts';

test('a lane is handed to whoever waits longest', async () => {
  const lanes = new Semaphore(1, 1_000);
  assert.equal(await lanes.acquire(), true);
  const order: number[] = [];
  const first = lanes.acquire().then(() => order.push(1));
  const second = lanes.acquire().then(() => order.push(2));
  lanes.release();
  await first;
  lanes.release();
  await second;
  assert.deepEqual(order, [1, 2]);
});

test('who finds no lane within the patience goes without, and takes none from the others', async () => {
  const lanes = new Semaphore(1, 5);
  await lanes.acquire();
  assert.equal(await lanes.acquire(), false);
  lanes.release();
  assert.equal(await lanes.acquire(), true);
});
