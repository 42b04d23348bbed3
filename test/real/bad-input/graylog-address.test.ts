// Risk: an address that a person mistyped.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type RunningNodeRed, startByScript } from '../../support/node-red.ts';
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

test('an address that is none is one error, and Node-RED stays up', async (t) => {
  const nodeRed = await startByScript(t, { env: { LOGGING_URL: 'ftp://127.0.0.1' } });
  await nodeRed.logged(/\[error\] \[graylog-out.*ftp/);
  await afterRetries();
  assert.equal(lines(nodeRed, /\[error\]/).length, 1);
  assert.equal(nodeRed.process.exitCode, null);
});
