import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exitCodeAt } from '../../../nodes/docker-events-in/told-event.ts';
import { nanosAt } from '../../support/docker-events.ts';
import { fakeContainer } from '../../support/fake-engine.ts';

const time = (second: number): string => new Date((1795456800 + second) * 1000).toISOString();

test('the state of a container tells the code of the run that ended with an event, and of no other', () => {
  const code = (state: object): number | undefined =>
    exitCodeAt(fakeContainer('x', { Running: false, ExitCode: 3, ...state }), nanosAt(10, 5));
  assert.equal(code({ StartedAt: time(1), FinishedAt: time(10) }), 3);
  assert.equal(code({ StartedAt: time(1), FinishedAt: time(10), Running: true, Restarting: true }), 3);
  // The engine takes a short run as started once it has ended.
  assert.equal(code({ StartedAt: time(10), FinishedAt: time(9) }), 3);
  assert.equal(code({ StartedAt: time(1), FinishedAt: time(12) }), undefined);
  assert.equal(code({ StartedAt: time(11), FinishedAt: time(10), Running: true }), undefined);
  assert.equal(code({ StartedAt: time(1), FinishedAt: '0001-01-01T00:00:00Z' }), undefined);
});
