// Risk: events that are not those which Docker itself tells.

import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import dockerEngine from '../../../nodes/docker-engine/docker-engine.ts';
import dockerEvents from '../../../nodes/docker-events-in/docker-events-in.ts';
import type { EventMessage } from '../../../nodes/docker-events-in/event.ts';
import { endProcess, IMAGE, missingForDocker, startEngine, type TestEngine } from '../../support/docker.ts';
import { collect, whenConnected } from '../../support/docker-flow.ts';
import { eventsFlow } from '../../support/events-flow.ts';
import { runFlow } from '../../support/flow.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { program, real } from '../../support/real.ts';
import { until } from '../../support/until.ts';

const run = promisify(execFile);
const missing = missingForDocker() ?? (program('docker-compose') === undefined ? 'no docker-compose' : undefined);
const options = { ...real(`Docker Engine to test with: ${missing}`, missing === undefined), timeout: 180_000 };

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

/** Two containers' events of the same millisecond reach two listeners of the engine in one order or the other. */
function byContainer(events: readonly EventMessage['event'][]): [id: string, events: EventMessage['event'][]][] {
  const ids = [...new Set(events.map(({ id }) => id))].sort();
  return ids.map((own) => [own, events.filter(({ id }) => id === own)]);
}

test('docker-events-in hands on event for event what docker-compose events --json prints', options, async (t) => {
  const engine = await startEngine(t);
  const { folder, compose } = project(t, engine);
  const flow = await runFlow(t, [dockerEngine, dockerEvents], eventsFlow(engine.host, { composeDir: folder }));
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
  // It was stopped by somebody: its code is its answer, and no error.
  assert.ok(
    heard.some(({ payload }) => payload.exit_code === 3 && payload.level === 5 && payload.compose_service === 'worker'),
  );
  assert.equal(new Set(heard.map(({ payload }) => payload.event_id)).size, heard.length);
});

test('docker-events-in reports images imported, tagged and removed', options, async (t) => {
  const engine = await startEngine(t);
  const flow = await runFlow(t, [dockerEngine, dockerEvents], eventsFlow(engine.host, { types: 'image' }));
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
