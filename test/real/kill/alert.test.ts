// Risk: Node-RED is killed, deployed or has a full disk while an alert fires: it rings again, or its end is forgotten.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { InfraRecord } from '../../../lib/record.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { type RunningNodeRed, startNodeRed } from '../../support/node-red.ts';
import { real } from '../../support/real.ts';
import { canMount, mountSmallDisk } from '../../support/small-disk.ts';
import { until } from '../../support/until.ts';

const ALERT = { kind: 'state', field: 'check_state', bad: 'down', good: 'up', each: ['check_name'], name: 'checks' };

/** A flow that takes records over HTTP and appends what the alert sends to a file. */
function flowInto(told: string, more: object = {}): object[] {
  // Node-RED takes a node without a place for one of configuration.
  const at = { z: 'tab', x: 100, y: 100 };
  return [
    { id: 'tab', type: 'tab', label: 'alerts' },
    { id: 'in', ...at, type: 'http in', url: '/records', method: 'post', wires: [['alert', 'ok']] },
    { id: 'ok', ...at, type: 'http response', statusCode: '200', wires: [] },
    { id: 'alert', ...at, type: 'alert', ...ALERT, ...more, wires: [['json']] },
    { id: 'json', ...at, type: 'json', action: 'str', property: 'payload', wires: [['file']] },
    {
      id: 'file',
      ...at,
      type: 'file',
      filename: told,
      filenameType: 'str',
      appendNewline: true,
      overwriteFile: 'false',
      wires: [[]],
    },
  ];
}

async function post(nodeRed: RunningNodeRed, check_state: string): Promise<void> {
  const body = JSON.stringify({ check_name: 'web', check_state });
  const headers = { 'content-type': 'application/json' };
  // Node-RED listens before its flows run.
  await until(async () => (await fetch(`${nodeRed.url}/records`, { method: 'POST', headers, body })).status === 200);
}

function tell(path: string): InfraRecord[] {
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as InfraRecord);
}

/** What was told, each transition once. */
const transitions = (path: string): unknown[] => [
  ...new Map(tell(path).map((one) => [one.event_id, one.alert_state])).values(),
];

test('kill -9 between firing and resolved, and a Deploy while it fires', { timeout: 180_000 }, async (t) => {
  const userDir = temporaryFolder();
  const told = join(temporaryFolder(), 'told.ndjson');
  const first = await startNodeRed(t, { userDir, flow: flowInto(told) });
  await post(first, 'down');
  await until(() => tell(told).length === 1);
  await first.kill();
  const second = await startNodeRed(t, { userDir });
  await post(second, 'down');
  await second.api('/flows', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'Node-RED-Deployment-Type': 'full' },
    body: JSON.stringify(flowInto(told, { text: 'another text' })),
  });
  await post(second, 'down');
  await post(second, 'up');
  await until(() => transitions(told).includes('resolved'));
  assert.deepEqual(transitions(told), ['firing', 'resolved']);
  assert.equal(new Set(tell(told).map(({ alert_id }) => alert_id)).size, 1);
  await second.kill();
  const third = await startNodeRed(t, { userDir });
  await post(third, 'up');
  await post(third, 'down');
  await until(() => new Set(tell(told).map(({ alert_id }) => alert_id)).size === 2);
  await third.stop();
});

test('the disk of the user directory is full: people are told, and that nothing is kept is said', {
  ...real('right to mount a tmpfs', canMount),
  timeout: 120_000,
}, async (t) => {
  const userDir = temporaryFolder();
  const told = join(temporaryFolder(), 'told.ndjson');
  const nodeRed = await startNodeRed(t, { userDir, flow: flowInto(told) });
  const folder = join(userDir, 'infra-monitoring');
  execFileSync('mkdir', ['-p', folder]);
  mountSmallDisk('8k', folder);
  execFileSync('sh', ['-c', `cat /dev/zero > ${folder}/filler 2>/dev/null || true`]);
  await post(nodeRed, 'down');
  await until(() => tell(told).length === 1);
  await nodeRed.logged(/not kept over a restart.*ENOSPC/);
  await post(nodeRed, 'up');
  await until(() => transitions(told).includes('resolved'));
  await nodeRed.stop();
});
