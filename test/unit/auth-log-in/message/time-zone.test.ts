import assert from 'node:assert/strict';
import { test } from 'node:test';
import { localTime } from '../../../../nodes/auth-log-in/message/time-zone.ts';

test('localTime() of a named zone is right in summer, in winter, and in the hour that comes twice', () => {
  const berlin = localTime('Europe/Berlin');
  assert.equal(new Date(berlin(2026, 7, 1, 12)).toISOString(), '2026-07-01T10:00:00.000Z');
  assert.equal(new Date(berlin(2026, 1, 1, 12)).toISOString(), '2026-01-01T11:00:00.000Z');
  assert.equal(new Date(berlin(2026, 10, 25, 2)).toISOString(), '2026-10-25T00:00:00.000Z');
  assert.equal(new Date(localTime('+05:30')(2026, 1, 1, 12)).toISOString(), '2026-01-01T06:30:00.000Z');
  assert.equal(new Date(localTime('Asia/Kolkata')(2026, 1, 1, 12)).toISOString(), '2026-01-01T06:30:00.000Z');
});
