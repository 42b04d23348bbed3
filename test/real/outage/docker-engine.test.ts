// Risk: the Docker Engine stops and starts while it is watched.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { InfraRecord } from '../../../lib/record.ts';
import dockerEngine from '../../../nodes/docker-engine/docker-engine.ts';
import dockerEvents from '../../../nodes/docker-events-in/docker-events-in.ts';
import type { EventMessage } from '../../../nodes/docker-events-in/event.ts';
import dockerLogs from '../../../nodes/docker-logs-in/docker-logs-in.ts';
import { IMAGE, missingForDocker, startEngine } from '../../support/docker.ts';
import { collect, whenConnected } from '../../support/docker-flow.ts';
import {
  assertNothingLost,
  collector,
  more,
  rateOf,
  startWriters,
  writersFlow,
  written,
} from '../../support/docker-writers.ts';
import { eventsFlow } from '../../support/events-flow.ts';
import { runFlow } from '../../support/flow.ts';
import { real } from '../../support/real.ts';
import { until } from '../../support/until.ts';

const cannotStart = missingForDocker(true);
const owned = { ...real(`Docker Engine of its own: ${cannotStart}`, cannotStart === undefined), timeout: 240_000 };

test('docker-logs-in loses nothing and repeats nothing when the engine is stopped and started', owned, async (t) => {
  const engine = await startEngine(t, true);
  const heard: InfraRecord[] = [];
  const nodes = [dockerEngine, dockerLogs, collector(heard)];
  const flow = await runFlow(t, nodes, writersFlow(engine.host, { type: 'collect' }));
  await whenConnected(flow, 'l');
  const names = await startWriters(engine);
  await more(() => heard);
  for (let turn = 0; turn < 2; turn += 1) {
    await engine.stop();
    await engine.start();
    await more(() => heard);
  }
  const expected = await written(engine, names);
  await assertNothingLost(() => heard, expected);
  assert.equal(heard.length, expected.length);
  t.diagnostic(rateOf(expected));
});

test('docker-events-in tells of a restart of the engine what it did to the containers', owned, async (t) => {
  const engine = await startEngine(t, true);
  const flow = await runFlow(t, [dockerEngine, dockerEvents], eventsFlow(engine.host, {}));
  const heard = collect<EventMessage>(flow, 'out');
  await whenConnected(flow, 'd');
  const settings = ['--network', 'none', '--stop-signal', 'KILL'];
  await engine.docker('run', '-d', '--name', 'again', '--restart', 'always', ...settings, IMAGE, 'sleep', '1000');
  await engine.docker('run', '-d', '--name', 'ends', ...settings, IMAGE, 'sleep', '1000');
  await until(() => heard.filter(({ event }) => event.action === 'start').length === 2);
  await engine.stop();
  await engine.start();
  const told = (name: string): string[] =>
    heard
      .filter(({ event }) => event.attributes.name === name && ['start', 'die'].includes(event.action))
      .map(({ event }) => event.action);
  await until(() => told('again').length === 3 && told('ends').length === 2);
  assert.deepEqual(told('again'), ['start', 'die', 'start']);
  assert.deepEqual(told('ends'), ['start', 'die']);
});
