// Risk: a long old log is read faster than the flow behind it can take it.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { receiveTcp } from '../../support/graylog.ts';
import { startNodeRed } from '../../support/node-red.ts';

const LINES = 100_000;

test('a long old log goes through a switch of the user without filling the memory of Node-RED', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'auth-log-switch-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'auth.log');
  const line = (n: number): string =>
    `2026-11-23T00:00:00Z web1 sshd[${n}]: Failed password for root from 203.0.113.7 port 5 ssh2`;
  writeFileSync(file, `${Array.from({ length: LINES }, (_, n) => line(n + 1)).join('\n')}\n`);
  const graylog = await receiveTcp(t);
  const nodeRed = await startNodeRed(t, {
    // A switch that falls behind keeps what waits in memory: with so little of it that is soon the end of the process.
    env: { NODE_OPTIONS: '--max-old-space-size=192' },
    flow: [
      { id: 'f', type: 'tab' },
      { id: 'g', type: 'graylog-server', endpoints: `tcp://127.0.0.1:${graylog.port}` },
      { id: 'a', z: 'f', type: 'auth-log-in', file, start: 'beginning', wires: [['w']] },
      {
        id: 'w',
        z: 'f',
        type: 'switch',
        property: 'payload.level',
        propertyType: 'msg',
        rules: [{ t: 'lte', v: '7', vt: 'num' }],
        outputs: 1,
        wires: [['o']],
      },
      { id: 'o', z: 'f', type: 'graylog-out', server: 'g', wires: [] },
    ],
  });
  // The server reads from more than one connection: the order among them is not the one in which they were sent.
  const numbers = new Set<unknown>();
  nodeRed.process.once('exit', () => {
    if (numbers.size < LINES) assert.fail(nodeRed.log());
  });
  await graylog.until(() => {
    for (const { _process_id } of graylog.documents.splice(0)) if (_process_id !== undefined) numbers.add(_process_id);
    return numbers.size >= LINES;
  }, 90_000);
});
