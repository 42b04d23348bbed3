import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MonitoringError } from '../../../lib/errors.ts';
import { DiskAssessor } from '../../../nodes/disk-stats/assessor.ts';
import type { Measured } from '../../../nodes/disk-stats/measured.ts';
import type { Mount } from '../../../nodes/disk-stats/mounts.ts';
import { type DiskSettings, readSettings } from '../../../nodes/disk-stats/settings.ts';
import { type Usage, usageOf } from '../../../nodes/disk-stats/usage.ts';

const GIB = 1024 ** 3;

/** The key of an error in the place of its words. */
const translate = (key: string): string => key;

const root: Mount = { device: '/dev/vda', mount: '/', fsType: 'ext4', deviceId: '254:0', root: '/' };

function settings(config: object = {}): DiskSettings {
  const read = readSettings(config);
  if ('wrong' in read) throw new Error(read.wrong);
  return read;
}

function at(percent: number): Measured {
  const used = percent * 10;
  return {
    mount: root,
    usage: usageOf({ bsize: GIB / 100, blocks: 1000, bfree: 1000 - used, bavail: 1000 - used, files: 0, ffree: 0 }),
  };
}

test('a record has the keys of the contract, says it in words and sets the level', () => {
  const [assessed] = new DiskAssessor(settings(), 'web1', translate).assess([at(85)], 1_700_000_000_000);
  assert.deepEqual(assessed?.record, {
    log_type: 'disk',
    time: '2023-11-14T22:13:20.000Z',
    host: 'web1',
    level: 4,
    message: '/ (ext4 on /dev/vda) 85 % used: 8.5G of 10.0G, 1.5G available',
    event_id: 'disk-web1-/-1700000000000',
    disk_device: '/dev/vda',
    disk_mount: '/',
    disk_fs_type: 'ext4',
    disk_state: 'warning',
    disk_total_bytes: 10_737_418_240,
    disk_used_bytes: 9_126_805_504,
    disk_available_bytes: 1_610_612_736,
    disk_used_percent: 85,
  });
});

test('records are due when the use moved by more than asked, and at every new state', () => {
  const assessor = new DiskAssessor(settings({ changedBy: '1' }), 'web1', translate);
  const due = [50, 50.5, 51, 51.1, 51.9, 79.9, 80, 80.1, 77].map(
    (percent) => assessor.assess([at(percent)], 0)[0]?.due,
  );
  assert.deepEqual(due, [true, false, false, true, false, true, true, false, true]);
});

test('full inodes raise the level though space is left', () => {
  const usage = usageOf({ bsize: 1, blocks: 100, bfree: 90, bavail: 90, files: 100, ffree: 1 });
  const [assessed] = new DiskAssessor(settings(), 'web1', translate).assess([{ mount: root, usage }], 0);
  assert.equal(assessed?.record.level, 2);
  assert.equal(assessed?.record.disk_inodes_used_percent, 99);
});

test('a mount that does not answer is a stale record without figures, which says since when', () => {
  const assessor = new DiskAssessor(settings(), 'web1', translate);
  const [first] = assessor.assess([{ mount: root, staleMs: 5_000 }], 100_000);
  assert.equal(first?.record.disk_state, 'stale');
  assert.equal(first?.record.level, 4);
  assert.equal(first?.record.message, '/ (ext4 on /dev/vda) does not answer since 5 s');
  assert.equal('disk_used_percent' in (first?.record ?? {}), false);
  const [later] = assessor.assess([{ mount: root, staleMs: 5_000 }], 220_000);
  assert.equal(later?.record.message, '/ (ext4 on /dev/vda) does not answer since 2 min');
});

test('a record of the root filesystem of a container carries its name and what it takes', () => {
  const overlay: Mount = { device: 'overlay', mount: '/d/merged', fsType: 'overlay', deviceId: '0:9', root: '/' };
  const { usage } = at(20) as { usage: Usage };
  const container = { id: 'ab'.repeat(32), name: 'web', writtenBytes: 12, totalBytes: 1200 };
  const containers = new Map([[overlay.mount, container]]);
  const [assessed] = new DiskAssessor(settings(), 'web1', translate).assess([{ mount: overlay, usage }], 0, containers);
  const record = assessed?.record;
  assert.deepEqual(
    [record?.container_id, record?.container_name, record?.container_written_bytes, record?.container_rootfs_bytes],
    [container.id, 'web', 12, 1200],
  );
  assert.match(String(record?.message), /^\/d\/merged \(overlay on overlay\) of container web 20 % used/);
});

test('a mount that cannot be read is a record that says why, in the words of the catalogue', () => {
  const assessor = new DiskAssessor(settings(), 'web1', translate);
  const [system] = assessor.assess([{ mount: root, error: new Error('permission denied') }], 0);
  assert.equal(system?.record.disk_state, 'unreadable');
  assert.equal(system?.record.message, '/ (ext4 on /dev/vda) cannot be read: permission denied');
  const [own] = assessor.assess([{ mount: root, error: new MonitoringError('STAT_FAILED', { reason: 'x' }) }], 0);
  assert.match(String(own?.record.message), /cannot be read: error\.STAT_FAILED/);
});

test('a mount that was gone begins anew when it is back', () => {
  const assessor = new DiskAssessor(settings({ changedBy: '50' }), 'web1', translate);
  const due = [[at(20)], [at(20)], [], [at(20)]].map((all) => assessor.assess(all, 0)[0]?.due);
  assert.deepEqual(due, [true, false, undefined, true]);
});
