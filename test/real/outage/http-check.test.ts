// Risk: the checked server is away, or goes away while it is asked.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failureOf } from '../../support/exchange.ts';
import { checkOnce, failureReason } from '../../support/http-checks.ts';
import { serveTcp } from '../../support/http-servers.ts';
import { freePort } from '../../support/ports.ts';

const local = (port: number): string => `http://127.0.0.1:${port}/`;

test('a server that refuses is connection_failed', async () => {
  const exchange = await checkOnce(local(await freePort()));
  assert.equal(failureOf(exchange), 'connection_failed in connect');
  assert.match(failureReason(exchange), /ECONNREFUSED/);
  assert.equal(exchange.responseCode, undefined);
});

test('a server that resets before the headers is connection_failed', async (t) => {
  const port = await serveTcp(t, (socket) => socket.once('data', () => socket.resetAndDestroy()));
  assert.equal(failureOf(await checkOnce(local(port))), 'connection_failed in first_byte');
});
