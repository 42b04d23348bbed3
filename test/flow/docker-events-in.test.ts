import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import dockerEngine from '../../nodes/docker-engine/docker-engine.ts';
import dockerEvents from '../../nodes/docker-events-in/docker-events-in.ts';
import type { EventMessage } from '../../nodes/docker-events-in/event.ts';
import { collect } from '../support/docker-flow.ts';
import { startFakeEngine } from '../support/fake-engine.ts';
import { runFlow } from '../support/flow.ts';
import { until } from '../support/until.ts';

const recorded = new URL('../fixtures/docker-events-in/recorded/stream.ndjson', import.meta.url);

test('docker-events-in sends one msg for each event of the chosen types, and none for others', async (t) => {
  const engine = await startFakeEngine(t);
  const lines = readFileSync(recorded, 'utf8').trimEnd().split('\n');
  const events = lines.map((line) => JSON.parse(line) as { Type: string; Action: string });
  const volume = { Type: 'volume', Action: 'create', Actor: { ID: 'v' }, time: 1795460495, timeNano: 1795460495e9 };
  engine.answer = ({ path }, response) => {
    if (path !== '/events') return false;
    response.writeHead(200);
    response.write(`${JSON.stringify(volume)}\n${lines.join('\n')}\n`);
    return true;
  };
  const flow = await runFlow(
    t,
    [dockerEngine, dockerEvents],
    [
      { id: 'f', type: 'tab' },
      { id: 'e', type: 'docker-engine', host: engine.host },
      { id: 'n', z: 'f', type: 'docker-events-in', engine: 'e', types: 'container', wires: [['out']] },
      { id: 'out', z: 'f', type: 'helper' },
    ],
  );
  const heard = collect<EventMessage>(flow, 'out');
  const chosen = events.filter(({ Type }) => Type === 'container');
  await until(() => heard.length >= chosen.length);
  assert.deepEqual(
    heard.map(({ topic, payload }) => [topic, payload.event_type]),
    chosen.map(({ Action }) => [`docker/event/${Action}`, 'container']),
  );
});
