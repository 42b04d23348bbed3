import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LogTail, MOST_OF_TAIL, TailLimits } from '../../../../nodes/docker-logs-in/io/log-tail.ts';

function countingTail(fails = false, limits = new TailLimits()) {
  let opened = 0;
  const tail = new LogTail(async () => {
    opened += 1;
    if (fails) throw new RangeError('gone');
    return Buffer.from(`read ${opened}`);
  }, limits);
  return { tail, opened: () => opened };
}

const text = async (tail: LogTail): Promise<string> => {
  const taken = await tail.take();
  return 'bytes' in taken ? taken.bytes.toString() : String(taken.error);
};

test('what was read at the death of the container is taken, once', async () => {
  const { tail, opened } = countingTail();
  tail.readEarly();
  assert.equal(opened(), 1);
  assert.equal(await text(tail), 'read 1');
  assert.equal(await text(tail), 'read 2');
});

test('what was read at an earlier death is not taken', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { tail } = countingTail();
  tail.readEarly();
  t.mock.timers.tick(2_000);
  assert.equal(await text(tail), 'read 2');
});

test('what has no room while it waits is read again, and what was taken gives its room back', async () => {
  const limits = new TailLimits();
  limits.budget.take(2 * MOST_OF_TAIL);
  const { tail } = countingTail(false, limits);
  tail.readEarly();
  assert.equal(await text(tail), 'read 2');
  limits.budget.release(2 * MOST_OF_TAIL);
  tail.readEarly();
  assert.equal(await text(tail), 'read 3');
  assert.equal(limits.budget.held, 0);
});

test('eight ends are read at once', async () => {
  const limits = new TailLimits();
  let running = 0;
  let most = 0;
  const read = async (): Promise<Buffer> => {
    running += 1;
    most = Math.max(most, running);
    await new Promise(setImmediate);
    running -= 1;
    return Buffer.alloc(0);
  };
  await Promise.all(Array.from({ length: 100 }, () => new LogTail(read, limits).take()));
  assert.equal(most, 8);
});

test('a tail that cannot be read is no rejection', async () => {
  const { tail } = countingTail(true);
  tail.readEarly();
  assert.equal(await text(tail), 'RangeError: gone');
});
