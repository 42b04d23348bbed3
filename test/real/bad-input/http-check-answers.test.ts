// Risk: answers that are no HTTP, are cut short, go in a circle, or never end.

import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { test } from 'node:test';
import { bodyText, failureOf } from '../../support/exchange.ts';
import { checkOnce } from '../../support/http-checks.ts';
import { serve, serveTcp } from '../../support/http-servers.ts';

const local = (port: number): string => `http://127.0.0.1:${port}/`;

test('a server that closes without a word, or answers no HTTP, is connection_failed', async (t) => {
  const silent = await serveTcp(t, (socket) => socket.once('data', () => socket.end()));
  assert.equal(failureOf(await checkOnce(local(silent))), 'connection_failed in first_byte');
  const other = await serveTcp(t, (socket) => socket.end('220 mail.example.org ESMTP\r\n'));
  assert.equal(failureOf(await checkOnce(local(other))), 'connection_failed in first_byte');
});

test('a body that is reset, cut short or no gzip is body_read_error', async (t) => {
  const head = 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf';
  const answer = (end: (socket: Socket) => void) =>
    serveTcp(t, (socket) => socket.once('data', () => socket.write(head, () => end(socket))));
  const reset = await serveTcp(t, (socket) => {
    socket.once('data', () => socket.write(head, () => setImmediate(() => socket.resetAndDestroy())));
  });
  const cut = await answer((socket) => socket.end());
  for (const port of [reset, cut]) assert.equal(failureOf(await checkOnce(local(port))), 'body_read_error in body');
  const url = await serve(t, (_request, response) => {
    response.writeHead(200, { 'content-encoding': 'gzip' }).end('this is not gzip');
  });
  assert.equal(failureOf(await checkOnce(url)), 'body_read_error in body');
});

test('of a body of 100 MB only the limit is read, and the connection is closed', async (t) => {
  const block = Buffer.alloc(64 * 1024, 'x');
  const closed: Promise<unknown>[] = [];
  const url = await serve(t, (request, response) => {
    let left = (100 * 1024 * 1024) / block.length;
    const more = (): void => {
      while (left-- > 0) if (!response.write(block)) return;
      response.end();
    };
    closed.push(new Promise((resolve) => request.socket.once('close', resolve)));
    response.on('drain', more);
    more();
  });
  const exchange = await checkOnce(url, { bodyLimit: 128 * 1024 });
  assert.equal(exchange.failure, undefined);
  assert.equal(exchange.body?.length, 128 * 1024);
  assert.equal(exchange.truncated, true);
  assert.ok((exchange.bytes ?? 0) < 2 * 1024 * 1024);
  await Promise.all(closed);
});

test('redirects are followed up to the limit, and a circle is redirect_limit', async (t) => {
  const seen: string[] = [];
  const url = await serve(t, (request, response) => {
    seen.push(request.url ?? '');
    if (request.url === '/start') response.writeHead(302, { location: 'end' }).end();
    else if (request.url === '/end') response.end('arrived');
    else response.writeHead(301, { location: '/circle' }).end();
  });
  const arrived = await checkOnce(`${url}/start`);
  assert.equal(bodyText(arrived), 'arrived');
  assert.deepEqual([arrived.redirects, arrived.responseCode], [1, 200]);
  const circle = await checkOnce(`${url}/circle`, { maxRedirects: 3 });
  assert.equal(failureOf(circle), 'redirect_limit in body');
  assert.equal(circle.responseCode, 301);
  assert.equal(seen.filter((path) => path === '/circle').length, 4);
  const ignored = await checkOnce(`${url}/start`, { maxRedirects: 0 });
  assert.deepEqual([ignored.responseCode, ignored.failure], [302, undefined]);
});
