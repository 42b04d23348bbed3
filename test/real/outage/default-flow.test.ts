// Risk: a part that the default flow needs is not there: Graylog, its name, the auth log, a checked endpoint.

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { preloadAttempts } from '../../support/attempts.ts';
import { receiveTcp } from '../../support/graylog.ts';
import { logLines, startByScript } from '../../support/node-red.ts';
import { freePort } from '../../support/ports.ts';

const env = { NODE_OPTIONS: preloadAttempts };
/** Several retries, after 0.1 to 1.6 s each. */
const RETRIES = 4;

function times(pattern: string, count: number): RegExp {
  return new RegExp(`(${pattern}[\\s\\S]*){${count}}`);
}

test('a port where nobody listens is one line in the log, and the records arrive when somebody does', async (t) => {
  const port = await freePort();
  const nodeRed = await startByScript(t, { env: { ...env, LOGGING_URL: `tcp://127.0.0.1:${port}` } });
  await nodeRed.logged(/records wait.*ECONNREFUSED/);
  await nodeRed.logged(times('attempt: no connection', RETRIES), 30_000);
  assert.equal(logLines(nodeRed, /records wait/).length, 1);
  const receiver = await receiveTcp(t, { port });
  await receiver.find((document) => document._log_type === 'uptime', 60_000);
});

test('a host name that nobody knows is one line in the log, and Node-RED stays up', async (t) => {
  const nodeRed = await startByScript(t, { env: { ...env, LOGGING_URL: 'tcp://graylog.invalid:12201' } });
  await nodeRed.logged(/records wait.*graylog\.invalid/);
  await nodeRed.logged(times('attempt: no connection', RETRIES), 30_000);
  assert.equal(logLines(nodeRed, /records wait/).length, 1);
  assert.equal(nodeRed.process.exitCode, null);
});

test('an auth log that cannot be read is one line in the log, and the other records keep flowing', async (t) => {
  const receiver = await receiveTcp(t);
  const folder = mkdtempSync(join(tmpdir(), 'infra-monitoring-'));
  t.after(() => rmSync(folder, { recursive: true }));
  // Root reads any file; a folder is what nobody can read as one.
  mkdirSync(join(folder, 'auth.log'));
  const nodeRed = await startByScript(t, {
    env: { ...env, LOGGING_URL: `tcp://127.0.0.1:${receiver.port}`, AUTH_LOG: join(folder, 'auth.log') },
  });
  await nodeRed.logged(/\[auth-log-in:.*auth\.log/);
  await receiver.find((document) => document._log_type === 'uptime', 30_000);
  await receiver.find((document) => document._log_type === 'disk', 30_000);
  await nodeRed.logged(times('attempt: look', RETRIES), 30_000);
  assert.equal(logLines(nodeRed, /\[auth-log-in:/).length, 1);
});

test('an endpoint that refuses is a failed check in Graylog, and the other records keep flowing', async (t) => {
  const receiver = await receiveTcp(t);
  const nodeRed = await startByScript(t, {
    env: {
      LOGGING_URL: `tcp://127.0.0.1:${receiver.port}`,
      HTTP_CHECK_URL: `http://127.0.0.1:${await freePort()}/`,
    },
  });
  const check = await receiver.find((document) => document._log_type === 'http_check', 30_000);
  assert.equal(check._result_type, 'connection_failed');
  assert.equal(check._event_outcome, 'failure');
  await receiver.find((document) => document._log_type === 'uptime', 30_000);
  assert.equal(nodeRed.process.exitCode, null);
});
