// Risk: a redeploy or a restart between a line of the auth log and Graylog.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { authChain } from '../../support/chain-flow.ts';
import { receiveTcp } from '../../support/graylog.ts';
import { complete, createLog, hasBegun, lineOf, lines } from '../../support/growing-log.ts';
import { startNodeRed } from '../../support/node-red.ts';
import { until } from '../../support/until.ts';

const MINUTES = 60_000;

test('a redeploy and a stop in good order under 500 lines/s lose nothing and repeat nothing', {
  timeout: 3 * MINUTES,
}, async (t) => {
  const log = createLog(t);
  const userDir = mkdtempSync(join(tmpdir(), 'infra-monitoring-'));
  t.after(() => rmSync(userDir, { recursive: true, force: true, maxRetries: 5 }));
  const receiver = await receiveTcp(t);
  const flow = authChain(log.file, receiver.port);
  const before = await startNodeRed(t, { userDir, flow });
  await hasBegun(userDir);
  log.begin();
  await receiver.until(() => lines([receiver]).length > 1_000);
  for (let redeploy = 0; redeploy < 2; redeploy += 1) {
    const seen = lines([receiver]).length;
    await before.api('/flows', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'Node-RED-Deployment-Type': 'full' },
      body: JSON.stringify(flow),
    });
    await receiver.until(() => lines([receiver]).length > seen + 1_000);
  }
  await before.stop();
  await startNodeRed(t, { userDir, flow });
  const seen = lines([receiver]).length;
  await receiver.until(() => lines([receiver]).length > seen + 500);
  const count = log.end();
  await receiver.until(() => new Set(lines([receiver]).map(lineOf)).size >= count, 30_000);
  await until(() => lines([receiver]).length >= count);
  complete([receiver], count);
  assert.equal(lines([receiver]).length, count, 'nothing twice');
});
