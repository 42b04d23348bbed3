import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { connect } from 'node:tls';
import { ERROR_CODES } from '../../../lib/error-codes.ts';
import { explain, MonitoringError, reason } from '../../../lib/errors.ts';
import { packageRoot } from '../../support/node-red.ts';

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

const words = (key: string, args: object = {}): string => `${key} ${JSON.stringify(args)}`;

test('`explain()` gives the words of the catalogue for an error of this package, with those of its cause', () => {
  const cause = new MonitoringError('HTTP_STATUS', { status: 503 });
  assert.equal(explain(cause, words), 'error.HTTP_STATUS {"status":503}');
  const outer = new MonitoringError('CLOSED', {}, { cause: new Error('no route') });
  assert.equal(explain(outer, words), 'error.CLOSED {"reason":"no route"}');
});

test("`explain()` gives the system's own words for any other error", () => {
  assert.equal(explain(new Error('connect ECONNREFUSED'), words), 'connect ECONNREFUSED');
});

test('every code of an error has its words in the catalogue, and no word is without its code', () => {
  const catalogue = JSON.parse(readFileSync(join(packageRoot, 'lib/locales/en-US/errors.json'), 'utf8')) as object;
  assert.deepEqual(Object.keys(catalogue).sort(), [...ERROR_CODES].sort());
});
