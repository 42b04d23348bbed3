import assert from 'node:assert/strict';
import { test } from 'node:test';
import { absentOf, type KnownDisk, type KnownDisks, parseSavedDisks } from '../../../nodes/disk-stats/known-disks.ts';
import { chooseMounts, type Mount } from '../../../nodes/disk-stats/mounts.ts';

const NOW_MS = 1_800_000_000_000;
const DAY_MS = 86_400_000;

const root: Mount = { device: '/dev/vda1', mount: '/', fsType: 'ext4', deviceId: '254:1', root: '/' };

function disk(device: string, fsType = 'ext4', more: Partial<KnownDisk> = {}): KnownDisk {
  return { device, fsType, state: 'ok', space: 'ok', inodes: 'ok', ...more };
}

/** What is absent where only `/` is mounted: `missing` or `gone`, and since when, by mount point. */
function absent(include: string, known: { [mount: string]: KnownDisk }, exclude = '', table = [root]): object {
  const disks: KnownDisks = new Map(Object.entries(known));
  const chosen = chooseMounts(table, include, exclude);
  const all = absentOf(table, chosen, { include, exclude }, disks, NOW_MS);
  return Object.fromEntries(
    all.map((one) => [one.mount.mount, 'missingSinceMs' in one ? one.missingSinceMs - NOW_MS : 'gone']),
  );
}

test('what is included by its path is missing while it is not mounted', () => {
  assert.deepEqual(absent('/, /mnt/backup/, /srv/*, ext4, nas:/export', {}), { '/mnt/backup': 0 });
  const known = { '/mnt/backup': disk('/dev/sdb1', 'ext4', { state: 'missing', missingSinceMs: NOW_MS - 2 * DAY_MS }) };
  assert.deepEqual(absent('/, /mnt/backup', known), { '/mnt/backup': -2 * DAY_MS });
});

test('what is included by its device is missing at the place where it was', () => {
  assert.deepEqual(absent('/dev/vda1, /dev/sdb1', { '/data': disk('/dev/sdb1') }), { '/data': 0 });
  assert.deepEqual(absent('/dev/vda1, /dev/sdb1', {}), { '/dev/sdb1': 0 });
});

test('what was there is missing for a day, and then gone', () => {
  const since = (ms: number) => ({
    '/data': disk('/dev/sdb1', 'ext4', { state: 'missing', missingSinceMs: NOW_MS - ms }),
  });
  assert.deepEqual(absent('', { '/data': disk('/dev/sdb1') }), { '/data': 0 });
  assert.deepEqual(absent('', since(DAY_MS - 1)), { '/data': 1 - DAY_MS });
  assert.deepEqual(absent('', since(DAY_MS)), { '/data': 'gone' });
  assert.deepEqual(absent('/, /d*', { '/data': disk('/dev/sdb1') }), { '/data': 0 });
});

test('what comes and goes by itself is gone and not missing', () => {
  const known = {
    '/var/lib/docker/overlay2/ab/merged': disk('overlay', 'overlay'),
    '/elsewhere/overlay2/ab/merged': disk('overlay', 'overlay'),
    '/media/ann/stick': disk('/dev/sdc1', 'vfat'),
    '/run/media/ann/stick': disk('/dev/sdd1', 'vfat'),
    '/home/ann/remote': disk('host:', 'fuse.sshfs'),
    '/tmp/image': disk('/dev/loop3'),
  };
  for (const fate of Object.values(absent('', known))) assert.equal(fate, 'gone');
  assert.equal(Object.keys(absent('', known)).length, 6);
});

test('what is not asked for any more is gone, whether it is mounted or not', () => {
  const data: Mount = { device: '/dev/sdb1', mount: '/data', fsType: 'ext4', deviceId: '8:17', root: '/' };
  const known = { '/data': disk('/dev/sdb1', 'ext4', { state: 'critical' }) };
  assert.deepEqual(absent('', known, '/data'), { '/data': 'gone' });
  assert.deepEqual(absent('/data', known, '/data'), { '/data': 'gone' });
  assert.deepEqual(absent('', known, '/data', [root, data]), { '/data': 'gone' });
  assert.deepEqual(absent('/', known, '', [root, data]), { '/data': 'gone' });
  assert.deepEqual(absent('', known, '', [root, data]), {});
});

test('parseSavedDisks() takes what was saved and nothing else', () => {
  const saved = { disks: [{ mount: '/', ...disk('/dev/vda1') }] };
  assert.deepEqual(parseSavedDisks(saved, NOW_MS), saved);
  const wrong = [
    null,
    {},
    { disks: {} },
    { disks: [null] },
    { disks: [disk('/dev/vda1')] },
    { disks: [{ mount: '/', ...disk('/dev/vda1'), state: 'stale' }] },
    { disks: [{ mount: '/', ...disk('/dev/vda1'), space: 'missing' }] },
    { disks: [{ mount: '/', ...disk('/dev/vda1'), missingSinceMs: NOW_MS + 2 * DAY_MS }] },
  ];
  for (const one of wrong) assert.equal(parseSavedDisks(one, NOW_MS), undefined, JSON.stringify(one));
});
