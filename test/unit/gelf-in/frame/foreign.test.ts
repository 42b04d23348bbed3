import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deflateSync, gzipSync } from 'node:zlib';
import { foreignStream } from '../../../../nodes/gelf-in/frame/foreign.ts';

test('`foreignStream()` knows packed documents, TLS and HTTP by their first bytes, and lets GELF pass', () => {
  assert.equal(foreignStream(gzipSync('{"a":1}')), 'compressed');
  for (const level of [1, 6, 9]) assert.equal(foreignStream(deflateSync('{"a":1}', { level })), 'compressed');
  assert.equal(foreignStream(Buffer.from([0x16, 0x03, 0x01, 0x02])), 'tls');
  for (const method of ['GET', 'POST', 'OPTIONS'])
    assert.equal(foreignStream(Buffer.from(`${method} / HTTP/1.1`)), 'http');
  for (const text of ['{"a":1}', '{', '', ' {"a":1}', '\ufeff{', 'GETTING'])
    assert.equal(foreignStream(Buffer.from(text)), undefined);
});
