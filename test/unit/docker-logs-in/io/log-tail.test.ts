import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { LogTail } from '../../../../nodes/docker-logs-in/io/log-tail.ts';

function countingTail(fails = false) {
  let opened = 0;
  const tail = new LogTail(async () => {
    opened += 1;
    if (fails) throw new RangeError('gone');
    return Readable.from([Buffer.from(`read ${opened}`)]);
  });
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
  const { tail } = countingTail();
  let nowMs = 10_000;
  t.mock.method(performance, 'now', () => nowMs);
  tail.readEarly();
  nowMs += 2_000;
  assert.equal(await text(tail), 'read 2');
});

test('a tail that cannot be read is no rejection', async () => {
  const { tail } = countingTail(true);
  tail.readEarly();
  assert.equal(await text(tail), 'RangeError: gone');
});
