import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ContainerDetails } from '../../../lib/docker/api.ts';
import { eventMessage } from '../../../nodes/docker-events-in/event.ts';
import { parseEventState } from '../../../nodes/docker-events-in/event-state.ts';
import { Inventory } from '../../../nodes/docker-events-in/inventory.ts';
import { eventOf, NANOS, nanosAt } from '../../support/docker-events.ts';

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

const told = (inventory: Inventory, ...list: ContainerDetails[]): string[] =>
  inventory.compare(list, nanosAt(100)).map((timed) => {
    const { event: found, nanos } = timed;
    const code = found.Actor.Attributes?.exitCode;
    return `${Number(nanos.slice(0, -9)) - 1795456800} ${found.Actor.ID} ${found.Action}${code === undefined ? '' : ` ${code}`}`;
  });

test('the comparison tells what happened in a gap, the oldest first', () => {
  const inventory = new Inventory();
  const runs = { Running: true, StartedAt: time(1) };
  inventory.add([
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
  assert.deepEqual(told(inventory, ...list), [
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
  assert.deepEqual(told(inventory, ...list), []);
});

test('the comparison tells nothing that the events told already', () => {
  const inventory = new Inventory();
  const tell = (action: string, id: string, second: number): void => {
    const attributes = { name: id, image: 'nginx' };
    inventory.apply({
      event: eventOf(action, {}, { Actor: { ID: id, Attributes: attributes } }),
      nanos: nanosAt(second, 5),
    });
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
  assert.deepEqual(told(inventory, ...list), []);
  assert.equal(
    eventMessage({ event: eventOf('die'), nanos: NANOS, isFound: true }, 'h').payload.message.includes('gap'),
    true,
  );
});

const timed = (action: string, attributes: object, second: number) => ({
  event: eventOf(action, attributes),
  nanos: nanosAt(second),
});

/** The levels of what is told of one container, after its start. */
function levelsOf(...events: [action: string, attributes?: object][]): number[] {
  const inventory = new Inventory();
  const all: [action: string, attributes?: object][] = [['create'], ['start'], ...events];
  return all
    .flatMap(([action, attributes = {}], second) => {
      return inventory.apply(timed(action, { name: 'web', ...attributes }, second)) ?? [];
    })
    .map((one) => eventMessage(one, 'h').payload.level)
    .slice(2);
}

test('a container that somebody stopped is no error, whatever code it ends with; the next time it is one', () => {
  const dead = { exitCode: '137' };
  assert.deepEqual(
    levelsOf(['kill', { signal: '15' }], ['kill', { signal: '9' }], ['die', dead], ['stop']),
    [5, 5, 5, 5],
  );
  assert.deepEqual(levelsOf(['kill', { signal: 'SIGTERM' }], ['die', dead], ['start'], ['die', dead]), [5, 5, 6, 3]);
  assert.deepEqual(levelsOf(['stop'], ['die', dead]), [5, 5], 'Podman says first that it stops it');
});

test('a word to the program asks for no end', () => {
  for (const signal of ['1', '10', 'SIGHUP'])
    assert.deepEqual(levelsOf(['kill', { signal }], ['die', { exitCode: '1' }]), [5, 3]);
});

test('that somebody asks for the end is known over a restart, and after a gap', () => {
  const before = new Inventory();
  for (const action of ['create', 'start']) before.apply(timed(action, { name: 'web' }, 1));
  before.apply(timed('kill', { name: 'web', signal: '15' }, 2));
  const [id = ''] = Object.keys(before.containers);
  const saved = parseEventState(
    JSON.parse(JSON.stringify({ position: { nanos: NANOS, first: NANOS, ids: [] }, containers: before.containers })),
    Date.parse('2030-01-01T00:00:00Z'),
  );
  const inventory = new Inventory(saved?.containers);
  const [died] = inventory.compare(
    [details(id, { StartedAt: time(1), FinishedAt: time(20), ExitCode: 143 })],
    nanosAt(100),
  );
  assert.ok(died !== undefined);
  const told = inventory.apply(died);
  assert.ok(told !== undefined);
  assert.equal(eventMessage(told, 'h').payload.level, 5);
});
