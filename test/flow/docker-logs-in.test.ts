import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import dockerEngine from '../../nodes/docker-engine/docker-engine.ts';
import dockerLogs from '../../nodes/docker-logs-in/docker-logs-in.ts';
import type { LogMessage } from '../../nodes/docker-logs-in/line/log-record.ts';
import { collect } from '../support/docker-flow.ts';
import { fakeContainer, startFakeEngine } from '../support/fake-engine.ts';
import { runFlow } from '../support/flow.ts';
import { until } from '../support/until.ts';

const recorded = new URL('../fixtures/docker-logs-in/recorded/', import.meta.url);

const source = (settings: object): object[] => [
  { id: 'f', type: 'tab' },
  { id: 'n', z: 'f', type: 'docker-logs-in', engine: 'e', from: 'start', ...settings, wires: [['out']] },
  { id: 'out', z: 'f', type: 'helper' },
];

test('docker-logs-in reads of each container what its rules say', async (t) => {
  const engine = await startFakeEngine(t);
  engine.containers = ['web', 'noise', 'db'].map((id) => fakeContainer(id));
  const stream = readFileSync(new URL('stream.bin', recorded));
  engine.answer = ({ path }, response) => {
    if (!path.endsWith('/logs')) return false;
    response.writeHead(200);
    response.write(stream);
    return true;
  };
  const rules = [
    { of: 'container', pattern: 'noise', ship: false },
    { of: 'image', pattern: 'fake:*', ship: true, streams: 'stderr' },
  ];
  const flow = await runFlow(
    t,
    [dockerEngine, dockerLogs],
    [{ id: 'e', type: 'docker-engine', host: engine.host }, ...source({ rules })],
  );
  const heard = collect<LogMessage>(flow, 'out');
  const lines = JSON.parse(readFileSync(new URL('expected.json', recorded), 'utf8')) as string[];
  const expected = lines.slice(0, -1).filter((line) => line.startsWith('stderr '));
  await until(() => heard.length >= 2 * expected.length);
  for (const name of ['web', 'db'])
    assert.deepEqual(
      heard
        .filter(({ payload }) => payload.container_name === name)
        .map(({ payload }) => `${payload.stream} ${payload.message}`),
      expected,
    );
  assert.equal(heard.length, 2 * expected.length);
});

test('docker-logs-in sends one msg for each line of a chosen container, and none of others', async (t) => {
  const engine = await startFakeEngine(t);
  engine.containers = ['web-1', 'db'].map((id) => fakeContainer(id));
  const stream = readFileSync(new URL('stream.bin', recorded));
  engine.answer = ({ path }, response) => {
    if (!path.endsWith('/logs')) return false;
    response.writeHead(200);
    response.write(stream);
    return true;
  };
  const flow = await runFlow(
    t,
    [dockerEngine, dockerLogs],
    [
      { id: 'f', type: 'tab' },
      { id: 'e', type: 'docker-engine', host: engine.host },
      { id: 'n', z: 'f', type: 'docker-logs-in', engine: 'e', include: 'web-*', from: 'start', wires: [['out']] },
      { id: 'out', z: 'f', type: 'helper' },
    ],
  );
  const heard = collect<LogMessage>(flow, 'out');
  // The last line has no end, and its container still runs.
  const lines = JSON.parse(readFileSync(new URL('expected.json', recorded), 'utf8')) as string[];
  const expected = lines.slice(0, -1);
  await until(() => heard.length >= expected.length);
  assert.deepEqual(
    heard.map(({ topic, payload }) => [topic, payload.container_name, `${payload.stream} ${payload.message}`]),
    expected.map((line) => ['docker/log/web-1', 'web-1', line]),
  );
});
