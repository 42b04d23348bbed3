import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import type { Node, NodeAPI, NodeDef } from 'node-red';
import { eventId, parseEvent } from '../../../lib/docker/events.ts';
import dockerEngine from '../../../nodes/docker-engine/docker-engine.ts';
import dockerEvents from '../../../nodes/docker-events-in/docker-events-in.ts';
import type { EventMessage } from '../../../nodes/docker-events-in/event.ts';
import { endProcess, IMAGE, missingForDocker, startEngine, type TestEngine } from '../../support/docker.ts';
import { collect, whenConnected } from '../../support/docker-flow.ts';
import { runFlow } from '../../support/flow.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { program, real } from '../../support/real.ts';
import { until } from '../../support/until.ts';

const run = promisify(execFile);
const missing = missingForDocker() ?? (program('docker-compose') === undefined ? 'no docker-compose' : undefined);
const options = { ...real(`Docker Engine to test with: ${missing}`, missing === undefined), timeout: 180_000 };
const cannotStart = missingForDocker(true);
const owned = { ...real(`Docker Engine of its own: ${cannotStart}`, cannotStart === undefined), timeout: 180_000 };

const COMPOSE = `
version: '2.4'
x-service: &service
  image: ${IMAGE}
  network_mode: none
  stop_grace_period: 1s
services:
  web: { <<: *service, command: sleep 1000 }
  worker: { <<: *service, command: [sh, -c, 'trap "exit 3" TERM; while true; do sleep 1; done'] }
  job: { <<: *service, command: echo done, labels: { team: blue } }
`;

interface Project {
  readonly folder: string;
  compose(...args: string[]): Promise<void>;
}

function project(t: TestContext, engine: TestEngine): Project {
  const folder = mkdtempSync(join(tmpdir(), 'Docker-Events-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'docker-compose.yml'), COMPOSE);
  const env = { ...process.env, DOCKER_HOST: engine.host };
  return {
    folder,
    async compose(...args) {
      await run('docker-compose', args, { cwd: folder, env });
    },
  };
}

function flowAt(host: string, settings: object): object[] {
  return [
    { id: 'f', type: 'tab' },
    { id: 'e', type: 'docker-engine', host },
    { id: 'd', z: 'f', type: 'docker-events-in', engine: 'e', composeDir: '', ...settings, wires: [['out']] },
    { id: 'out', z: 'f', type: 'helper' },
  ];
}

/** Two containers' events of the same millisecond reach two listeners of the engine in one order or the other. */
function byContainer(events: readonly EventMessage['event'][]): [id: string, events: EventMessage['event'][]][] {
  const ids = [...new Set(events.map(({ id }) => id))].sort();
  return ids.map((own) => [own, events.filter(({ id }) => id === own)]);
}

test('docker-events-in hands on event for event what docker-compose events --json prints', options, async (t) => {
  const engine = await startEngine(t);
  const { folder, compose } = project(t, engine);
  const flow = await runFlow(t, [dockerEngine, dockerEvents], flowAt(engine.host, { composeDir: folder }));
  const heard = collect<EventMessage>(flow, 'out');
  await whenConnected(flow, 'd');

  const env = { ...process.env, DOCKER_HOST: engine.host, PYTHONUNBUFFERED: '1' };
  const beside = spawn('docker-compose', ['events', '--json'], {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(() => endProcess(beside));
  let printed = '';
  beside.stdout.on('data', (chunk: Buffer) => {
    printed += chunk.toString();
  });
  const linesPrinted = (): string[] => printed.split('\n').slice(0, -1);
  // It says nothing when it listens: a container of the project, which must be told by both, shows when it does.
  await until(async () => {
    await compose('up', '-d', 'job');
    await compose('rm', '-sf');
    return linesPrinted().some((line) => line.includes('"destroy"'));
  }, 60_000);
  const first = JSON.parse(linesPrinted()[0] ?? '{}') as { time: string };

  await compose('up', '-d');
  for (const command of ['restart', 'stop', 'start', 'kill']) await compose(command);
  await compose('down');
  const names = ['web', 'worker', 'job'];
  const areGone = (actions: string[]): boolean =>
    actions.filter((action) => action === 'destroy').length >= names.length;
  await until(() => areGone(linesPrinted().map((line) => (JSON.parse(line) as { action: string }).action)), 30_000);
  const said = (): EventMessage['event'][] => heard.map(({ event }) => event).filter(({ time }) => time >= first.time);
  await until(() => areGone(said().map(({ action }) => action)));
  const expected = linesPrinted().map((line) => JSON.parse(line) as EventMessage['event']);
  const actual = said();
  assert.deepEqual(byContainer(actual), byContainer(expected));
  for (const action of ['create', 'start', 'die', 'kill', 'stop', 'restart', 'destroy'])
    assert.ok(
      actual.some((event) => event.action === action),
      `no ${action} among ${actual.length} events`,
    );
  assert.ok(
    heard.some(({ payload }) => payload.exit_code === 3 && payload.level === 3 && payload.compose_service === 'worker'),
  );
  assert.equal(new Set(heard.map(({ payload }) => payload.event_id)).size, heard.length);
});

test('docker-events-in reports images imported, tagged and removed', options, async (t) => {
  const engine = await startEngine(t);
  const flow = await runFlow(t, [dockerEngine, dockerEvents], flowAt(engine.host, { types: 'image' }));
  const heard = collect<EventMessage>(flow, 'out');
  await whenConnected(flow, 'd');
  await engine.docker('tag', IMAGE, 'tagged:1');
  await engine.docker('rmi', 'tagged:1');
  const id = (await engine.docker('create', IMAGE, 'true')).trim();
  await engine.docker('commit', id, 'made:1');
  const tar = join(temporaryFolder(), 'image.tar');
  await engine.docker('export', '-o', tar, id);
  await engine.docker('rm', id);
  await engine.docker('rmi', 'made:1');
  await engine.docker('import', tar, 'imported:1');
  await engine.docker('rmi', 'imported:1');
  await until(() => heard.filter(({ payload }) => payload.event_action === 'delete').length === 2);
  const actions = heard.map(({ payload }) => payload.event_action);
  assert.deepEqual(actions.slice(0, 5), ['tag', 'untag', 'tag', 'untag', 'delete']);
  // Engines differ in whether an import with a name is one event or two.
  assert.deepEqual(
    actions.slice(5).filter((action) => action !== 'tag'),
    ['import', 'untag', 'delete'],
  );
  assert.deepEqual(new Set(heard.map(({ payload }) => payload.event_type)), new Set(['image']));
});

/** The ids of the events that the engine remembers, as the records have them. */
async function remembered(engine: TestEngine, since: number): Promise<string[]> {
  const until = Math.ceil(Date.now() / 1000) + 1;
  const printed = await engine.docker(
    'events',
    '--since',
    String(since),
    '--until',
    String(until),
    '--format',
    '{{json .}}',
  );
  const lines = printed.split('\n').filter((line) => line !== '');
  return lines.map((line) => eventId(parseEvent(line)));
}

test('docker-events-in tells what happened over redeploys and while Node-RED was away, once', options, async (t) => {
  const engine = await startEngine(t);
  const userDir = temporaryFolder();
  const heard: EventMessage[] = [];
  const collector = (RED: NodeAPI): void => {
    function CollectNode(this: Node, config: NodeDef): void {
      RED.nodes.createNode(this, config);
      this.on('input', (msg) => heard.push(msg as unknown as EventMessage));
    }
    RED.nodes.registerType('collect', CollectNode);
  };
  const nodes = [dockerEngine, dockerEvents, collector];
  const flowJson = flowAt(engine.host, {}).map((node) =>
    'type' in node && node.type === 'helper' ? { ...node, type: 'collect' } : node,
  );
  const ids = (): string[] => [...new Set(heard.map(({ payload }) => payload.event_id))];
  const box = ['--network', 'none', IMAGE];

  const flow = await runFlow(t, nodes, flowJson, { userDir });
  await whenConnected(flow, 'd');
  const since = Math.floor(Date.now() / 1000);
  // The engine's memory is asked for in whole seconds: what is compared begins with a second of its own.
  await until(() => Date.now() / 1000 > since + 1);
  await engine.docker('run', '-d', '--name', 'stays', ...box, 'sleep', '1000');
  for (let turn = 0; turn < 3; turn += 1) {
    await flow.redeploy(flowJson);
    await engine.docker('run', '--rm', ...box, 'true');
  }
  await flow.stop();
  await engine.docker('run', '--name', 'gone', ...box, 'false').catch(() => undefined);
  await engine.docker('rm', 'gone');
  await engine.docker('tag', IMAGE, 'tagged:1');
  await engine.docker('rmi', 'tagged:1');
  const again = await runFlow(t, nodes, flowJson, { userDir });
  await whenConnected(again, 'd');
  await engine.docker('kill', 'stays');
  await until(() => heard.some(({ event }) => event.action === 'die' && event.attributes.name === 'stays'));
  const truth = await remembered(engine, since + 1);
  await until(() => ids().length >= truth.length);
  assert.deepEqual(ids().sort(), truth.sort());
});

test('docker-events-in tells of a restart of the engine what it did to the containers', owned, async (t) => {
  const engine = await startEngine(t, true);
  const flow = await runFlow(t, [dockerEngine, dockerEvents], flowAt(engine.host, {}));
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
