import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseResponseHead, wordsOfRefusal } from '../../../nodes/docker-engine/response-head.ts';

test('`parseResponseHead()` reads the status, and whether the body comes in chunks', () => {
  assert.deepEqual(parseResponseHead('HTTP/1.0 200 OK\r\nServer: x'), { status: 200, isChunked: false });
  const chunked = 'HTTP/1.1 404 Not Found\r\nTransfer-Encoding: gzip, Chunked';
  assert.deepEqual(parseResponseHead(chunked), { status: 404, isChunked: true });
});

test('`parseResponseHead()` refuses what is no answer of an HTTP/1 server', () => {
  for (const text of ['', 'SSH-2.0-OpenSSH', 'HTTP/2 200', 'HTTP/1.1 OK', ' HTTP/1.1 200'])
    assert.equal(parseResponseHead(text), undefined, text);
});

test('`wordsOfRefusal()` gives the message of the engine, and nothing of a page of something between', () => {
  assert.equal(wordsOfRefusal('{"message":"no such container"}'), 'no such container');
  assert.equal(wordsOfRefusal(`{"message":"${'x'.repeat(600)}"}`)?.length, 501);
  for (const body of ['<html><body><h1>403 Forbidden</h1>', '{"message":7}', 'null', '[]', '{"message":"cut', ''])
    assert.equal(wordsOfRefusal(` ${body}\n`), undefined);
});
