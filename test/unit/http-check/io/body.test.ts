import assert from 'node:assert/strict';
import type { RequestListener } from 'node:http';
import { connect } from 'node:net';
import { type TestContext, test } from 'node:test';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { TextSearch } from '../../../../nodes/http-check/answer/text-search.ts';
import { type Body, readBody } from '../../../../nodes/http-check/io/body.ts';
import { exchangeHttp1 } from '../../../../nodes/http-check/io/http1.ts';
import { wireRequest } from '../../../../nodes/http-check/request/wire.ts';
import { serve } from '../../../support/http-servers.ts';
import { writeEvery } from '../../../support/pace.ts';

async function read(
  t: TestContext,
  listener: RequestListener,
  limit = 1_000,
  method = 'GET',
  keyword = '',
): Promise<Body> {
  const url = new URL(await serve(t, listener));
  const socket = connect(Number(url.port), url.hostname);
  socket.on('error', () => undefined);
  const request = wireRequest({ url, method, headers: {}, body: undefined }, undefined);
  const answer = await exchangeHttp1(socket, request, { forwarder: undefined, isStrict: false });
  const search = keyword === '' ? undefined : new TextSearch(keyword, 'text/plain');
  return readBody(answer, { limit, search, graceMs: () => 100 });
}

test('a body is decompressed as its encoding says, and its bytes are those of the wire', async (t) => {
  const plain = 'the body '.repeat(50);
  const encoders = {
    gzip: gzipSync,
    'x-gzip': gzipSync,
    deflate: deflateSync,
    ' Deflate ': deflateRawSync,
    br: brotliCompressSync,
    'gzip, gzip': (text: string) => gzipSync(gzipSync(text)),
    'deflate, br': (text: string) => brotliCompressSync(deflateRawSync(text)),
    'utf-8, gzip': gzipSync,
  };
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
    { code: 'BODY_CUT_SHORT' },
  );
});

test('a body without a byte is empty whatever encoding it announces', async (t) => {
  for (const encoding of ['gzip', 'deflate', 'br', 'gzip, gzip']) {
    const body = await read(t, (_, response) => {
      response.setHeader('content-encoding', encoding);
      response.flushHeaders();
      response.end();
    });
    assert.deepEqual([body.body.length, body.bytes, body.truncated], [0, 0, false], encoding);
  }
});

test('more encodings than curl undoes are refused', async (t) => {
  const encodings = Array(6).fill('gzip').join();
  const answer: RequestListener = (_, response) => response.setHeader('content-encoding', encodings).end('x');
  await assert.rejects(read(t, answer), { code: 'TOO_MANY_ENCODINGS' });
});

test('a text is looked for beyond the limit, and what is kept is cut there', async (t) => {
  const page = `${'x'.repeat(5_000)}KEYWORD`;
  const body = await read(t, (_, response) => response.end(page), 1_000, 'GET', 'KEYWORD');
  assert.deepEqual(
    [body.body.length, body.truncated, body.isKeywordFound, body.isUnsearched],
    [1_000, true, true, false],
  );
  const without = await read(t, (_, response) => response.end(page), 1_000, 'GET', 'OTHER');
  assert.deepEqual([without.isKeywordFound, without.isUnsearched], [false, false]);
});

test('a stream without an end ends a little after it has what is looked for, and that wait is known', async (t) => {
  const stops: (() => void)[] = [];
  t.after(() => stops.forEach((stop) => void stop()));
  const body = await read(
    t,
    (_, response) => {
      response.write('data: KEYWORD\n');
      stops.push(writeEvery(10, () => response.write('data: more\n')));
    },
    1_000_000,
    'GET',
    'KEYWORD',
  );
  assert.deepEqual([body.isKeywordFound, body.truncated], [true, true]);
  assert.ok(body.waitedMs >= 90 && body.waitedMs < 5_000, `${body.waitedMs}`);
});
