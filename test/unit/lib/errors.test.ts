import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { test } from 'node:test';
import { connect } from 'node:tls';
import { reason } from '../../../lib/errors.ts';

test('`reason()` gives the words of a TLS error without the place in the source of OpenSSL', async (t) => {
  const server = createServer((socket) => socket.on('error', () => undefined).end('no TLS here\r\n'));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const socket = connect({ host: '127.0.0.1', port: (server.address() as AddressInfo).port });
  const [error] = await once(socket, 'error').catch((cause) => [cause]);
  assert.equal(reason(error), 'SSL routines: wrong version number');
});

test('`reason()` gives the message of an error, the code of one without, and the first of several', () => {
  assert.equal(reason(new Error('broken')), 'broken');
  assert.equal(reason(Object.assign(new Error(''), { code: 'ECONNREFUSED' })), 'ECONNREFUSED');
  assert.equal(reason(new AggregateError([new Error('first'), new Error('second')])), 'first');
  assert.equal(reason('text'), 'text');
  assert.equal(reason(undefined), 'undefined');
});
