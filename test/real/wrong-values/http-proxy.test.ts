// Risk: a check through a proxy measures the proxy, or keeps the wrong secret.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, request as httpRequest } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { proxyFor } from '../../../lib/proxy.ts';
import { selfSigned } from '../../support/certificate.ts';
import { checkOnce, failureReason } from '../../support/http-checks.ts';
import { serve, serveTls } from '../../support/http-servers.ts';
import { program, real } from '../../support/real.ts';

const openssl = real('openssl', program('openssl') !== undefined);

interface Proxy {
  address: string;
  /** "GET http://…" or "CONNECT host:port", with who asked. */
  seen: string[];
}

/** A forward proxy: tunnels, and requests with the whole URL; `refuses` answers every tunnel with 407. */
async function startProxy(t: TestContext, refuses = false): Promise<Proxy> {
  const seen: string[] = [];
  const sockets = new Set<Socket>();
  const note = (line: string, credentials: string | undefined): void => {
    const [, packed] = credentials?.split(' ') ?? [];
    seen.push(`${line} ${Buffer.from(packed ?? '', 'base64')}`.trim());
  };
  const server = createServer((incoming, response) => {
    note(`${incoming.method} ${incoming.url}`, incoming.headers['proxy-authorization']);
    const { 'proxy-authorization': _, ...headers } = incoming.headers;
    const outgoing = httpRequest(incoming.url ?? '', { method: incoming.method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    incoming.pipe(outgoing);
  });
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).once('close', () => sockets.delete(socket));
  });
  server.on('connect', (incoming, socket: Socket) => {
    note(`CONNECT ${incoming.url}`, incoming.headers['proxy-authorization']);
    if (refuses) return socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
    const behind = connect(Number(incoming.url?.split(':').at(-1)), 'localhost');
    behind.on('error', () => socket.destroy());
    behind.once('connect', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      socket.pipe(behind).pipe(socket);
    });
    return undefined;
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { address: `127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

test('http goes through the proxy of the environment with its user and password', async (t) => {
  const { address, seen } = await startProxy(t);
  const url = await serve(t, (request, response) => response.end(`${request.headers.host}${request.url}`));
  const variables = { http_proxy: `http://ann:p%40ss@${address}` };
  const exchange = await checkOnce(`${url}/a?b=c`, { proxyFor: (target) => proxyFor(target, variables) });
  assert.equal(exchange.failure, undefined);
  assert.equal(Buffer.from(exchange.body ?? []).toString(), `${new URL(url).host}/a?b=c`);
  assert.deepEqual(seen, [`GET ${url}/a?b=c ann:p@ss`]);
});

test('https goes through a tunnel of the proxy, and the certificate is that of the server', openssl, async (t) => {
  const { address, seen } = await startProxy(t);
  const certificate = selfSigned(undefined, 30);
  const url = await serveTls(t, certificate, (_request, response) => response.end('tunnelled'));
  const variables = { HTTPS_PROXY: address };
  const tls = { ca: certificate.cert };
  const exchange = await checkOnce(url, { tls, proxyFor: (target) => proxyFor(target, variables) });
  assert.equal(Buffer.from(exchange.body ?? []).toString(), 'tunnelled');
  assert.equal(exchange.tlsDaysLeft, 30);
  assert.deepEqual(seen, [`CONNECT ${new URL(url).host}`]);
});

test('a proxy that refuses the tunnel is connection_failed with its answer', async (t) => {
  const { address } = await startProxy(t, true);
  const proxy = new URL(`http://${address}`);
  const exchange = await checkOnce('https://localhost:1/', { proxyFor: () => proxy });
  assert.deepEqual([exchange.failure?.type, failureReason(exchange)], ['connection_failed', 'error.PROXY_STATUS 407']);
});
