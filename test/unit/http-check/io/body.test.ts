import assert from 'node:assert/strict';
import { once } from 'node:events';
import { get, type IncomingMessage, type RequestListener, request as send } from 'node:http';
import { type TestContext, test } from 'node:test';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { type Body, readBody } from '../../../../nodes/http-check/io/body.ts';
import { serve } from '../../../support/http-servers.ts';

async function read(t: TestContext, listener: RequestListener, limit = 1_000, method = 'GET'): Promise<Body> {
  const url = await serve(t, listener);
  const request = method === 'GET' ? get(url) : send(url, { method }).end();
  request.on('error', () => undefined);
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  return readBody(response, limit);
}

test('a body is decompressed as its encoding says, and its bytes are those of the wire', async (t) => {
  const plain = 'the body '.repeat(50);
  const encoders = { gzip: gzipSync, 'x-gzip': gzipSync, deflate: deflateSync, br: brotliCompressSync };
  for (const [encoding, encode] of Object.entries(encoders)) {
    const packed = encode(plain);
    const body = await read(t, (_, response) => response.setHeader('content-encoding', encoding).end(packed));
    assert.equal(String(body.body), plain, encoding);
    assert.equal(body.bytes, packed.length);
  }
});

test('a body in no encoding, or in an unknown one, is taken as it is', async (t) => {
  for (const encoding of ['identity', 'unheard-of']) {
    const body = await read(t, (_, response) => response.setHeader('content-encoding', encoding).end('as it is'));
    assert.deepEqual([String(body.body), body.bytes, body.truncated], ['as it is', 8, false]);
  }
});

test('a body is cut at the limit of what is unpacked, and at no less', async (t) => {
  const packed = gzipSync('x'.repeat(10_000));
  const answer: RequestListener = (_, response) => response.setHeader('content-encoding', 'gzip').end(packed);
  const cut = await read(t, answer, 100);
  assert.deepEqual([cut.body.length, cut.truncated], [100, true]);
  const whole = await read(t, answer, 10_000);
  assert.deepEqual([whole.body.length, whole.truncated], [10_000, false]);
});

test('an answer that has no body is not decompressed, whatever it announces', async (t) => {
  const body = await read(t, (_, response) => response.setHeader('content-encoding', 'gzip').end(), 10, 'HEAD');
  assert.deepEqual([body.body.length, body.truncated], [0, false]);
  const empty = await read(t, (_, response) => response.writeHead(204, { 'content-encoding': 'gzip' }).end());
  assert.equal(empty.body.length, 0);
});

test('a body that is not what its encoding says, or breaks off, rejects', async (t) => {
  await assert.rejects(
    read(t, (_, response) => response.setHeader('content-encoding', 'gzip').end('not gzip')),
    { code: 'Z_DATA_ERROR' },
  );
  await assert.rejects(
    read(t, (request, response) => {
      response.writeHead(200, { 'content-length': 100 }).write('half', () => request.socket.destroy());
    }),
    { code: 'ECONNRESET' },
  );
});
