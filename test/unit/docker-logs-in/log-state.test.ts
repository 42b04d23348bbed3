import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LogPositions, type LogState, parseLogState } from '../../../nodes/docker-logs-in/log-state.ts';
import { stampAt } from '../../support/docker-lines.ts';

const STATE: LogState = {
  first: '1795456800000000000',
  positions: {
    x: {
      out: [stampAt(3), 2],
      err: [stampAt(1), 1],
      pending: stampAt(2),
      finished: '2026-11-23T19:00:00Z',
      started: '2026-11-23T18:00:00Z',
    },
    y: { out: undefined, err: undefined, pending: undefined, finished: undefined, started: undefined },
  },
};

/** When the tests' states are read, in ms since the epoch. */
const NOW_MS = Date.parse('2026-11-24T00:00:00Z');

test('`parseLogState()` lets in what was written', () => {
  assert.deepEqual(parseLogState(JSON.parse(JSON.stringify(STATE)), NOW_MS), STATE);
  assert.deepEqual(parseLogState({ first: '0', positions: {} }, NOW_MS), { first: '0', positions: {} });
});

test('`parseLogState()` refuses any other shape', () => {
  const { first, positions } = STATE;
  const odd: unknown[] = [undefined, null, 7, 'text', [], {}, { first }, { positions }, { first: 1, positions }];
  odd.push(
    { first: '1995456800000000000', positions },
    { first: 'now', positions },
    { first, positions: [] },
    { first, positions: { x: null } },
  );
  for (const out of [
    'x',
    [],
    [stampAt(1)],
    [stampAt(1), '2'],
    [1, 2],
    [stampAt(1), 1.5],
    [stampAt(1), -1],
    ['2099-01-01T00:00:00.000000000Z', 1],
  ])
    odd.push({ first, positions: { x: { out } } });
  for (const change of [{ err: 7 }, { pending: 7 }, { finished: null }]) odd.push({ first, positions: { x: change } });
  for (const state of odd) assert.equal(parseLogState(state, NOW_MS), undefined, JSON.stringify(state));
});

test('positions are kept from when they are safe, and those of before until then', () => {
  const positions = new LogPositions({ x: { finished: 'before' } });
  assert.deepEqual(positions.positionOf('x'), { finished: 'before' });
  assert.deepEqual(positions.positionOf('z'), {});
  const progress = positions.progressOf('x');
  assert.equal(positions.progressOf('x'), progress);
  progress.reached({ finished: 'now' }, 1_000);
  assert.deepEqual(positions.safePositions(1_100), { x: { finished: 'before' } });
  assert.deepEqual(positions.safePositions(3_000), { x: { finished: 'now' } });
  positions.progressOf('y');
  assert.deepEqual(positions.ids, ['x', 'y']);
  positions.forget('x');
  assert.deepEqual([positions.ids, positions.safePositions(9_000)], [['y'], {}]);
});
