import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { MonitoringError } from '../../../lib/errors.ts';
import { DiskAssessor } from '../../../nodes/disk-stats/assessor.ts';
import { parseSavedDisks } from '../../../nodes/disk-stats/known-disks.ts';
import type { Measured } from '../../../nodes/disk-stats/measured.ts';
import type { Mount } from '../../../nodes/disk-stats/mounts.ts';
import { type DiskSettings, readSettings } from '../../../nodes/disk-stats/settings.ts';
import { fillsTooSoon } from '../../../nodes/disk-stats/thresholds.ts';
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

/** The states before, as a first run and a second one that goes on from what the first kept tell them. */
function befores(first: Measured[], second: Measured[]): unknown[] {
  const one = new DiskAssessor(settings(), 'web1', translate);
  const told = first.map((measured) => one.assess([measured], 0)[0]?.before);
  const other = new DiskAssessor(settings(), 'web1', translate, JSON.parse(JSON.stringify(one.snapshot())));
  return [...told, ...second.map((measured) => other.assess([measured], 0)[0]?.before)];
}

test('a change of the state is told once, also where it came while Node-RED was down', () => {
  assert.deepEqual(befores([at(50), at(95), at(95)], [at(95), at(50)]), [
    undefined,
    'ok',
    undefined,
    undefined,
    'critical',
  ]);
  assert.deepEqual(befores([at(95)], [at(50)]), ['ok', 'critical']);
});

test('the hysteresis goes on after a restart', () => {
  assert.deepEqual(befores([at(90)], [at(89), at(87)]), ['ok', undefined, 'critical']);
  const other: Measured = { ...(at(89) as { mount: Mount; usage: Usage }), mount: { ...root, device: '/dev/vdb' } };
  assert.deepEqual(befores([at(90)], [other]), ['ok', 'critical'], 'another disk at the same place');
});

test('what does not answer is as full as it was', () => {
  const stale: Measured = { mount: root, staleMs: 5_000 };
  assert.deepEqual(befores([at(95), stale, at(95)], [stale, at(50)]), [
    'ok',
    undefined,
    undefined,
    undefined,
    'critical',
  ]);
});

test('what is missing is an error, and told as well again when it is back', () => {
  const assessor = new DiskAssessor(settings(), 'web1', translate);
  const missing = { mount: { ...root, deviceId: '' }, missingSinceMs: 60_000 };
  const [first] = assessor.assess([missing], 60_000);
  assert.deepEqual([first?.before, first?.record.disk_state, first?.record.level], ['ok', 'missing', 3]);
  assert.equal(first?.record.message, '/ (ext4 on /dev/vda) is not mounted');
  assert.equal('disk_used_percent' in (first?.record ?? {}), false);
  const [later] = assessor.assess([missing], 180_000);
  assert.deepEqual(
    [later?.before, later?.record.message],
    [undefined, '/ (ext4 on /dev/vda) is not mounted, since 2 min'],
  );
  const [back] = assessor.assess([at(50)], 240_000);
  assert.deepEqual([back?.before, back?.state], ['missing', 'ok']);
});

test('a path that never was mounted is missing without a device and a type', () => {
  const never: Mount = { device: '', mount: '/mnt/backup', fsType: '', deviceId: '', root: '/' };
  const [first] = new DiskAssessor(settings(), 'web1', translate).assess([{ mount: never, missingSinceMs: 0 }], 0);
  assert.equal(first?.record.message, '/mnt/backup is not mounted');
  assert.deepEqual(
    ['disk_device', 'disk_fs_type'].map((key) => key in (first?.record ?? {})),
    [false, false],
  );
});

test('what is gone ends as well as it can: told where it was not well, and then forgotten', () => {
  const assessor = new DiskAssessor(settings(), 'web1', translate);
  const gone: Measured = { mount: root, isGone: true };
  assessor.assess([at(95)], 0);
  const [told] = assessor.assess([gone], 1);
  assert.deepEqual([told?.before, told?.state, told?.record.level, told?.due], ['critical', 'ok', 6, true]);
  assert.deepEqual(assessor.assess([gone], 2), []);
  assert.equal(assessor.known.size, 0);
  assessor.assess([at(50)], 3);
  assert.deepEqual(assessor.assess([gone], 4), [], 'of what was well nothing is told');
});

test('of what comes and goes only what is not well is kept', () => {
  const overlay = (percent: number): Measured => ({
    ...at(percent),
    mount: { ...root, mount: '/m', fsType: 'overlay' },
  });
  const assessor = new DiskAssessor(settings(), 'web1', translate);
  assessor.assess([overlay(50)], 0);
  assert.equal(assessor.known.size, 0);
  assessor.assess([overlay(95)], 0);
  assert.equal(assessor.known.size, 1);
  assessor.assess([overlay(50)], 0);
  assert.equal(assessor.known.size, 0);
});

test('an image that is asked for is well though nothing is available', () => {
  const usage = usageOf({ bsize: 1, blocks: 100, bfree: 0, bavail: 0, files: 100, ffree: 0 });
  const image: Measured = { mount: { ...root, isReadOnly: true }, usage };
  const [assessed] = new DiskAssessor(settings(), 'web1', translate).assess([image], 0);
  assert.deepEqual([assessed?.state, assessed?.record.disk_used_percent], ['ok', 100]);
});

test('whatever statfs tells, a record has no figure that cannot be', () => {
  const count = fc.oneof(fc.double({ noNaN: true }), fc.integer(), fc.constantFrom(0, 2 ** 53, 2 ** 63, 2 ** 64 - 1));
  const stat = fc.record({ bsize: count, blocks: count, bfree: count, bavail: count, files: count, ffree: count });
  fc.assert(
    fc.property(stat, (answer) => {
      const [assessed] = new DiskAssessor(settings(), 'web1', translate).assess(
        [{ mount: root, usage: usageOf(answer) }],
        0,
      );
      for (const [key, value] of Object.entries(assessed?.record ?? {})) {
        if (typeof value !== 'number') continue;
        assert.ok(value >= 0 && value < 2 ** 63, `${key} ${value}`);
        if (key.endsWith('_percent')) assert.ok(value <= 100, `${key} ${value}`);
        if (key.endsWith('_bytes')) assert.ok(Number.isInteger(value), `${key} ${value}`);
      }
    }),
  );
});

test('2^64 bytes, and more free inodes than inodes, are left out', () => {
  const usage = usageOf({ bsize: 4096, blocks: 2 ** 52, bfree: 2 ** 51, bavail: 2 ** 51, files: 10, ffree: 50 });
  const [assessed] = new DiskAssessor(settings(), 'web1', translate).assess([{ mount: root, usage }], 0);
  const { record } = assessed ?? {};
  assert.equal(record?.message, '/ (ext4 on /dev/vda) 50 % used');
  const figures = Object.keys(record ?? {}).filter((key) => /_bytes|_percent/.test(key));
  assert.deepEqual(figures, ['disk_used_percent']);
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

const MINUTE_MS = 60_000;

/** The states of a disk that fills from `percent` by `perHour` percentage points, each minute. */
function statesWhileFilling(assessor: DiskAssessor, percent: number, perHour: number, minutes: number, fromMs = 0) {
  return Array.from({ length: minutes }, (_, minute) => {
    const [assessed] = assessor.assess([at(percent + (perHour * minute) / 60)], fromMs + minute * MINUTE_MS);
    return assessed?.state;
  });
}

test('a disk that will be full within the hours asked for is critical once half an hour is known, and not at its limits', () => {
  const assessor = new DiskAssessor(settings({ fullHours: '24' }), 'web1', translate);
  // 60 points are left, and 3 go an hour: 20 h.
  const states = statesWhileFilling(assessor, 40, 3, 45);
  assert.deepEqual(new Set(states.slice(0, 30)), new Set(['ok']));
  assert.deepEqual(new Set(states.slice(31)), new Set(['critical']));
  const without = new DiskAssessor(settings(), 'web1', translate);
  assert.deepEqual(new Set(statesWhileFilling(without, 40, 3, 45)), new Set(['ok']));
});

test('a disk that fills up too soon is so over a restart, until enough is known that it does not any more', () => {
  const config = settings({ fullHours: '24' });
  const first = new DiskAssessor(config, 'web1', translate);
  statesWhileFilling(first, 40, 3, 45);
  const saved = parseSavedDisks(JSON.parse(JSON.stringify(first.snapshot())), 1e12);
  const second = new DiskAssessor(config, 'web1', translate, saved);
  const states = statesWhileFilling(second, 43, 0, 45, 46 * MINUTE_MS);
  assert.deepEqual(new Set(states.slice(0, 30)), new Set(['critical']));
  assert.deepEqual(new Set(states.slice(31)), new Set(['ok']));
});

test('a pace that trembles around the limit does not flap', () => {
  assert.equal(fillsTooSoon(86_400, false, 86_400), true);
  assert.equal(fillsTooSoon(90_000, false, 86_400), false);
  assert.equal(fillsTooSoon(90_000, true, 86_400), true);
  assert.equal(fillsTooSoon(110_000, true, 86_400), false);
  assert.equal(fillsTooSoon(undefined, true, 86_400), false);
  assert.equal(fillsTooSoon(1, true, undefined), false);
});
