import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { test } from 'node:test';
import { STATE_FOLDER, StateFile } from '../../../../lib/io/state-file.ts';
import { LogFollower } from '../../../../nodes/docker-logs-in/io/log-follower.ts';
import { parseLogState } from '../../../../nodes/docker-logs-in/log-state.ts';
import { eventLine, ID } from '../../../support/docker-events.ts';
import { lineOf } from '../../../support/docker-lines.ts';
import { clientFor, type FakeEngine, fakeContainer, startFakeEngine } from '../../../support/fake-engine.ts';
import { countFileCalls } from '../../../support/file-calls.ts';
import { temporaryFolder } from '../../../support/folder.ts';
import { afterTurns, turns } from '../../../support/turns.ts';
import { until } from '../../../support/until.ts';

interface Following {
  readonly follower: LogFollower;
  readonly messages: string[];
  readonly faults: unknown[];
}

function followIn(
  t: TestContext,
  engine: Pick<FakeEngine, 'host'>,
  folder = temporaryFolder(),
  fromStart = true,
): Following {
  const messages: string[] = [];
  const faults: unknown[] = [];
  const follower = new LogFollower({
    client: clientFor(t, engine.host),
    state: new StateFile(folder, 'logs', parseLogState),
    host: 'h',
    fromStart,
    multilineStart: undefined,
    multilineMs: 500,
    json: false,
    filter: () => (container) => container.name !== 'unwanted',
    handOn: async (more) => {
      messages.push(...more.map(({ payload }) => `${payload.container_name} ${payload.message}`));
    },
    notice: (kind) => faults.push(kind),
    following: () => undefined,
    lost: (error) => faults.push(error),
    unsaved: (error) => faults.push(error),
    spoilt: () => faults.push('spoilt'),
  });
  t.after(() => follower.stop());
  return { follower, messages, faults };
}

/** Lets the engine give every container this log, which goes on; `queries` hears what was asked for. */
function answerLogs(engine: FakeEngine, log: Buffer, queries: URLSearchParams[] = []): void {
  engine.answer = ({ path, query }, response) => {
    if (!path.endsWith('/logs')) return false;
    queries.push(query);
    response.writeHead(200);
    if (query.get('follow') === 'true') response.write(log);
    else response.end(log);
    return true;
  };
}

test('the chosen containers are followed, and those that stopped are read to their end', async (t) => {
  const engine = await startFakeEngine(t);
  const ended = { Running: false, FinishedAt: '2026-11-23T19:00:00Z' };
  engine.containers = [fakeContainer('runs'), fakeContainer('unwanted'), fakeContainer('ended', ended)];
  engine.answer = ({ path }, response) => {
    if (!path.endsWith('/logs')) return false;
    if (path.includes('ended')) response.end(lineOf(1, 'last'));
    else {
      response.writeHead(200);
      response.write(lineOf(1, 'first'));
    }
    return true;
  };
  const { messages, faults } = followIn(t, engine);
  await until(() => messages.length === 2);
  assert.deepEqual(messages.sort(), ['ended last', 'runs first']);
  assert.deepEqual(faults, []);
});

test('a container that starts later is followed from its start event on', async (t) => {
  const engine = await startFakeEngine(t);
  const attributes = { name: 'later', image: 'fake:1' };
  const event = { Type: 'container', Action: 'start', Actor: { ID: 'later', Attributes: attributes }, time: 1 };
  let start = (): void => undefined;
  engine.answer = ({ path }, response) => {
    if (path === '/events') {
      response.writeHead(200).flushHeaders();
      start = () => response.write(`${JSON.stringify(event)}\n`);
      return true;
    }
    if (path !== '/containers/later/logs') return false;
    response.writeHead(200);
    response.write(lineOf(1, 'hello'));
    return true;
  };
  let asked = false;
  const { messages } = followIn(t, engine);
  const usual = engine.answer;
  engine.answer = (request, response) => {
    asked ||= request.path === '/containers/json';
    return usual(request, response);
  };
  await until(() => asked);
  engine.containers = [fakeContainer('later')];
  start();
  await until(() => messages.length === 1);
  assert.deepEqual(messages, ['later hello']);
});

test('the first start reads only what is new, unless all is asked for', async (t) => {
  const engine = await startFakeEngine(t);
  engine.containers = [fakeContainer('web')];
  const queries: URLSearchParams[] = [];
  answerLogs(engine, lineOf(1, 'line'), queries);
  const fromNow = followIn(t, engine, temporaryFolder(), false);
  await until(() => fromNow.messages.length === 1);
  await fromNow.follower.stop();
  const fromStart = followIn(t, engine);
  await until(() => fromStart.messages.length === 1);
  const asked = queries.filter((query) => query.get('follow') === 'true').map((query) => query.get('since'));
  assert.deepEqual(asked, ['1795456800.000000000', '0.000000000']);
});

test('a stop writes the positions, and a state file of another shape is told and replaced', async (t) => {
  const engine = await startFakeEngine(t);
  engine.containers = [fakeContainer('web')];
  answerLogs(engine, lineOf(1, 'line'));
  const folder = temporaryFolder();
  const file = new StateFile<object>(folder, 'logs', (value) => value as object);
  await file.write({ first: 7, positions: [] });
  const { follower, messages, faults } = followIn(t, engine, folder);
  await until(() => messages.length === 1);
  await follower.stop();
  assert.deepEqual(file.read(), { first: '0', positions: {} });
  assert.deepEqual(faults, ['spoilt']);
});

test('where the state is spoilt, logs are read from when it was good', async (t) => {
  const engine = await startFakeEngine(t);
  engine.containers = [fakeContainer('web')];
  const queries: URLSearchParams[] = [];
  engine.answer = ({ path, query }, response) => {
    if (path === '/info') response.end(JSON.stringify({ SystemTime: new Date().toISOString() }));
    if (path.endsWith('/logs')) {
      queries.push(query);
      response.write(lineOf(1, 'line'));
    }
    return path === '/info' || path.endsWith('/logs');
  };
  const folder = temporaryFolder();
  await new StateFile<object>(folder, 'logs', (value) => value as object).write({});
  rmSync(join(folder, STATE_FOLDER, 'previous'), { recursive: true });
  const { messages } = followIn(t, engine, folder, false);
  await until(() => messages.length === 1);
  const since = Number(queries.find((query) => query.get('follow') === 'true')?.get('since'));
  const seconds = Date.now() / 1000 - since;
  assert.ok(seconds >= 60 && seconds < 70, `${seconds} s ago`);
});

test('of many containers that start at once, eight logs are asked for at a time', async (t) => {
  const engine = await startFakeEngine(t);
  const count = 200;
  let open = 0;
  let most = 0;
  let answered = 0;
  engine.answer = ({ path }, response) => {
    if (path === '/events') {
      response.writeHead(200);
      const start = (id: string): string => `${eventLine('start', { name: id }).replace(ID, id)}\n`;
      response.write(Array.from({ length: count }, (_, number) => start(`c${number}`)).join(''));
      return true;
    }
    if (!path.endsWith('/logs')) return false;
    open += 1;
    most = Math.max(most, open);
    void afterTurns(20).then(() => {
      open -= 1;
      answered += 1;
      response.writeHead(200);
      response.write(lineOf(1, 'x'));
    });
    return true;
  };
  engine.containers = Array.from({ length: count }, (_, number) => fakeContainer(`c${number}`));
  // However long the headers take on a busy machine: after a while without them it asks for more.
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { messages } = followIn(t, engine);
  await turns(() => messages.length === count);
  assert.equal(answered, count);
  assert.ok(most <= 8, `${most} at once`);
});

test('an engine that is away is asked again without a look at any file', async (t) => {
  const calls = countFileCalls(t);
  // Nobody may listen at the first port but root.
  const { faults } = followIn(t, { host: 'tcp://127.0.0.1:1' });
  await until(() => faults.length >= 2);
  assert.equal(calls(), 0);
});
