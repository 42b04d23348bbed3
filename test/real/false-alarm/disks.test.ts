// Risk: an alarm for a disk on a host that is well, or one that never ends.

import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { temporaryFolder } from '../../support/folder.ts';
import { program, real } from '../../support/real.ts';

interface Reported {
  /** By mount point: the state, after the one before where it changed. */
  states: { [mount: string]: string };
  leftOut: string[];
}

const isRoot = process.platform === 'linux' && process.getuid?.() === 0 && program('unshare') !== undefined;
const child = join(import.meta.dirname, '../../support/disk-watch-child.ts');
const NOBODY = 65_534;
const DROP = `setpriv --reuid=${NOBODY} --regid=${NOBODY} --clear-groups --no-new-privs --inh-caps=-all`;

/** Whether nobody may run this clone: not where it is in a folder of root's. */
const isClosed =
  isRoot && spawnSync('sh', ['-c', `${DROP} "$0" --version && ${DROP} cat "$1"`, process.execPath, child]).status !== 0;

/**
 * Runs a script of sh in a mount namespace of its own. `measure FOLDER INCLUDE` in it takes one measurement, whose states are
 * kept in the folder; `$d` is a folder for what is to be mounted. Gives what was reported each time.
 */
async function inNamespace(script: string): Promise<{ folder: string; reported: Reported[] }> {
  const folder = temporaryFolder();
  const userDir = temporaryFolder();
  chmodSync(folder, 0o755);
  chownSync(userDir, NOBODY, NOBODY);
  const whole = `d=$0; u=$1; measure() { "$node" "$child" "$@"; }\n${script}`;
  const args = ['--mount', '--propagation', 'private', 'sh', '-ec', whole, folder, userDir];
  const { stdout } = await promisify(execFile)('unshare', args, {
    timeout: 60_000,
    env: { ...process.env, node: process.execPath, child },
  });
  const lines = stdout.split('\n').filter((line) => line.startsWith('{'));
  return { folder, reported: lines.map((line) => JSON.parse(line) as Reported) };
}

/** The states of the mounts below a folder, by their names in it. */
function below(folder: string, { states }: Reported): object {
  const inside = Object.entries(states).filter(([mount]) => mount.startsWith(`${folder}/`));
  return Object.fromEntries(inside.map(([mount, state]) => [mount.slice(folder.length + 1), state]));
}

test('the roots of containers that a user may not read are left out, and told once; the disk is there', {
  ...(isClosed ? { skip: 'nobody may not read this clone' } : real('mount namespace (root)', isRoot)),
}, async () => {
  const { folder, reported } = await inNamespace(`
      mkdir -p $d/engine/lower $d/engine/upper $d/engine/work $d/engine/merged
      chmod 0710 $d/engine
      mount -t overlay overlay -o lowerdir=$d/engine/lower,upperdir=$d/engine/upper,workdir=$d/engine/work $d/engine/merged
      ${DROP} "$node" "$child" "$u"
      ${DROP} "$node" "$child" "$u" "$d/engine/merged"`);
  const [all, named] = reported as [Reported, Reported];
  assert.equal(typeof all.states['/'], 'string');
  assert.deepEqual(below(folder, all), {});
  assert.deepEqual(
    all.leftOut.filter((mount) => mount.startsWith(folder)),
    [join(folder, 'engine/merged')],
  );
  assert.deepEqual(below(folder, named), { 'engine/merged': 'unreadable' }, 'asked for by its path');
});

const erofs = isRoot && program('mkfs.erofs') !== undefined && program('losetup') !== undefined;

test(
  'an image is no alarm, whatever its type, and is well where it is asked for',
  real('mkfs.erofs (root)', erofs),
  async () => {
    const { folder, reported } = await inNamespace(`
      mkdir $d/content $d/image $d/any
      echo text > $d/content/file
      mkfs.erofs $d/image.erofs $d/content > /dev/null 2>&1
      mount -o loop,ro $d/image.erofs $d/image
      mount -t tmpfs -o size=64k tmpfs $d/any
      cat /dev/zero > $d/any/filler 2> /dev/null || true
      mount -o remount,ro $d/any
      measure $d/state
      measure $d/other "$d/image, $d/any"
      umount $d/any $d/image`);
    const [all, named] = reported as [Reported, Reported];
    assert.deepEqual(below(folder, all), {});
    assert.deepEqual(below(folder, named), { image: 'ok', any: 'ok' });
  },
);

const squash =
  erofs && existsSync('/dev/fuse') && program('mksquashfs') !== undefined && program('squashfuse') !== undefined;

test('an image that a program mounts is no alarm', real('squashfuse (root)', squash), async () => {
  const { folder, reported } = await inNamespace(`
      mkdir $d/content $d/image
      echo text > $d/content/file
      mksquashfs $d/content $d/image.squashfs -quiet > /dev/null 2>&1
      squashfuse $d/image.squashfs $d/image
      measure $d/state
      measure $d/other "$d/image"
      umount $d/image`);
  const [all, named] = reported as [Reported, Reported];
  assert.deepEqual(below(folder, all), {});
  assert.deepEqual(below(folder, named), { image: 'ok' });
});

test(
  'an alarm ends when its disk is emptied or unmounted while nobody looks',
  real('mkfs.ext4 (root)', erofs),
  async () => {
    const { folder, reported } = await inNamespace(`
      mkdir $d/one $d/two
      for name in one two; do
        truncate --size=4M $d/$name.ext4 && mkfs.ext4 -q -m 0 $d/$name.ext4
        mount -o loop $d/$name.ext4 $d/$name
        cat /dev/zero > $d/$name/filler 2> /dev/null || true
      done
      measure $d/state
      measure $d/state
      rm $d/one/filler
      umount $d/two
      measure $d/state
      measure $d/state
      umount $d/one`);
    const states = reported.map((one) => below(folder, one));
    assert.deepEqual(states, [
      { one: 'ok -> critical', two: 'ok -> critical' },
      { one: 'critical', two: 'critical' },
      // What lies below /tmp comes and goes: nobody misses it.
      { one: 'critical -> ok', two: 'critical -> ok' },
      { one: 'ok' },
    ]);
  },
);

test(
  'a disk that is asked for by its path is missing until it is mounted',
  real('mkfs.ext4 (root)', erofs),
  async () => {
    const { folder, reported } = await inNamespace(`
      mkdir $d/backup
      truncate --size=4M $d/image && mkfs.ext4 -q -m 0 $d/image
      measure $d/state "$d/backup"
      mount -o loop $d/image $d/backup
      measure $d/state "$d/backup"
      umount $d/backup
      measure $d/state "$d/backup"`);
    const states = reported.map((one) => below(folder, one));
    assert.deepEqual(states, [{ backup: 'ok -> missing' }, { backup: 'missing -> ok' }, { backup: 'ok -> missing' }]);
  },
);
