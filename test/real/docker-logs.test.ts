import assert from 'node:assert/strict';
import { test } from 'node:test';
import dockerEngine from '../../nodes/docker-engine/docker-engine.ts';
import dockerLogs from '../../nodes/docker-logs-in/docker-logs-in.ts';
import { IMAGE, missingForDocker, startEngine } from '../support/docker.ts';
import { collect, recordsOf, whenConnected } from '../support/docker-flow.ts';
import { runFlow } from '../support/flow.ts';
import { real } from '../support/real.ts';
import { until } from '../support/until.ts';

const missing = missingForDocker();
const options = { ...real(`Docker Engine to test with: ${missing}`, missing === undefined), timeout: 120_000 };

function flowAt(host: string, settings: object = {}): object[] {
  return [
    { id: 'f', type: 'tab' },
    { id: 'e', type: 'docker-engine', host },
    { id: 'l', z: 'f', type: 'docker-logs-in', engine: 'e', composeDir: '', ...settings, wires: [['out']] },
    { id: 'out', z: 'f', type: 'helper' },
  ];
}

test('docker-logs-in hands on every line of containers that live for a moment', options, async (t) => {
  const engine = await startEngine(t);
  const flow = await runFlow(t, [dockerEngine, dockerLogs], flowAt(engine.host));
  const heard = collect(flow, 'out');
  await whenConnected(flow, 'l');
  const runs = Array.from({ length: 12 }, (_, number) =>
    engine.docker('run', '--rm', '--network', 'none', IMAGE, 'sh', '-c', `echo out ${number}; echo err ${number} >&2`),
  );
  await Promise.all(runs);
  await until(() => heard.length >= 24);
  const lines = recordsOf(heard).map(({ stream, message, level }) => `${stream} ${level} ${message}`);
  const expected = runs.flatMap((_, number) => [`stdout 6 out ${number}`, `stderr 3 err ${number}`]);
  assert.deepEqual(lines.sort(), expected.sort());
});
