import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { chooseMounts, type Mount, parseMountinfo, underRoot } from '../../../nodes/disk-stats/mounts.ts';

const fixtures = join(import.meta.dirname, '../../fixtures/disk-stats');

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

test('parseMountinfo() tells a read-only filesystem from a read-only mount of one that is written to', () => {
  const mounts = parseMountinfo(
    [
      '36 35 7:0 / /opt/image ro,nodev - exotic /dev/loop0 ro,user_xattr',
      '37 35 254:1 / /host ro,relatime - ext4 /dev/vda1 rw,errors=remount-ro',
      '38 35 0:40 / /opt/app rw - fuse.app app rw,user_id=1000,default_permissions',
      '39 35 8:1 / /rescue rw - ext4 /dev/sda1 errors=remount-ro,ro',
    ].join('\n'),
  );
  assert.deepEqual(
    mounts.map(({ isReadOnly }) => isReadOnly),
    [true, undefined, undefined, true],
  );
});

test('chooseMounts() takes no image for a disk', () => {
  const programs = ['squashfuse', 'squashfuse_ll', 'snapfuse', 'Editor-1.2.AppImage'].map((name) => `fuse.${name}`);
  const types = ['erofs', 'squashfs', 'iso9660', 'udf', 'cramfs', 'romfs', ...programs];
  const images = types.map((fsType, n) => ({ device: 'd', mount: `/${n}`, fsType, deviceId: `7:${n}`, root: '/' }));
  assert.deepEqual(chooseMounts(images), []);
  assert.equal(chooseMounts(images, '*').length, types.length);
});

test('parseMountinfo() never throws and yields only whole mounts', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      for (const mount of parseMountinfo(text)) assert.ok(mount.mount !== '' && mount.fsType !== '');
    }),
  );
});
