// Risk: a container is taken for another one, or speaks for the engine.

import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import dockerEngine from '../../../nodes/docker-engine/docker-engine.ts';
import dockerEvents from '../../../nodes/docker-events-in/docker-events-in.ts';
import type { EventMessage } from '../../../nodes/docker-events-in/event.ts';
import dockerLogs from '../../../nodes/docker-logs-in/docker-logs-in.ts';
import { IMAGE, missingForDocker, startEngine, type TestEngine } from '../../support/docker.ts';
import { collect, recordsOf, whenConnected, whenStatus } from '../../support/docker-flow.ts';
import { ENGINE_RELEASES, type EngineRelease } from '../../support/engine-releases.ts';
import { eventsFlow } from '../../support/events-flow.ts';
import { type RunningFlow, runFlow } from '../../support/flow.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { real } from '../../support/real.ts';
import { until } from '../../support/until.ts';

const BOX = ['--network', 'none'];
const FOLDER = 'com.docker.compose.project.working_dir';
const PROJECT = 'com.docker.compose.project';

function logsFlow(t: TestContext, { host }: TestEngine, settings: object): Promise<RunningFlow> {
  return runFlow(
    t,
    [dockerEngine, dockerLogs],
    [
      { id: 'f', type: 'tab' },
      { id: 'e', type: 'docker-engine', host },
      {
        id: 'l',
        z: 'f',
        type: 'docker-logs-in',
        engine: 'e',
        composeDir: '',
        from: 'start',
        ...settings,
        wires: [['out']],
      },
      { id: 'out', z: 'f', type: 'helper' },
    ],
  );
}

interface Talker {
  readonly image?: string;
  readonly labels?: { readonly [name: string]: string };
}

/** Runs a container that says a line now and then. */
async function runTalker(engine: TestEngine, name: string, { image = IMAGE, labels = {} }: Talker = {}): Promise<void> {
  const options = Object.entries(labels).flatMap(([label, value]) => ['--label', `${label}=${value}`]);
  const script = 'while true; do echo said; sleep 0.2; done';
  await engine.docker('run', '-d', ...BOX, '--name', name, ...options, image, 'sh', '-c', script);
}

async function labelsSpeakForNobody(t: TestContext, engine: TestEngine): Promise<void> {
  const flow = await runFlow(t, [dockerEngine, dockerEvents], eventsFlow(engine.host, { types: 'container' }));
  const heard = collect<EventMessage>(flow, 'out');
  await whenConnected(flow, 'd');
  const labels = ['--label', 'exitCode=0', '--label', 'signal=KILL', '--label', 'oldName=/forged'];
  await engine.docker('run', '-d', ...BOX, '--name', 'liar', ...labels, IMAGE, 'sh', '-c', 'exit 3');
  const payloads = (): EventMessage['payload'][] => heard.map(({ payload }) => payload);
  await until(() => payloads().some(({ event_action: action }) => action === 'die'));
  const [died] = payloads().filter(({ event_action: action }) => action === 'die');
  assert.deepEqual([died?.exit_code, died?.level], [3, 3]);
  await engine.docker('rename', 'liar', 'other');
  await engine.docker('run', '-d', ...BOX, '--name', 'honest', IMAGE, 'sh', '-c', 'exit 4');
  await until(() =>
    payloads().some(({ container_name: name, event_action: action }) => name === 'honest' && action === 'die'),
  );
  const renamed = payloads().find(({ event_action: action }) => action === 'rename');
  assert.deepEqual([renamed?.container_name, renamed?.container_name_before], ['other', 'liar']);
  assert.deepEqual(
    payloads().flatMap(({ event_action: action, exit_code: code, signal }) =>
      code === undefined && signal === undefined ? [] : [[action, code, signal]],
    ),
    [
      ['die', 3, undefined],
      ['die', 4, undefined],
    ],
  );
}

async function keepsItsImage(t: TestContext, engine: TestEngine): Promise<void> {
  await engine.docker('tag', IMAGE, 'shop/web:latest');
  await runTalker(engine, 'web', { image: 'shop/web:latest' });
  await engine.docker('commit', '-c', 'LABEL newer=1', 'web', 'shop/web:latest');
  const flow = await logsFlow(t, engine, { images: 'shop/*' });
  const heard = collect(flow, 'out');
  await until(() => heard.length > 0);
  assert.equal(recordsOf(heard)[0]?.image_name, 'shop/web:latest');

  await engine.docker('rename', 'web', 'shop');
  await until(() => recordsOf(heard).some(({ container_name: name }) => name === 'shop'));
  assert.equal(heard.at(-1)?.topic, 'docker/log/shop');
}

async function leavesATrace(t: TestContext, engine: TestEngine): Promise<void> {
  await runTalker(engine, 'quiet');
  await engine.docker('commit', '-c', 'LABEL infra-monitoring.logs=false', 'quiet', 'shop/quiet:1');
  await engine.docker('rm', '-f', 'quiet');
  await runTalker(engine, 'hides', { image: 'shop/quiet:1' });
  const flow = await logsFlow(t, engine, { include: 'hides, late' });
  const heard = collect(flow, 'out');
  await whenConnected(flow, 'l');
  await runTalker(engine, 'late', { image: 'shop/quiet:1' });
  await until(() => heard.length >= 2);
  assert.deepEqual(
    recordsOf(heard).map(({ container_name: name, level, message }) => [name, level, /not collected/.test(message)]),
    [
      ['hides', 5, true],
      ['late', 5, true],
    ],
  );
}

async function knowsItsFolder(t: TestContext, engine: TestEngine): Promise<void> {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'real'));
  symlinkSync('real', join(folder, 'link'));
  const composeDir = join(folder, 'link');
  const flow = await runFlow(
    t,
    [dockerEngine, dockerEvents, dockerLogs],
    [
      ...eventsFlow(engine.host, { composeDir, types: 'volume' }),
      { id: 'l', z: 'f', type: 'docker-logs-in', engine: 'e', composeDir, wires: [['lines']] },
      { id: 'lines', z: 'f', type: 'helper' },
    ],
  );
  const heard = collect<EventMessage>(flow, 'out');
  const said = collect(flow, 'lines');
  await whenStatus(flow, 'l', /emptyFolder/);
  await whenStatus(flow, 'd', /emptyFolder/);
  await runTalker(engine, 'staged', { labels: { [FOLDER]: join(folder, 'real'), [PROJECT]: 'staging' } });
  await until(() => said.length > 0);
  await whenStatus(flow, 'l', /following/);
  // Its name does not begin with the project's.
  await engine.docker('volume', 'create', '--label', `${PROJECT}=staging`, 'data');
  await engine.docker('volume', 'create', '--label', `${PROJECT}=other`, 'staging_forged');
  await engine.docker('volume', 'rm', 'data', 'staging_forged');
  await until(() => recordsOf(heard).some(({ event_action: action }) => action === 'destroy'));
  assert.deepEqual(
    recordsOf(heard).map(({ event_action: action, object_name: name }) => [action, name]),
    [
      ['create', 'data'],
      ['destroy', 'data'],
    ],
  );
}

const CASES: readonly [name: string, run: (t: TestContext, engine: TestEngine) => Promise<void>][] = [
  ['labels named as the attributes of the engine speak for nobody', labelsSpeakForNobody],
  ['a container keeps the name of its image when the tag moves, and has its new name after a rename', keepsItsImage],
  ['a container whose image keeps its log back leaves a trace', leavesATrace],
  ['a container and a volume are of a project by folder over links, and by label', knowsItsFolder],
];

function options(release: EngineRelease): object {
  const missing = missingForDocker(true, release);
  return { ...real(`Docker Engine (${release}): ${missing}`, missing === undefined), timeout: 180_000 };
}

for (const release of ENGINE_RELEASES) {
  test(`who a container is, on the ${release} engine`, options(release), async (t) => {
    const engine = await startEngine(t, true, release);
    for (const [name, run] of CASES) await t.test(name, (own) => run(own, engine));
  });
}
