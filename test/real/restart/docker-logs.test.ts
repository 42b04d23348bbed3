// Risk: a redeploy or a restart of Node-RED while containers write.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { InfraRecord } from '../../../lib/record.ts';
import dockerEngine from '../../../nodes/docker-engine/docker-engine.ts';
import dockerLogs from '../../../nodes/docker-logs-in/docker-logs-in.ts';
import graylogOut from '../../../nodes/graylog-out/graylog-out.ts';
import graylogServer from '../../../nodes/graylog-server/graylog-server.ts';
import { missingForDocker, startEngine } from '../../support/docker.ts';
import { whenConnected } from '../../support/docker-flow.ts';
import {
  assertNothingLost,
  collector,
  more,
  rateOf,
  recordOf,
  startWriters,
  WRITERS,
  writersFlow,
  written,
} from '../../support/docker-writers.ts';
import { runFlow } from '../../support/flow.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { receiveTcp } from '../../support/graylog.ts';
import { real } from '../../support/real.ts';

const missing = missingForDocker();
const present = { ...real(`Docker Engine to test with: ${missing}`, missing === undefined), timeout: 240_000 };

test('docker-logs-in loses nothing when it is redeployed, stopped and started', present, async (t) => {
  const engine = await startEngine(t);
  const userDir = temporaryFolder();
  const heard: InfraRecord[] = [];
  const nodes = [dockerEngine, dockerLogs, collector(heard)];
  const flowJson = writersFlow(engine.host, { type: 'collect' });
  const flow = await runFlow(t, nodes, flowJson, { userDir });
  await whenConnected(flow, 'l');
  const names = await startWriters(engine);
  await more(() => heard);
  for (let turn = 0; turn < 3; turn += 1) {
    await flow.redeploy(flowJson);
    await more(() => heard);
  }
  await flow.stop();
  // Written while nobody listens.
  await engine.docker('restart', ...names);
  await runFlow(t, nodes, flowJson, { userDir });
  await more(() => heard);
  const expected = await written(engine, names);
  await assertNothingLost(() => heard, expected);
  t.diagnostic(rateOf(expected));
  // What was handed on less than a second before a redeploy comes again, with the same event_id, and no more than that.
  assert.ok(heard.length - expected.length < 4 * 1.5 * WRITERS * 333, `${heard.length - expected.length} repeated`);
});

test('Graylog gets every line once over redeploys and a restart of Node-RED', present, async (t) => {
  const engine = await startEngine(t);
  const userDir = temporaryFolder();
  const receiver = await receiveTcp(t);
  const server = { id: 'g', type: 'graylog-server', endpoints: `tcp://127.0.0.1:${receiver.port}`, host: 'host-1' };
  const flowJson = [...writersFlow(engine.host, { type: 'graylog-out', server: 'g' }), server];
  const nodes = [dockerEngine, dockerLogs, graylogServer, graylogOut];
  const shipped = (): InfraRecord[] =>
    receiver.documents.filter(({ _log_type: type }) => type === 'docker_log').map(recordOf);
  const flow = await runFlow(t, nodes, flowJson, { userDir });
  await whenConnected(flow, 'l');
  const names = await startWriters(engine);
  await more(shipped);
  for (let turn = 0; turn < 3; turn += 1) {
    await flow.redeploy(flowJson);
    await more(shipped);
  }
  await flow.stop();
  await engine.docker('restart', ...names);
  await runFlow(t, nodes, flowJson, { userDir });
  await more(shipped);
  const expected = await written(engine, names);
  await assertNothingLost(shipped, expected);
  assert.equal(shipped().length, expected.length);
  assert.deepEqual(receiver.faults, []);
  t.diagnostic(rateOf(expected));
});
