import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Semaphore } from '../../../../lib/io/semaphore.ts';
import { DiskReader } from '../../../../nodes/disk-stats/io/disk-reader.ts';
import type { Mount } from '../../../../nodes/disk-stats/mounts.ts';
import { temporaryFolder } from '../../../support/folder.ts';
import { program, real } from '../../../support/real.ts';

const ROOT: Mount = { device: '/dev/vda', mount: '/', fsType: 'ext4', deviceId: '254:0', root: '/' };
const linux = real('Linux', process.platform === 'linux');
const gnu = real('stat', process.platform === 'linux' && program('stat') !== undefined);

function reader(hostRoot = '/', signal = new AbortController().signal, threads = new Semaphore(1, 5)): DiskReader {
  return new DiskReader({ hostRoot, deadlineMs: 5_000, threads, signal });
}

test('the table of the host serves where no mount of this process lies beneath its root', linux, async () => {
  const hostRoot = temporaryFolder();
  mkdirSync(join(hostRoot, 'proc/1'), { recursive: true });
  writeFileSync(join(hostRoot, 'proc/1/mountinfo'), '36 35 98:0 / /data rw - ext4 /dev/sdb rw\n');
  const mounts = await reader(hostRoot).mounts();
  assert.deepEqual(
    mounts.map(({ mount }) => mount),
    ['/data'],
  );
});

test('a filesystem is measured alike by statfs and by a process of its own', gnu, async () => {
  const [one] = await reader().measure([ROOT]);
  const [other] = await reader().measure([{ ...ROOT, fsType: 'nfs4' }]);
  assert.ok(one !== undefined && 'usage' in one && other !== undefined && 'usage' in other);
  assert.equal(one.usage.totalBytes, other.usage.totalBytes);
});

test('a mount is asked by a process of its own while no thread is free', gnu, async () => {
  const threads = new Semaphore(1, 5);
  await threads.acquire();
  const [one] = await reader('/', undefined, threads).measure([ROOT]);
  assert.ok(one !== undefined && 'usage' in one);
});

test('a mount that is gone is left out', linux, async () => {
  assert.deepEqual(await reader().measure([{ ...ROOT, mount: '/nowhere/at/all' }]), []);
});

test('a mount that a process of its own cannot read has the words of that program', gnu, async () => {
  const [one] = await reader().measure([{ ...ROOT, mount: '/nowhere/at/all', fsType: 'nfs4' }]);
  const error = one !== undefined && 'error' in one ? (one.error as { code?: string; values?: object }) : {};
  assert.equal(error.code, 'STAT_FAILED');
  assert.match(JSON.stringify(error.values), /nowhere/);
});

test('a measurement ends at once when its signal aborts', linux, async () => {
  const controller = new AbortController();
  const measured = reader('/', controller.signal).measure([ROOT]);
  controller.abort(new Error('closed'));
  await assert.rejects(measured, /closed/);
});
