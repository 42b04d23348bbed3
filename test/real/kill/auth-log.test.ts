// Risk: kill -9 of Node-RED between a line of the auth log and Graylog.

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

for (const isThere of [true, false]) {
  const where = isThere ? 'there' : 'away';
  test(`kill -9 of Node-RED at five random moments while the server is ${where} loses no line`, {
    timeout: 4 * MINUTES,
  }, async (t) => {
    const log = createLog(t);
    const userDir = mkdtempSync(join(tmpdir(), 'infra-monitoring-'));
    t.after(() => rmSync(userDir, { recursive: true, force: true, maxRetries: 5 }));
    const first = await receiveTcp(t);
    if (!isThere) await first.close();
    const flow = authChain(log.file, first.port);
    for (let run = 0; run < 5; run += 1) {
      const nodeRed = await startNodeRed(t, { userDir, flow });
      await nodeRed.logged(/Started flows/);
      await hasBegun(userDir);
      log.begin();
      const seen = lines([first]).length;
      if (isThere) await first.until(() => lines([first]).length > seen);
      // A moment that nobody chose: 0.2 to 2.7 s later.
      const last = log.count + 100 + Math.floor(Math.random() * 1_250);
      await until(() => log.count >= last);
      await nodeRed.kill();
    }
    const receiver = isThere ? first : await receiveTcp(t, { port: first.port });
    await startNodeRed(t, { userDir, flow });
    const count = log.end();
    await receiver.until(() => new Set(lines([receiver]).map(lineOf)).size >= count, 60_000);
    complete([receiver], count);
    t.diagnostic(`${count} lines, ${lines([receiver]).length - count} repeats`);
  });
}
