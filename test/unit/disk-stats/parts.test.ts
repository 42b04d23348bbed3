import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { createAssessor, type Measured } from '../../../nodes/disk-stats/disk-record.ts';
import { createForecast } from '../../../nodes/disk-stats/forecast.ts';
import { idInPath } from '../../../nodes/disk-stats/io/containers.ts';
import { chooseMounts, type Mount, parseMountinfo, underRoot } from '../../../nodes/disk-stats/mounts.ts';
import { type DiskSettings, readSettings } from '../../../nodes/disk-stats/settings.ts';
import { statusOf } from '../../../nodes/disk-stats/status.ts';
import { type Grade, grade } from '../../../nodes/disk-stats/thresholds.ts';
import { parseStat, type Usage, usageOf } from '../../../nodes/disk-stats/usage.ts';

const fixtures = join(import.meta.dirname, '../../fixtures/disk-stats');
const HOUR = 3_600_000;
const GIB = 1024 ** 3;

function mounts(name: string): Mount[] {
  const read = (file: string): string => readFileSync(join(fixtures, name, file), 'utf8');
  const hostRoot = existsSync(join(fixtures, name, 'host-root')) ? read('host-root').trim() : '/';
  return underRoot(parseMountinfo(read('mountinfo')), hostRoot);
}

function paths(chosen: readonly Mount[]): string[] {
  return chosen.map(({ mount }) => mount);
}

for (const name of readdirSync(fixtures)) {
  test(`chooseMounts() finds every real filesystem of the ${name} once`, () => {
    const expected = JSON.parse(readFileSync(join(fixtures, name, 'expected.json'), 'utf8'));
    assert.deepEqual(paths(chooseMounts(mounts(name))), expected);
  });
}

test('chooseMounts() includes by mount, device and type, pseudo filesystems too when named', () => {
  const laptop = mounts('laptop');
  assert.deepEqual(paths(chooseMounts(laptop, '/run, vfat, nas:*')), ['/run', '/boot/efi', '/mnt/backup disk']);
  assert.deepEqual(paths(chooseMounts(laptop, '/exports/*')), ['/exports/shared']);
});

test('chooseMounts() leaves out what is excluded, and puts no bind mount in its place', () => {
  const chosen = paths(chooseMounts(mounts('laptop'), '', '/, nfs?, /dev/sd*'));
  assert.deepEqual(chosen, ['/boot', '/boot/efi']);
});

test('chooseMounts() takes signs of regular expressions literally', () => {
  assert.deepEqual(chooseMounts(mounts('laptop'), '/boo., (/|/boot)'), []);
});

test('parseMountinfo() never throws and yields only whole mounts', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      for (const mount of parseMountinfo(text)) assert.ok(mount.mount !== '' && mount.fsType !== '');
    }),
  );
});

test('usageOf() counts as df does: reserve neither available nor in the percentage', () => {
  const usage = usageOf({ bsize: 4096, blocks: 1000, bfree: 250, bavail: 200, files: 100, ffree: 50 });
  assert.equal(usage.totalBytes, 4_096_000);
  assert.equal(usage.usedBytes, 750 * 4096);
  assert.equal(usage.availableBytes, 200 * 4096);
  assert.equal(usage.usedPercent, 79);
  assert.equal(usage.inodesUsedPercent, 50);
});

test('usageOf() rounds up so that the next whole percent is the one df prints', () => {
  fc.assert(
    fc.property(fc.nat(10_000_000), fc.nat(10_000_000), fc.nat(1_000_000), (used, available, reserve) => {
      const stat = { bsize: 1, blocks: used + available + reserve, bfree: available + reserve, bavail: available };
      const { usedPercent } = usageOf({ ...stat, files: 0, ffree: 0 });
      const df =
        used === 0 ? 0 : Math.floor((used * 100) / (used + available)) + ((used * 100) % (used + available) ? 1 : 0);
      assert.equal(Math.ceil(usedPercent), df);
    }),
  );
});

test('usageOf() takes a count below nothing as nothing and leaves out inodes that are not counted', () => {
  const usage = usageOf({ bsize: 1, blocks: 10, bfree: 1, bavail: 2 ** 64 - 5, files: 0, ffree: 0 });
  assert.equal(usage.availableBytes, 0);
  assert.equal(usage.usedPercent, 100);
  assert.equal(usage.inodesUsedPercent, undefined);
});

test('parseStat() reads the six numbers and refuses anything else', () => {
  assert.equal(parseStat('4096 1000 250 200 100 50\n')?.bavail, 200);
  for (const text of ['', '4096 1000', 'a b c d e f', '1 2 3 4 5 6 7']) assert.equal(parseStat(text), undefined);
});

test('grade() is entered at the threshold and left only below the hysteresis', () => {
  const thresholds = { warning: 80, critical: 90, hysteresis: 2 };
  const seen: Grade[] = [];
  let before: Grade = 'ok';
  for (const percent of [79.9, 80, 79, 78, 77.9, 90, 88.5, 87.9, 100, 10]) {
    before = grade(percent, before, thresholds);
    seen.push(before);
  }
  const expected = 'ok warning warning warning ok critical critical warning critical ok';
  assert.equal(seen.join(' '), expected);
});

test('grade() does not flap while a value trembles around a threshold by less than the hysteresis', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 78.01, max: 81.9, noNaN: true }), { minLength: 2 }), (values) => {
      let before: Grade = 'ok';
      let changes = 0;
      for (const value of values) {
        const next = grade(value, before, { warning: 80, critical: 90, hysteresis: 2 });
        if (next !== before) changes += 1;
        before = next;
      }
      assert.ok(changes <= 1);
    }),
  );
});

test('the forecast tells the time until full at a steady pace and nothing while space grows', () => {
  const shrinking = createForecast();
  let seconds: number | undefined;
  for (let hour = 0; hour <= 4; hour += 0.05) seconds = shrinking.add(hour * HOUR, (100 - 10 * hour) * GIB, 200 * GIB);
  assert.ok(seconds !== undefined && Math.abs(seconds - 6 * 3600) < 200, `${seconds}`);
  const growing = createForecast();
  for (let hour = 0; hour <= 4; hour += 0.05) seconds = growing.add(hour * HOUR, (10 + hour) * GIB, 200 * GIB);
  assert.equal(seconds, undefined);
});

test('the forecast waits for half an hour and starts anew when the filesystem is resized', () => {
  const forecast = createForecast();
  assert.equal(forecast.add(0, 100, 1000), undefined);
  assert.equal(forecast.add(HOUR / 4, 90, 1000), undefined);
  assert.notEqual(forecast.add(HOUR, 60, 1000), undefined);
  assert.equal(forecast.add(HOUR + 60_000, 1055, 2000), undefined);
});

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
  const [assessed] = createAssessor(settings(), 'web1')([at(85)], 1_700_000_000_000);
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
  const assess = createAssessor(settings({ changedBy: '1' }), 'web1');
  const due = [50, 50.5, 51, 51.1, 51.9, 79.9, 80, 80.1, 77].map((percent) => assess([at(percent)], 0)[0]?.due);
  assert.deepEqual(due, [true, false, false, true, false, true, true, false, true]);
});

test('full inodes raise the level though space is left', () => {
  const usage = usageOf({ bsize: 1, blocks: 100, bfree: 90, bavail: 90, files: 100, ffree: 1 });
  const [assessed] = createAssessor(settings(), 'web1')([{ mount: root, usage }], 0);
  assert.equal(assessed?.record.level, 2);
  assert.equal(assessed?.record.disk_inodes_used_percent, 99);
});

test('a mount that does not answer is a stale record without figures, which says since when', () => {
  const assess = createAssessor(settings(), 'web1');
  const [first] = assess([{ mount: root, staleMs: 5_000 }], 100_000);
  assert.equal(first?.record.disk_state, 'stale');
  assert.equal(first?.record.level, 4);
  assert.equal(first?.record.message, '/ (ext4 on /dev/vda) does not answer since 5 s');
  assert.equal('disk_used_percent' in (first?.record ?? {}), false);
  const [later] = assess([{ mount: root, staleMs: 5_000 }], 220_000);
  assert.equal(later?.record.message, '/ (ext4 on /dev/vda) does not answer since 2 min');
});

test('a record of the root filesystem of a container carries its name and what it takes', () => {
  const overlay: Mount = { device: 'overlay', mount: '/d/merged', fsType: 'overlay', deviceId: '0:9', root: '/' };
  const { usage } = at(20) as { usage: Usage };
  const container = { id: 'ab'.repeat(32), name: 'web', writtenBytes: 12, totalBytes: 1200 };
  const containers = new Map([[overlay.mount, container]]);
  const [assessed] = createAssessor(settings(), 'web1')([{ mount: overlay, usage }], 0, containers);
  const record = assessed?.record;
  assert.deepEqual(
    [record?.container_id, record?.container_name, record?.container_written_bytes, record?.container_rootfs_bytes],
    [container.id, 'web', 12, 1200],
  );
  assert.match(String(record?.message), /^\/d\/merged \(overlay on overlay\) of container web 20 % used/);
});

test('idInPath() finds the id in a mount of the image store of containerd', () => {
  const id = '0f'.repeat(32);
  assert.equal(idInPath(`/var/lib/docker/rootfs/overlayfs/${id}`), id);
  assert.equal(idInPath(`/var/lib/docker/overlay2/${id}/merged`), undefined);
});

test('the status is of the mount in the worst state, among equals the fullest', () => {
  const other = { ...root, mount: '/data', deviceId: '8:1' };
  const assess = createAssessor(settings(), 'web1');
  const shown = (all: Measured[]) => statusOf(assess(all, 0));
  assert.deepEqual(shown([at(20), { ...at(30.2), mount: other }]), {
    state: 'ok',
    key: 'used',
    args: { mount: '/data', percent: 31 },
  });
  assert.equal(shown([{ mount: other, staleMs: 5000 }, at(85)]).key, 'stale');
  assert.equal(shown([at(95), { mount: other, staleMs: 5000 }]).state, 'bad');
  assert.equal(shown([]).key, 'none');
});

test('readSettings() names the property that has a value it cannot have', () => {
  assert.deepEqual(readSettings({ warning: 'much' }), { wrong: 'warning' });
  assert.deepEqual(readSettings({ deadline: '0' }), { wrong: 'deadline' });
  assert.equal(settings({ warning: '' }).warning, undefined);
  assert.equal(settings().critical, 90);
});
