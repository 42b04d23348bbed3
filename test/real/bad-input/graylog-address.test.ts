// Risk: an address that a person mistyped.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { logLines, packageRoot, startNodeRed } from '../../support/node-red.ts';

test('an address that is none is one error, and Node-RED stays up', async (t) => {
  const flow = JSON.parse(readFileSync(join(packageRoot, 'flows/infrastructure-monitoring.json'), 'utf8')) as object[];
  const nodeRed = await startNodeRed(t, {
    flow,
    env: { LOGGING_URL: 'ftp://127.0.0.1' },
    settings: { logging: { console: { level: 'info', metrics: true } } },
  });
  await nodeRed.logged(/\[error\] \[graylog-out:.*ftp/);
  // More records come to all the nodes that use the server: neither they nor the records have an error of their own.
  await nodeRed.logged(/("event":"node\.graylog-out\.receive"[\s\S]*){3}/);
  assert.equal(logLines(nodeRed, /\[error\] \[graylog-out:/).length, 1);
  assert.equal(nodeRed.process.exitCode, null);
});
