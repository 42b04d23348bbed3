import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { TestContext } from 'node:test';
import { test } from 'node:test';
import { refusal, refusalWords } from '../../../../lib/docker/client.ts';
import { openPlainBody, type PlainTarget } from '../../../../nodes/docker-engine/io/plain-body.ts';

/** A server that lets `answer` write to each connection once it has asked. */
async function serve(t: TestContext, answer: (socket: Socket, request: string) => void): Promise<PlainTarget> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', (request) => answer(socket, String(request)));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  return { host: '127.0.0.1', port: (server.address() as AddressInfo).port };
}

test('the body is the bare socket, from its first byte on', async (t) => {
  let asked = '';
  const target = await serve(t, (socket, request) => {
    asked = request;
    socket.write('HTTP/1.0 200 OK\r\nServer: x\r\n\r\nfirst ');
    socket.end('second');
  });
  const body = await openPlainBody(target, '/v1.41/containers/x/logs?follow=true', 2_000);
  assert.ok(body !== undefined);
  assert.ok(body.isPaused());
  assert.equal(Buffer.concat(await body.toArray()).toString(), 'first second');
  assert.equal(asked, 'GET /v1.41/containers/x/logs?follow=true HTTP/1.0\r\nHost: docker\r\n\r\n');
});

test('a head that comes in pieces is read as one', async (t) => {
  const target = await serve(t, (socket) => {
    socket.setNoDelay(true);
    socket.write('HTTP/1.0 200 OK\r', () => setImmediate(() => socket.end('\n\r\nbody')));
  });
  const body = await openPlainBody(target, '/', 2_000);
  assert.equal(Buffer.concat((await body?.toArray()) ?? []).toString(), 'body');
});

test('a body in chunks is left to the client that reads chunks', async (t) => {
  const target = await serve(t, (socket) => socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'));
  assert.equal(await openPlainBody(target, '/', 2_000), undefined);
});

test('a refusal has the status and the words of the engine', async (t) => {
  const target = await serve(t, (socket) => {
    socket.end('HTTP/1.0 501 Not Implemented\r\n\r\n{"message":"does not support reading"}');
  });
  await assert.rejects(openPlainBody(target, '/', 2_000), (error) => {
    assert.equal(refusal(error), 501);
    assert.equal(refusalWords(error), 'does not support reading');
    return true;
  });
});

test('each way to give no answer has its code', async (t) => {
  const answers: [string, (socket: Socket) => unknown][] = [
    ['NOT_HTTP', (socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n\r\n')],
    ['NOT_HTTP', (socket) => socket.write('x'.repeat(100_000))],
    ['ENDED_BEFORE_ANSWER', (socket) => socket.end('HTTP/1.0 200 OK\r\n')],
    ['ENDED_BEFORE_ANSWER', (socket) => socket.end()],
    ['ECONNRESET', (socket) => socket.resetAndDestroy()],
  ];
  for (const [code, answer] of answers) {
    const target = await serve(t, answer);
    await assert.rejects(openPlainBody(target, '/', 2_000), { code });
  }
  const silent = await serve(t, () => undefined);
  await assert.rejects(openPlainBody(silent, '/', 50), { code: 'NO_ANSWER_WITHIN', values: { seconds: 0.05 } });
  await assert.rejects(openPlainBody({ socket: '/nowhere.sock' }, '/', 2_000), { code: 'ENOENT' });
});

test('a refusal that does not end has its status all the same', async (t) => {
  const flooding = await serve(t, (socket) => socket.write(`HTTP/1.0 500 X\r\n\r\n${'x'.repeat(100_000)}`));
  await assert.rejects(openPlainBody(flooding, '/', 2_000), (error) => refusal(error) === 500);
  const silent = await serve(t, (socket) => socket.write('HTTP/1.0 500 X\r\n\r\nhalf'));
  await assert.rejects(openPlainBody(silent, '/', 50), (error) => refusal(error) === 500);
});

test('a connection that is reset before anybody reads its body is no uncaught error', async (t) => {
  let reset = (): unknown => undefined;
  const target = await serve(t, (socket) => {
    socket.write('HTTP/1.0 200 OK\r\n\r\nbody');
    reset = () => socket.resetAndDestroy();
  });
  const body = await openPlainBody(target, '/', 2_000);
  assert.ok(body !== undefined);
  reset();
  // Something is read, or the system would not tell of the reset.
  body.resume();
  await new Promise((resolve) => body.once('close', resolve));
  assert.ok(body.destroyed);
});
