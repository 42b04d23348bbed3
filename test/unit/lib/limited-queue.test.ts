import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LimitedQueue } from '../../../lib/limited-queue.ts';

test('so many jobs run at once, in the order they came, and one that fails stops no other', async () => {
  const queue = new LimitedQueue(3);
  const begun: number[] = [];
  let running = 0;
  let most = 0;
  const jobs = Array.from({ length: 20 }, (_, number) =>
    queue.run(async () => {
      begun.push(number);
      running += 1;
      most = Math.max(most, running);
      await new Promise(setImmediate);
      running -= 1;
      if (number === 4) throw new Error('four');
      return number;
    }),
  );
  const results = await Promise.allSettled(jobs);
  assert.equal(most, 3);
  assert.deepEqual(
    begun,
    Array.from({ length: 20 }, (_, number) => number),
  );
  assert.deepEqual(
    results
      .filter(({ status }) => status === 'rejected')
      .map((result) => (result as PromiseRejectedResult).reason.message),
    ['four'],
  );
});
