import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refusalError } from '../../../lib/docker/client.ts';
import { MonitoringError } from '../../../lib/errors.ts';
import { logRefusal } from '../../../nodes/docker-logs-in/refusals.ts';

test('`logRefusal()` knows a container that is gone by the status, or by its log that is', () => {
  assert.equal(logRefusal(refusalError(404, 'No such container: x', '/containers/x/logs')), 'gone');
  assert.equal(
    logRefusal(refusalError(409, 'can not get logs from container which is dead', '/containers/x/logs')),
    'gone',
  );
  const podman = refusalError(500, 'container x does not exist in database: no such container', '/containers/x/logs');
  assert.equal(logRefusal(podman), 'gone');
  assert.equal(
    logRefusal(refusalError(500, 'open /x-json.log: no such file or directory', '/containers/x/logs')),
    'gone',
  );
});

test('`logRefusal()` knows a log driver that cannot be read by the status, or by the words', () => {
  assert.equal(logRefusal(refusalError(501, '', '/containers/x/logs')), 'unreadable');
  assert.equal(
    logRefusal(refusalError(500, 'configured logging driver does not support reading', '/containers/x/logs')),
    'unreadable',
  );
});

test('`logRefusal()` lets anything else pass', () => {
  const noSocket = Object.assign(new Error('connect ENOENT: no such file'), { code: 'ENOENT' });
  for (const error of [
    refusalError(500, 'the disk is on fire', '/containers/x/logs'),
    new MonitoringError('LOG_STREAM_BROKEN'),
    noSocket,
  ])
    assert.equal(logRefusal(error), 'passing');
});
