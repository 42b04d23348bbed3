import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isBlank } from '../../../lib/blank.ts';
import { createWriter } from '../../../nodes/graylog-out/document/writer.ts';

const BLANKS = [
  '',
  ' ',
  '\t',
  '\u0000\u0000',
  '\u001b',
  '\u001c',
  '\u001f',
  '\v\f',
  '\u00a0',
  '\u2028',
  '\ufeff',
  '\u3000 ',
];
const TEXTS = ['x', ' x', '\u0000x', '\u007f', '\u009b', '\u200b', '0', '.'];

test('`isBlank()` is what Java takes off, and white space', () => {
  for (const blank of BLANKS) assert.ok(isBlank(blank), JSON.stringify(blank));
  for (const text of TEXTS) assert.ok(!isBlank(text), JSON.stringify(text));
});

test('what is blank is never a document, in the fast way and in the general one', () => {
  const write = createWriter({ host: 'h', largestBytes: 100_000 });
  for (const more of [{}, { nested: { a: 1 } }]) {
    for (const message of BLANKS)
      assert.equal(write({ message, ...more }, () => 0).fault, 'NO_MESSAGE', JSON.stringify(message));
    for (const message of TEXTS)
      assert.equal(write({ message, ...more }, () => 0).fault, undefined, JSON.stringify(message));
  }
});
