import assert from 'node:assert/strict';
import { test } from 'node:test';
import { batchKey, FIRST_SEQUENCE, parseBatchKey } from '../../../../../nodes/graylog-server/io/buffer/batch-key.ts';

test('a key is read as it was made', () => {
  const made = batchKey(FIRST_SEQUENCE - 1, 200, 65_000, 1_795_000_000_000);
  assert.deepEqual(parseBatchKey(made.key), made);
});

test('keys sort as text in the order of their sequence', () => {
  const keys = [9, 10, FIRST_SEQUENCE - 1, FIRST_SEQUENCE].map((sequence) => batchKey(sequence, 1, 1, 1).key);
  assert.deepEqual([...keys].sort(), keys);
});

test('a text that is no key is none', () => {
  for (const text of ['', '1:1:1:1', '0000000000000001:1:1', '0000000000000001:1:1:x']) {
    assert.equal(parseBatchKey(text), undefined, text);
  }
});
