import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Semaphore } from '../../../../lib/io/semaphore.ts';

test('a place is handed to the caller that waits longest', async () => {
  const places = new Semaphore(1, 1_000);
  assert.equal(await places.acquire(), true);
  const order: number[] = [];
  const first = places.acquire().then(() => order.push(1));
  const second = places.acquire().then(() => order.push(2));
  places.release();
  await first;
  places.release();
  await second;
  assert.deepEqual(order, [1, 2]);
});

test('a caller that finds no place in time goes without, and takes none from the others', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const places = new Semaphore(1, 5);
  await places.acquire();
  const late = places.acquire();
  t.mock.timers.tick(5);
  assert.equal(await late, false);
  places.release();
  assert.equal(await places.acquire(), true);
});
