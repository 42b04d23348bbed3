import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type EventState, parseEventState } from '../../../nodes/docker-events-in/event-state.ts';

const STATE: EventState = {
  position: { nanos: '1795456800123456789', first: '1795456800000000000', ids: ['container-start-x-1'] },
  containers: {
    x: { name: 'web', image: 'nginx', labels: { 'com.docker.compose.project': 'shop' }, running: true, seen: '0' },
  },
};

/** When the tests' states are read, in ms since the epoch. */
const NOW_MS = Date.parse('2026-11-24T00:00:00Z');

const saved = (): { [name: string]: never } => JSON.parse(JSON.stringify(STATE));

test('`parseEventState()` lets in what was written', () => {
  assert.deepEqual(parseEventState(saved(), NOW_MS), STATE);
  assert.deepEqual(parseEventState({ ...STATE, containers: {} }, NOW_MS), { ...STATE, containers: {} });
});

test('`parseEventState()` refuses any other shape', () => {
  const { position, containers } = STATE;
  const odd: unknown[] = [
    undefined,
    null,
    7,
    'text',
    [],
    {},
    { position },
    { containers },
    { position: { nanos: '1' } },
  ];
  for (const change of [
    { nanos: 1 },
    { nanos: 'now' },
    { first: undefined },
    { ids: 'x' },
    { ids: undefined },
    { nanos: '1995456800000000000' },
  ])
    odd.push({ containers, position: { ...position, ...change } });
  for (const change of [{ name: 1 }, { image: null }, { running: 'yes' }, { seen: 7 }, { seen: '1995456800000000000' }])
    odd.push({ position, containers: { x: { ...containers.x, ...change } } });
  odd.push({ position, containers: { x: null } }, { position, containers: [] });
  for (const state of odd) assert.equal(parseEventState(state, NOW_MS), undefined, JSON.stringify(state));
});
