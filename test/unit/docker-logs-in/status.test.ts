import assert from 'node:assert/strict';
import { test } from 'node:test';
import { followingStatus } from '../../../nodes/docker-logs-in/status.ts';

test('a pause comes before an empty folder, and that before the count', () => {
  const following = { count: 3, place: 'unix:///x', pausedFor: undefined, isSlowed: false, emptyFolder: undefined };
  assert.deepEqual(followingStatus(following), ['ok', 'status.following', { count: 3, place: 'unix:///x' }]);
  const empty = { ...following, isSlowed: false, emptyFolder: '/srv/shop' };
  assert.deepEqual(followingStatus(empty), ['ok', 'status.emptyFolder', { folder: '/srv/shop' }]);
  assert.deepEqual(followingStatus({ ...empty, pausedFor: 'main' })[1], 'status.paused');
});
