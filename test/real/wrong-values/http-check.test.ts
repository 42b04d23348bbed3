// Risk: a body or a time that is not what the server sent and took.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { test } from 'node:test';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { selfSigned } from '../../support/certificate.ts';
import { bodyText, failureOf } from '../../support/exchange.ts';
import { checkOnce } from '../../support/http-checks.ts';
import { serve, serveTcp, serveTls } from '../../support/http-servers.ts';
import { answerAfter } from '../../support/pace.ts';
import { program, real } from '../../support/real.ts';

const openssl = real('openssl', program('openssl') !== undefined);

test('gzip, deflate, brotli and chunked bodies are read', async (t) => {
  const plain = 'the body '.repeat(1000);
  const encoders = { gzip: gzipSync, deflate: deflateSync, br: brotliCompressSync };
  for (const [encoding, encode] of Object.entries(encoders)) {
    const packed = encode(plain);
    const url = await serve(t, (_request, response) => {
      response.writeHead(200, { 'content-encoding': encoding }).end(packed);
    });
    const exchange = await checkOnce(url);
    assert.equal(bodyText(exchange), plain);
    assert.equal(exchange.bytes, packed.length);
  }
  const chunked = await serve(t, (_request, response) => {
    response.write('one ');
    setImmediate(() => response.end('two'));
  });
  assert.equal(bodyText(await checkOnce(chunked)), 'one two');
});

test('a response without a body is read whatever encoding it announces', async (t) => {
  const url = await serve(t, (request, response) => {
    const code = Number(request.url?.slice(1));
    response.writeHead(code, { 'content-encoding': 'gzip', ...(code === 200 ? { 'content-length': 0 } : {}) }).end();
  });
  for (const [code, method] of [
    [204, 'GET'],
    [200, 'GET'],
    [201, 'HEAD'],
  ] as const) {
    const exchange = await checkOnce(`${url}/${code}`, { method });
    assert.deepEqual([exchange.failure, exchange.responseCode, exchange.bytes], [undefined, code, 0]);
  }
});

test('method, headers and body arrive at the server', async (t) => {
  const url = await serve(t, async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    response.end(`${request.method} ${request.headers['content-type']} ${Buffer.concat(chunks)}`);
  });
  const request = { method: 'POST', headers: { 'content-type': 'text/plain' }, body: 'größe' };
  assert.equal(bodyText(await checkOnce(url, request)), 'POST text/plain größe');
});

test('a server on IPv6 alone is reached, and not when IPv4 is demanded', real('IPv6', await hasIpv6()), async (t) => {
  const url = await serve(t, (_request, response) => response.end('six'), '::1');
  assert.equal(bodyText(await checkOnce(url)), 'six');
  assert.equal(bodyText(await checkOnce(url, { family: 6 })), 'six');
  assert.equal(failureOf(await checkOnce(url, { family: 4 })), 'dns_error in dns');
});

async function hasIpv6(): Promise<boolean> {
  const { createServer } = await import('node:net');
  const server = createServer().listen(0, '::1');
  const listening = await once(server, 'listening').then(
    () => true,
    () => false,
  );
  server.close();
  return listening;
}

test('the time to the first byte and of the body are those of the clock of the server', async (t) => {
  const server = { waited: 0, wrote: 0 };
  const url = await serve(t, (_request, response) => {
    const arrived = performance.now();
    answerAfter(150, () => {
      server.waited = performance.now() - arrived;
      const began = performance.now();
      response.write('first');
      answerAfter(120, () => {
        server.wrote = performance.now() - began;
        response.end('last');
      });
    });
  });
  const { phases, totalMs } = await checkOnce(url);
  const { first_byte = 0, body = 0, connect: tcp = 0 } = phases;
  // A busy machine makes it later, never earlier; a millisecond is for the clocks' rounding.
  assert.ok(first_byte >= server.waited - 1 && first_byte < server.waited + 500, `${first_byte} ${server.waited}`);
  assert.ok(body >= server.wrote - 5 && body < server.wrote + 500, `${body} ${server.wrote}`);
  assert.ok(tcp < 500 && Math.abs(tcp + first_byte + body - totalMs) < 100, `${totalMs}`);
});

test('the time of the TLS handshake is that of the server, and none of the others', openssl, async (t) => {
  const certificate = selfSigned();
  const url = await serveTls(t, certificate, (_request, response) => response.end('late'));
  const port = Number(new URL(url).port);
  const front = await serveTcp(t, (socket) => {
    socket.pause();
    answerAfter(300, () => {
      const behind = connect(port, 'localhost').on('error', () => undefined);
      socket.pipe(behind).pipe(socket);
      socket.on('close', () => behind.destroy());
    });
  });
  const { phases, failure } = await checkOnce(`https://127.0.0.1:${front}/`, { tls: { ca: certificate.cert } });
  assert.equal(failure, undefined);
  assert.ok((phases.tls ?? 0) >= 299, `${phases.tls}`);
  assert.ok((phases.connect ?? 0) < 250 && (phases.first_byte ?? 0) < 250);
  assert.equal(phases.dns, undefined);
});
