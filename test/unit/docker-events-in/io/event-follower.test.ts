import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { test } from 'node:test';
import { STATE_FOLDER, StateFile } from '../../../../lib/io/state-file.ts';
import { type EventState, parseEventState } from '../../../../nodes/docker-events-in/event-state.ts';
import { EventFollower, type EventFollowerOptions } from '../../../../nodes/docker-events-in/io/event-follower.ts';
import { clientFor, type FakeEngine, fakeContainer, startFakeEngine } from '../../../support/fake-engine.ts';
import { temporaryFolder } from '../../../support/folder.ts';
import { until } from '../../../support/until.ts';

interface Following {
  readonly follower: EventFollower;
  readonly told: string[];
  readonly said: string[];
}

function followIn(
  t: TestContext,
  engine: FakeEngine,
  folder: string,
  options: Partial<EventFollowerOptions> = {},
): Following {
  const told: string[] = [];
  const said: string[] = [];
  const follower = new EventFollower({
    client: clientFor(t, engine.host),
    state: new StateFile<EventState>(folder, 'events', parseEventState),
    counts: () => true,
    isChosen: () => true,
    heard: (events) => told.push(...events.map(({ event }) => `${event.Action} ${event.Actor.ID}`)),
    connected: () => said.push('connected'),
    lost: () => said.push('lost'),
    unsaved: () => said.push('unsaved'),
    ...options,
  });
  t.after(() => follower.stop());
  return { follower, told, said };
}

function eventAt(action: string, id: string, nanos: string): string {
  const event = { Type: 'container', Action: action, Actor: { ID: id, Attributes: { name: id } }, time: 1 };
  return `${JSON.stringify(event).slice(0, -1)},"timeNano":${nanos}}\n`;
}

/** Lets the engine send these events on its stream, which goes on. */
function tell(engine: FakeEngine, lines: string, queries: URLSearchParams[] = []): void {
  engine.answer = ({ path, query }, response) => {
    if (path !== '/events') return false;
    queries.push(query);
    response.writeHead(200);
    response.write(lines);
    return true;
  };
}

test('the first start tells nothing of the containers that are there, and each event from then on', async (t) => {
  const engine = await startFakeEngine(t);
  engine.containers = [fakeContainer('old')];
  tell(engine, eventAt('die', 'old', '1795456801000000000'));
  const { told, said } = followIn(t, engine, temporaryFolder());
  await until(() => told.length === 1 && said.length === 1);
  assert.deepEqual([told, said], [['die old'], ['connected']]);
});

test('a restart tells what was missed once, and nothing that was told and saved before', async (t) => {
  const engine = await startFakeEngine(t);
  const folder = temporaryFolder();
  const first = followIn(t, engine, folder);
  await until(() => first.said.length === 1);
  await first.follower.stop();

  engine.containers = [fakeContainer('new', { StartedAt: '2026-11-23T17:59:01Z' })];
  const missed = eventAt('kill', 'new', '1795456799500000000');
  const queries: URLSearchParams[] = [];
  tell(engine, missed + missed + eventAt('die', 'new', '1795456800500000000'), queries);
  const second = followIn(t, engine, folder);
  await until(() => second.said.length === 1);
  await second.follower.stop();
  // Of the past first what the engine remembers, then what its list shows; then what happens now.
  assert.deepEqual(second.told, ['kill new', 'start new', 'die new']);
  // A past with an end of its own does not end on some engines.
  assert.deepEqual(queries.map(String), ['since=1795456800.000000000']);
});

test('a state file of another shape is as none', async (t) => {
  const engine = await startFakeEngine(t);
  const folder = temporaryFolder();
  await new StateFile(folder, 'events', () => undefined).write({ position: { nanos: '1' } } as never);
  const { said } = followIn(t, engine, folder);
  await until(() => said.length === 1);
  assert.deepEqual(said, ['connected']);
});

test('nothing is told any more once it is stopped', async (t) => {
  const engine = await startFakeEngine(t);
  const { follower, told, said } = followIn(t, engine, temporaryFolder());
  await until(() => said.length === 1);
  await follower.stop();
  engine.disconnect();
  assert.deepEqual([told, said], [[], ['connected']]);
});

test('where the state is spoilt, it tells what happened since it was good, of the engine or of the list, and no more', async (t) => {
  const engine = await startFakeEngine(t);
  const folder = temporaryFolder();
  await new StateFile<object>(folder, 'events', (value) => value as object).write({ position: null });
  rmSync(join(folder, STATE_FOLDER, 'previous'), { recursive: true });
  const now = Date.now();
  const ago = (ms: number): string => new Date(now - ms).toISOString();
  engine.containers = [
    fakeContainer('old', { StartedAt: ago(3_600_000) }),
    fakeContainer('restarted', { StartedAt: ago(20_000) }),
  ];
  const queries: URLSearchParams[] = [];
  engine.answer = ({ path, query }, response) => {
    if (path === '/info') {
      response.end(JSON.stringify({ SystemTime: new Date(now).toISOString() }));
      return true;
    }
    if (path !== '/events') return false;
    queries.push(query);
    response.writeHead(200);
    response.write(eventAt('kill', 'old', `${now - 30_000}000000`));
    return true;
  };
  const { told, said } = followIn(t, engine, folder);
  await until(() => said.includes('connected'));
  assert.deepEqual(told, ['kill old', 'start restarted']);
  const seconds = now / 1000 - Number(queries[0]?.get('since'));
  assert.ok(seconds >= 59 && seconds < 70, `${seconds} s ago`);
});

test('the list is looked at while the stream of events sends no headers, as Podman’s does', async (t) => {
  const engine = await startFakeEngine(t);
  engine.containers = [fakeContainer('old')];
  let send = (_lines: string): void => undefined;
  engine.answer = ({ path }, response) => {
    if (path !== '/events') return false;
    send = (lines) => response.write(lines);
    return true;
  };
  const { told, said } = followIn(t, engine, temporaryFolder());
  await until(() => said.length === 1);
  assert.deepEqual(said, ['connected']);
  send(eventAt('die', 'old', '1795456801000000000'));
  await until(() => told.length === 1);
  assert.deepEqual([told, said], [['die old'], ['connected']]);
});

test('an event that nobody asked for is no reason to write the state', async (t) => {
  const engine = await startFakeEngine(t);
  let send = (_lines: string): void => undefined;
  engine.answer = ({ path }, response) => {
    if (path !== '/events') return false;
    response.writeHead(200).flushHeaders();
    send = (lines) => response.write(lines);
    return true;
  };
  t.mock.timers.enable({ apis: ['setInterval'] });
  // A disk is left in peace for a while after each write, by a clock that is not mocked.
  const tickFor = (ms: number): Promise<void> => {
    const endMs = performance.now() + ms;
    return until(() => {
      t.mock.timers.tick(500);
      return performance.now() > endMs;
    });
  };
  const state = new StateFile<EventState>(temporaryFolder(), 'events', parseEventState);
  // A slow disk is left in peace longer than this test takes.
  const write = t.mock.method(state, 'write', async () => undefined);
  const counted: string[] = [];
  const { said } = followIn(t, engine, '', {
    state,
    delayMs: () => 0,
    counts: ({ Action }) => counted.push(Action) > 0,
    isChosen: ({ Action }) => Action === 'die',
  });
  await until(() => said.length === 1);
  // What the list of containers says is written first, in one write or in two.
  await until(() => {
    t.mock.timers.tick(500);
    return write.mock.callCount() > 0;
  });
  await Promise.all(write.mock.calls.map(({ result }) => result));
  await tickFor(500);
  const before = write.mock.callCount();
  send(eventAt('health_status: healthy', 'old', '1795456801000000000'));
  await until(() => counted.length === 1);
  await tickFor(200);
  assert.equal(write.mock.callCount(), before);
  send(eventAt('die', 'old', '1795456802000000000'));
  await until(() => {
    t.mock.timers.tick(500);
    return write.mock.callCount() === before + 1;
  });
});
