import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';
import alert from '../../nodes/alert/alert.ts';
import authLog from '../../nodes/auth-log-in/auth-log-in.ts';
import diskStats from '../../nodes/disk-stats/disk-stats.ts';
import dockerEngine from '../../nodes/docker-engine/docker-engine.ts';
import dockerEvents from '../../nodes/docker-events-in/docker-events-in.ts';
import dockerLogs from '../../nodes/docker-logs-in/docker-logs-in.ts';
import httpCheck from '../../nodes/http-check/http-check.ts';
import recordFilter from '../../nodes/record-filter/record-filter.ts';
import uptime from '../../nodes/uptime/uptime.ts';
import { statusOf, whenStatus } from '../support/docker-flow.ts';
import { startFakeEngine } from '../support/fake-engine.ts';
import { runFlow } from '../support/flow.ts';
import { temporaryFolder } from '../support/folder.ts';

const link = createRequire(import.meta.url)('@node-red/nodes/core/common/60-link.js');
const NODES = [alert, authLog, diskStats, dockerEngine, dockerEvents, dockerLogs, httpCheck, recordFilter, uptime];

test('what is wired to a link without its other end says so, until a deploy brings that', async (t) => {
  const engine = await startFakeEngine(t);
  const file = join(temporaryFolder(), 'auth.log');
  writeFileSync(file, '');
  const settings = [
    { type: 'auth-log-in', file },
    { type: 'disk-stats', interval: '60' },
    { type: 'docker-events-in', engine: 'e' },
    { type: 'docker-logs-in', engine: 'e' },
    { type: 'http-check', interval: '0' },
    { type: 'record-filter', rules: { mode: 'all', rules: [] } },
    { type: 'uptime', interval: '60' },
    { type: 'alert', kind: 'state', field: 'check_state', bad: 'down', good: 'up', each: ['check_name'], name: 'a' },
  ];
  const ids = settings.map(({ type }) => `n-${type}`);
  const flow = [
    { id: 'f', type: 'tab' },
    { id: 'e', type: 'docker-engine', host: engine.host },
    ...settings.map((one) => ({ ...one, id: `n-${one.type}`, z: 'f', wires: [['out']] })),
    { id: 'out', z: 'f', type: 'link out', links: ['in'], wires: [] },
  ];
  const other = [
    { id: 'g', type: 'tab' },
    { id: 'in', z: 'g', type: 'link in', links: ['out'], wires: [['end']] },
    { id: 'end', z: 'g', type: 'helper' },
  ];

  const running = await runFlow(t, [...NODES, link], flow);
  for (const id of ids) {
    await whenStatus(running, id, /^wires\.nowhere$/);
    assert.equal(statusOf(running, id).fill, 'yellow', id);
  }
  const before = ids.map((id) => running.node(id));
  await running.redeploy([...flow, ...other], 'nodes');
  for (const id of ids) await whenStatus(running, id, /^(?!wires\.nowhere)/);
  assert.deepEqual(
    ids.map((id) => running.node(id)),
    before,
    'the nodes went on running',
  );
  await running.redeploy(flow, 'nodes');
  for (const id of ids) await whenStatus(running, id, /^wires\.nowhere$/);
});
