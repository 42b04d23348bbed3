import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MonitoringError } from '../../../lib/errors.ts';
import type { KnownDisks } from '../../../nodes/disk-stats/known-disks.ts';
import type { Measured } from '../../../nodes/disk-stats/measured.ts';
import type { Mount } from '../../../nodes/disk-stats/mounts.ts';
import { reportable } from '../../../nodes/disk-stats/reportable.ts';
import { usageOf } from '../../../nodes/disk-stats/usage.ts';

const overlay: Mount = { device: 'overlay', mount: '/d/merged', fsType: 'overlay', deviceId: '0:9', root: '/' };
const NONE: KnownDisks = new Map();

const denied = Object.assign(new Error('EACCES: permission denied, statfs'), { code: 'EACCES' });

/** What becomes of one measured mount. */
function fate(one: Measured, include = '', known = NONE): 'kept' | 'left out' | 'dropped' {
  const { kept, leftOut } = reportable([one], include, known);
  if (leftOut.length > 0) return 'left out';
  return kept.length > 0 ? 'kept' : 'dropped';
}

test('a mount that this user may not read is left out, however it was asked', () => {
  const said = (reason: string) => new MonitoringError('STAT_FAILED', { reason });
  const forbidden = [
    denied,
    Object.assign(new Error('no'), { code: 'EPERM' }),
    said("stat: cannot read file system information for '/d/merged': Permission denied"),
    said("stat: cannot read file system information for '/d/merged': Operation not permitted"),
  ];
  for (const error of forbidden) assert.equal(fate({ mount: overlay, error }), 'left out', String(error));
});

test('another fault is reported, and so is a mount that was read before or is asked for by its path', () => {
  assert.equal(fate({ mount: overlay, error: Object.assign(new Error('io'), { code: 'EIO' }) }), 'kept');
  assert.equal(fate({ mount: overlay, error: denied }, '/d/merged'), 'kept');
  assert.equal(fate({ mount: overlay, error: denied }, '/d/*'), 'left out');
  const known: KnownDisks = new Map([
    ['/d/merged', { device: 'overlay', fsType: 'overlay', state: 'critical', space: 'critical', inodes: 'ok' }],
  ]);
  assert.equal(fate({ mount: overlay, error: denied }, '', known), 'kept');
});

test('what is read-only and has nothing available is an image, which is reported only where it is asked for', () => {
  const image: Mount = { device: '/dev/loop0', mount: '/opt/app', fsType: 'exotic', deviceId: '7:0', root: '/' };
  const full = usageOf({ bsize: 4096, blocks: 10, bfree: 0, bavail: 0, files: 10, ffree: 0 });
  const roomy = usageOf({ bsize: 4096, blocks: 10, bfree: 1, bavail: 1, files: 10, ffree: 0 });
  assert.equal(fate({ mount: { ...image, isReadOnly: true }, usage: full }), 'dropped');
  assert.equal(fate({ mount: { ...image, isReadOnly: true }, usage: full }, 'exotic'), 'kept');
  assert.equal(fate({ mount: { ...image, isReadOnly: true }, usage: roomy }), 'kept');
  assert.equal(fate({ mount: image, usage: full }), 'kept');
});
