import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ContainerDetails } from '../../../lib/docker/api.ts';
import { actionDetail, actionOf, eventId, parseEvent } from '../../../lib/docker/events.ts';
import { eventMessage } from '../../../nodes/docker-events-in/event.ts';
import { createEventMemory } from '../../../nodes/docker-events-in/event-position.ts';
import { areTypes, eventFilter } from '../../../nodes/docker-events-in/filter.ts';
import { createKnown } from '../../../nodes/docker-events-in/inventory.ts';

const ID = 'a'.repeat(64);
const NANOS = '1795456800123456789';

function line(action: string, attributes: object = {}, more: object = {}): string {
  const event = { Type: 'container', Action: action, Actor: { ID, Attributes: attributes }, time: 1795456800, ...more };
  return `${JSON.stringify(event).slice(0, -1)},"timeNano":${NANOS}}`;
}

const event = (action: string, attributes: object = {}, more: object = {}) =>
  parseEvent(line(action, attributes, more)).event;

test('`parseEvent()` keeps every digit of the time', () => {
  assert.equal(parseEvent(line('start')).nanos, NANOS);
  assert.equal(parseEvent(line('start', { '"timeNano":7': '"timeNano":8' })).nanos, NANOS);
});

test('`parseEvent()` throws where the line is no event', () => {
  for (const text of ['', '{', '{}', 'null', '[]', '{"Type":"container","Action":"die"}'])
    assert.throws(() => parseEvent(text), SyntaxError, text);
});

test('`eventMessage()` makes the contract’s record and the object of docker-compose', () => {
  const attributes = {
    'com.docker.compose.project': 'shop',
    'com.docker.compose.service': 'web',
    exitCode: '137',
    image: 'nginx:1',
    name: 'shop_web_1',
    team: 'blue',
  };
  const message = eventMessage(parseEvent(line('die', attributes)), 'host-1');
  assert.equal(message.topic, 'docker/event/die');
  assert.deepEqual(message.payload, {
    log_type: 'docker_event',
    time: '2026-11-23T18:00:00.123Z',
    host: 'host-1',
    level: 3,
    message: 'container shop_web_1 die (exit code 137, image nginx:1)',
    event_id: `container-die-${ID}-${NANOS}`,
    event_type: 'container',
    event_action: 'die',
    container_id: ID,
    container_name: 'shop_web_1',
    image_name: 'nginx:1',
    exit_code: 137,
    compose_project: 'shop',
    compose_service: 'web',
  });
  const { time, ...rest } = message.event;
  assert.match(time, /^2026-11-2\dT\d\d:\d\d:00\.123456$/);
  assert.deepEqual(rest, {
    type: 'container',
    action: 'die',
    id: ID,
    service: 'web',
    attributes: { exitCode: '137', image: 'nginx:1', name: 'shop_web_1', team: 'blue' },
  });
});

test('the level says how bad an event is', () => {
  const level = (action: string, attributes: object = {}): number =>
    eventMessage(parseEvent(line(action, attributes)), 'h').payload.level;
  assert.equal(level('die', { exitCode: '0' }), 6);
  assert.equal(level('die', { exitCode: '1' }), 3);
  assert.equal(level('oom'), 3);
  assert.equal(level('kill', { signal: '15' }), 5);
  assert.equal(level('health_status: unhealthy'), 4);
  assert.equal(level('health_status: healthy'), 6);
  assert.equal(level('start'), 6);
});

test('an action is a word; what follows it is its detail', () => {
  assert.equal(actionOf(event('exec_create: sh -c date')), 'exec_create');
  assert.equal(actionDetail(event('health_status: unhealthy')), 'unhealthy');
  const { payload, topic } = eventMessage(parseEvent(line('health_status: unhealthy')), 'h');
  assert.deepEqual(
    [topic, payload.event_action, payload.health_status],
    ['docker/event/health_status', 'health_status', 'unhealthy'],
  );
});

test('`eventFilter()` leaves out commands in containers unless they are asked for', () => {
  assert.ok(!eventFilter({})(event('exec_start: true')));
  assert.ok(eventFilter({ exec: true })(event('exec_start: true')));
  assert.ok(eventFilter({})(event('start')));
});

test('`eventFilter()` chooses by type, action, container and project', () => {
  const network = event('connect', { name: 'shop_default' }, { Type: 'network' });
  const image = event('tag', { name: 'x:1' }, { Type: 'image' });
  const web = event('die', { name: 'web', 'com.docker.compose.project': 'shop', team: 'blue' });
  const which = (settings: object): string[] =>
    [network, image, web].filter(eventFilter(settings)).map(({ Type }) => Type);
  assert.deepEqual(which({}), ['network', 'image', 'container']);
  assert.deepEqual(which({ types: 'image, container' }), ['image', 'container']);
  assert.deepEqual(which({ actions: 'd*' }), ['container']);
  assert.deepEqual(which({ include: 'db' }), ['network', 'image']);
  assert.deepEqual(which({ project: 'shop' }), ['network', 'container']);
  assert.deepEqual(which({ composeDir: '/srv/shop' }), ['network', 'container']);
  assert.deepEqual(which({ project: 'other' }), []);
  assert.deepEqual(which({ types: 'container', labels: 'team=blue' }), ['container']);
  assert.ok(areTypes('container,image') && areTypes('') && !areTypes('containers'));
});

const at = (second: number, nano = 0): string => `${1795456800 + second}${String(nano).padStart(9, '0')}`;

test('the memory takes an event once and reads again from before the newest', () => {
  const memory = createEventMemory({ nanos: at(10), first: at(0), ids: ['container-start-x-1'] });
  const timed = (nanos: string, action = 'start') => ({ event: event(action), nanos });
  assert.ok(memory.take(timed(at(11))));
  assert.ok(!memory.take(timed(at(11))));
  assert.ok(memory.take(timed(at(10, 5))), 'an event that comes after a later one is taken');
  assert.equal(memory.since(), `${1795456809}.000000000`);
  const position = memory.positionAt(1);
  assert.equal(position.nanos, at(11));
  assert.deepEqual(position.ids, ['container-start-x-1', eventId(timed(at(11)))]);
  const again = createEventMemory(position);
  assert.ok(!again.take(timed(at(11))));
  assert.ok(again.take(timed(at(10, 5))));
});

test('the memory reads nothing from before it began, and stays small', () => {
  const memory = createEventMemory({ nanos: at(0), first: at(0), ids: [] });
  assert.equal(memory.since(), '1795456800.000000000');
  for (let second = 0; second < 5_000; second += 1) memory.take({ event: event('start'), nanos: at(second) });
  assert.ok(memory.positionAt(memory.count).ids.length <= 4);
  assert.equal(memory.positionAt(memory.count).nanos, at(4_999));
});

const time = (second: number): string => new Date((1795456800 + second) * 1000).toISOString();

function details(id: string, state: object, created = 0): ContainerDetails {
  return {
    Id: id,
    Name: `/${id}`,
    Created: time(created),
    Path: 'sh',
    Args: [],
    Image: 'sha256:1',
    State: {
      Running: false,
      StartedAt: '0001-01-01T00:00:00Z',
      FinishedAt: '0001-01-01T00:00:00Z',
      ExitCode: 0,
      ...state,
    },
    Config: { Image: 'nginx', Labels: { 'com.docker.compose.service': id, other: 'x' } },
  };
}

const told = (known: ReturnType<typeof createKnown>, ...list: ContainerDetails[]): string[] =>
  known.compare(list, at(100)).map((timed) => {
    const { event: found, nanos } = timed;
    const code = found.Actor.Attributes?.exitCode;
    return `${Number(nanos.slice(0, -9)) - 1795456800} ${found.Actor.ID} ${found.Action}${code === undefined ? '' : ` ${code}`}`;
  });

test('the comparison tells what happened in a gap, the oldest first', () => {
  const known = createKnown();
  const runs = { Running: true, StartedAt: time(1) };
  known.fill([
    details('same', runs),
    details('ended', runs),
    details('again', runs),
    details('gone', runs),
    details('idle', {}),
  ]);
  const list = [
    details('same', runs),
    details('ended', { StartedAt: time(1), FinishedAt: time(20), ExitCode: 2 }),
    details('again', { Running: true, StartedAt: time(31), FinishedAt: time(30) }),
    details('idle', {}),
    details('new', { Running: true, StartedAt: time(41) }, 40),
    details('short', { StartedAt: time(51), FinishedAt: time(52), ExitCode: 1 }, 50),
    details('later', { Running: true, StartedAt: time(101) }, 100),
  ];
  assert.deepEqual(told(known, ...list), [
    '20 ended die 2',
    '30 again die',
    '31 again start',
    '40 new create',
    '41 new start',
    '50 short create',
    '51 short start',
    '52 short die 1',
    '100 gone die',
    '100 gone destroy',
  ]);
  assert.deepEqual(told(known, ...list), []);
});

test('the comparison tells nothing that the events told already', () => {
  const known = createKnown();
  const tell = (action: string, id: string, second: number): void => {
    const attributes = { name: id, image: 'nginx' };
    known.apply({ event: event(action, {}, { Actor: { ID: id, Attributes: attributes } }), nanos: at(second, 5) });
  };
  for (const id of ['a', 'b', 'c']) {
    tell('create', id, 1);
    tell('start', id, 2);
  }
  tell('die', 'b', 9);
  tell('die', 'c', 9);
  tell('destroy', 'c', 10);
  const list = [
    details('a', { Running: true, StartedAt: time(2) }, 1),
    details('b', { StartedAt: time(2), FinishedAt: time(9), ExitCode: 1 }, 1),
  ];
  assert.deepEqual(told(known, ...list), []);
  assert.equal(
    eventMessage({ event: event('die'), nanos: NANOS, isFound: true }, 'h').payload.message.includes('gap'),
    true,
  );
});
