import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chunk } from '../../../nodes/graylog-server/chunk.ts';

const ID = Buffer.from('abcdefgh');
const SIZE = 112;
const PIECE = 100;

function bytes(length: number): Buffer {
  return Buffer.from(Array.from({ length }, (_, i) => i % 251));
}

for (const [length, count] of [
  [SIZE + 1, 2],
  [PIECE * 2, 2],
  [PIECE * 2 + 1, 3],
  [PIECE * 128, 128],
] as const) {
  test(`${length} bytes are ${count} chunks of at most ${SIZE} bytes that make the message again`, () => {
    const chunks = chunk(bytes(length), SIZE, ID);
    assert.equal(chunks.length, count);
    for (const [sequence, part] of chunks.entries()) {
      assert.ok(part.length <= SIZE && part.length > 12);
      assert.deepEqual(part.subarray(0, 12), Buffer.from([0x1e, 0x0f, ...ID, sequence, count]));
    }
    assert.deepEqual(Buffer.concat(chunks.map((part) => part.subarray(12))), bytes(length));
  });
}

test('a message that fits one datagram is sent as it is', () => {
  assert.deepEqual(chunk(bytes(SIZE), SIZE, ID), [bytes(SIZE)]);
});

test('a message of more than 128 chunks is refused', () => {
  assert.throws(() => chunk(bytes(PIECE * 128 + 1), SIZE, ID), { code: 'TOO_MANY_CHUNKS' });
});
