import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findMountAt } from '../../../../nodes/auth-log-in/file/mount-table.ts';

// As /proc/self/mountinfo had them in a mount namespace, where a file was mounted, renamed, and deleted.
const root = '25 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw,discard';
const mountOf = (source: string, point: string): string =>
  `81 25 254:0 ${source} ${point} rw,relatime - ext4 /dev/vda rw`;
const log = '/var/log/auth.log';

test('findMountAt() finds a file that is mounted by itself, and what it is called where it comes from', () => {
  assert.equal(findMountAt(`${root}\n${mountOf('/var/log', '/var/log')}\n`, [log]), undefined);
  assert.deepEqual(findMountAt(`${root}\n${mountOf('/srv/host.log', log)}\n`, ['/x', log]), {
    source: '/srv/host.log',
    isDeleted: false,
  });
  assert.deepEqual(findMountAt(mountOf('/srv/host.log//deleted', log), [log]), {
    source: '/srv/host.log',
    isDeleted: true,
  });
});

test('findMountAt() takes the newest of two mounts, and reads the names of the kernel', () => {
  assert.equal(findMountAt(`${mountOf('/a', log)}\n${mountOf('/b', log)}`, [log])?.source, '/b');
  const text = mountOf('/my\\040logs/a\\134b', '/var/log/my\\040log');
  assert.equal(findMountAt(text, ['/var/log/my log'])?.source, '/my logs/a\\b');
  for (const text_ of ['', '\n', 'x', '1 2 3']) assert.equal(findMountAt(text_, [log]), undefined);
});
