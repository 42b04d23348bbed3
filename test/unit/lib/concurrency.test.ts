import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { eachLimited } from '../../../lib/concurrency.ts';

test('`eachLimited()` runs every job, and no more at once than the limit', async () => {
  let running = 0;
  let most = 0;
  const done: number[] = [];
  await eachLimited([1, 2, 3, 4, 5], 2, async (item) => {
    running += 1;
    most = Math.max(most, running);
    await nextTurn();
    running -= 1;
    done.push(item);
  });
  assert.deepEqual(done, [1, 2, 3, 4, 5]);
  assert.equal(most, 2);
});

test('`eachLimited()` rejects with the first failure, and is done at once where there is nothing to do', async () => {
  await assert.rejects(
    eachLimited([1, 2], 2, async (item) => {
      if (item === 2) throw new RangeError('two');
    }),
    RangeError,
  );
  await eachLimited([], 8, () => assert.fail());
});
