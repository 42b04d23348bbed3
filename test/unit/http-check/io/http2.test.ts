import assert from 'node:assert/strict';
import { once } from 'node:events';
import {
  createSecureServer,
  createServer,
  type Http2Server,
  type Http2ServerRequest,
  type Http2ServerResponse,
} from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { Http2Origins } from '../../../../nodes/http-check/io/http2.ts';
import { createTools } from '../../../../nodes/http-check/io/tools.ts';
import { selfSigned } from '../../../support/certificate.ts';
import { bodyText } from '../../../support/exchange.ts';
import { checkOnce, failureReason } from '../../../support/http-checks.ts';
import { serveTcp, serveTls } from '../../../support/http-servers.ts';
import { nginx, startNginx } from '../../../support/nginx.ts';
import { program, real } from '../../../support/real.ts';

const openssl = real('openssl', program('openssl') !== undefined);

type Listener = (request: Http2ServerRequest, response: Http2ServerResponse) => unknown;

/** Listens until the test ends; its port. */
async function listen(t: TestContext, server: Http2Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => sockets.add(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return (server.address() as AddressInfo).port;
}

/** A server of HTTP/2 and nothing else, over TLS; how often it was connected to. */
async function serveHttp2(t: TestContext, listener: Listener) {
  const { cert, key } = selfSigned();
  const server = createSecureServer({ cert, key, ALPNProtocols: ['h2'] });
  server.on('request', (request, response) => void listener(request, response));
  const counted = { url: '', handshakes: 0, tls: { ca: cert } };
  server.on('secureConnection', () => {
    counted.handshakes += 1;
  });
  counted.url = `https://localhost:${await listen(t, server as unknown as Http2Server)}`;
  return counted;
}

test('a server that speaks HTTP/2 alone is asked in it, and at once the next time', openssl, async (t) => {
  const server = await serveHttp2(t, async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const seen = [request.httpVersion, request.method, request.headers['x-mine'], request.authority, body].join(' ');
    response.writeHead(200, { 'content-type': 'text/plain', 'content-encoding': 'gzip' });
    response.end(gzipSync(seen));
  });
  const tools = createTools();
  const headers = { 'x-mine': '7', connection: 'close', te: 'gzip', host: 'other.test' };
  const request = { tls: server.tls, method: 'POST', headers, body: 'größe' };
  for (const handshakes of [1, 2]) {
    const exchange = await checkOnce(server.url, request, tools.resolver, tools);
    assert.equal(bodyText(exchange), '2.0 POST 7 other.test größe', failureReason(exchange));
    assert.deepEqual([exchange.responseCode, exchange.contentType], [200, 'text/plain']);
    assert.equal(exchange.tlsDaysLeft, 30);
    assert.equal(server.handshakes, handshakes);
  }
  assert.ok(tools.http2.get(server.url));
});

test('redirects, cookies and UTF-8 are in HTTP/2 what they are in HTTP/1', openssl, async (t) => {
  const server = await serveHttp2(t, (request, response) => {
    if (request.url !== '/caf%C3%A9') {
      response.stream.respond({
        ':status': 302,
        location: '/caf\u00c3\u00a9',
        'set-cookie': ['seen=yes; Path=/', 'b=2'],
      });
      response.stream.end();
    } else response.end(String(request.headers.cookie));
  });
  const exchange = await checkOnce(server.url, { tls: server.tls });
  assert.deepEqual([exchange.redirects, bodyText(exchange)], [1, 'seen=yes; b=2'], failureReason(exchange));
});

test('a server of HTTP/2 without TLS is known by its first frame', async (t) => {
  const server = createServer((request, response) => response.end(request.httpVersion));
  const tools = createTools();
  const url = `http://127.0.0.1:${await listen(t, server)}/`;
  for (const turn of [1, 2])
    assert.equal(bodyText(await checkOnce(url, {}, tools.resolver, tools)), '2.0', String(turn));
});

test('nginx that listens for HTTP/2 alone is asked in it', nginx, async (t) => {
  const port = await startNginx(t, (at) => `listen 127.0.0.1:${at} http2; return 200 "fine";`);
  assert.equal(bodyText(await checkOnce(`http://127.0.0.1:${port}/`)), 'fine');
});

test('a server that speaks both is asked in HTTP/1, and one that turns to it is found again', openssl, async (t) => {
  const { cert, key } = selfSigned();
  const both = createSecureServer({ cert, key, allowHTTP1: true }, (request, response) =>
    response.end(request.httpVersion),
  );
  const url = `https://localhost:${await listen(t, both as unknown as Http2Server)}/`;
  assert.equal(bodyText(await checkOnce(url, { tls: { ca: cert } })), '1.1');
  const tools = createTools();
  const plain = await serveTls(t, { cert, key }, (_request, response) => response.end('one'));
  tools.http2.add(plain, 'negotiated');
  assert.equal(bodyText(await checkOnce(plain, { tls: { ca: cert } }, tools.resolver, tools)), 'one');
});

test('a server that ends within HTTP/2 is a failure, and is asked anew the next time', async (t) => {
  const port = await serveTcp(t, (socket) => {
    // SETTINGS, and then nothing more.
    socket.once('data', () => socket.end(Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0])));
  });
  const tools = createTools();
  const url = `http://127.0.0.1:${port}`;
  const exchange = await checkOnce(url, { timeoutMs: 5_000 }, tools.resolver, tools);
  assert.equal(exchange.failure?.type, 'connection_failed', failureReason(exchange));
  assert.equal(tools.http2.get(url), undefined);
});

test('of very many origins the one that was added first is forgotten', () => {
  const origins = new Http2Origins();
  for (let n = 0; n <= 1_000; n += 1) origins.add(`http://${n}`, 'assumed');
  assert.deepEqual([origins.get('http://0'), origins.get('http://1')], [undefined, 'assumed']);
});
