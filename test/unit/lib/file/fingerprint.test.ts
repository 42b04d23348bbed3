import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isFinishedFile, isSameFile, SHORT_FINGERPRINT } from '../../../../lib/file/fingerprint.ts';

const long = { inode: '7', head: { length: SHORT_FINGERPRINT, crc: 1 } };
const short = { inode: '7', head: { length: SHORT_FINGERPRINT - 1, crc: 1 } };

test('isSameFile() knows a file by its first bytes, and by its inode too where those are few', () => {
  assert.equal(isSameFile(long, '7', 1), true);
  assert.equal(isSameFile(long, '8', 1), true, 'a copy');
  assert.equal(isSameFile(long, '7', 2), false, 'another file with a used inode');
  assert.equal(isSameFile(long, '7', undefined), false, 'a shorter file');
  assert.equal(isSameFile(short, '7', 1), true);
  assert.equal(isSameFile(short, '8', 1), false);
});

test('isFinishedFile() takes a file with a short fingerprint for a new one once it is longer', () => {
  assert.equal(isFinishedFile(short, '7', 1, SHORT_FINGERPRINT - 1), true);
  assert.equal(isFinishedFile(short, '7', 1, SHORT_FINGERPRINT), false);
  assert.equal(isFinishedFile(long, '7', 1, 5000), true);
});
