// Risk: a part that the default flow needs is not there: Graylog, its name, the auth log, a checked endpoint.

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { receiveTcp } from '../../support/graylog.ts';
import { type RunningNodeRed, startByScript } from '../../support/node-red.ts';
import { freePort } from '../../support/ports.ts';
import { until } from '../../support/until.ts';

/** Lines of the log, without Node-RED's own start. */
function lines(nodeRed: RunningNodeRed, pattern: RegExp): string[] {
  return nodeRed
    .log()
    .split('\n')
    .filter((line) => pattern.test(line));
}

/** Long enough for several retries: 0.2, 0.4, 0.8 and 1.6 s at most. */
const RETRIES_MS = 4_000;

async function afterRetries(): Promise<void> {
  const endMs = performance.now() + RETRIES_MS;
  await until(() => performance.now() > endMs, RETRIES_MS * 2);
}

test('a port where nobody listens is one line in the log, and the records arrive when somebody does', async (t) => {
  const port = await freePort();
  const nodeRed = await startByScript(t, { env: { LOGGING_URL: `tcp://127.0.0.1:${port}` } });
  await nodeRed.logged(/cannot be reached.*ECONNREFUSED/);
  await afterRetries();
  assert.equal(lines(nodeRed, /cannot be reached/).length, 1);
  const receiver = await receiveTcp(t, { port });
  await receiver.find((document) => document._log_type === 'uptime', 60_000);
});

test('a host name that nobody knows is one line in the log, and Node-RED stays up', async (t) => {
  const nodeRed = await startByScript(t, { env: { LOGGING_URL: 'tcp://graylog.invalid:12201' } });
  await nodeRed.logged(/cannot be reached.*graylog\.invalid/);
  await afterRetries();
  assert.equal(lines(nodeRed, /cannot be reached/).length, 1);
  assert.equal(nodeRed.process.exitCode, null);
});

test('an auth log that cannot be read is one line in the log, and the other records keep flowing', async (t) => {
  const receiver = await receiveTcp(t);
  const folder = mkdtempSync(join(tmpdir(), 'infra-monitoring-'));
  t.after(() => rmSync(folder, { recursive: true }));
  // Root reads any file; a folder is what nobody can read as one.
  mkdirSync(join(folder, 'auth.log'));
  const nodeRed = await startByScript(t, {
    env: { LOGGING_URL: `tcp://127.0.0.1:${receiver.port}`, AUTH_LOG: join(folder, 'auth.log') },
  });
  await nodeRed.logged(/auth-log-in: .*auth\.log/);
  await receiver.find((document) => document._log_type === 'uptime', 30_000);
  await receiver.find((document) => document._log_type === 'disk', 30_000);
  await afterRetries();
  assert.equal(lines(nodeRed, /auth-log-in: /).length, 1);
  const alert = await receiver.find((document) => document._node_type === 'auth-log-in', 30_000);
  assert.equal(alert._alert_name, 'node error');
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
