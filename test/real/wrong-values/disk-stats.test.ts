// Risk: sizes and names of disks that are not what the system says.

import assert from 'node:assert/strict';
import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { Semaphore } from '../../../lib/io/semaphore.ts';
import { DiskReader } from '../../../nodes/disk-stats/io/disk-reader.ts';
import { chooseMounts } from '../../../nodes/disk-stats/mounts.ts';
import { program, real } from '../../support/real.ts';

const hasDf = (): boolean => spawnSync('df', ['-P', '-B1', '/']).status === 0;

function df(args: string[], mount: string): string[] {
  const text = execFileSync('df', [...args, mount], { encoding: 'utf8' });
  return text.trim().split('\n').at(-1)?.split(/\s+/) ?? [];
}

/** Others use the disk meanwhile: two readings of `df` around ours bound what ours may be. */
function between(value: number | undefined, before: string | undefined, after: string | undefined, what: string): void {
  const [a, b] = [Number.parseInt(before ?? '', 10), Number.parseInt(after ?? '', 10)];
  assert.ok(
    value !== undefined && value >= Math.min(a, b) && value <= Math.max(a, b),
    `${what}: ${value}, df ${a}..${b}`,
  );
}

test('measure() agrees with df -P -B1 and df -i on every filesystem', real('df', hasDf), async () => {
  const reader = new DiskReader({
    hostRoot: '/',
    deadlineMs: 5_000,
    threads: new Semaphore(1),
    signal: new AbortController().signal,
  });
  const mounts = chooseMounts(await reader.mounts());
  assert.ok(mounts.length > 0);
  for (const mount of mounts) {
    const [space, inodes] = [df(['-P', '-B1'], mount.mount), df(['-P', '-i'], mount.mount)];
    const [measured] = await reader.measure([mount]);
    const [spaceAfter, inodesAfter] = [df(['-P', '-B1'], mount.mount), df(['-P', '-i'], mount.mount)];
    assert.ok(measured !== undefined && 'usage' in measured, mount.mount);
    const { usage } = measured;
    assert.equal(mount.device, space[0]);
    assert.equal(usage.totalBytes, Number(space[1]));
    between(usage.usedBytes, space[2], spaceAfter[2], 'used');
    between(usage.availableBytes, space[3], spaceAfter[3], 'available');
    between(Math.ceil(usage.usedPercent), space[4], spaceAfter[4], 'Use%');
    if (inodes[4] !== '-') between(Math.ceil(usage.inodesUsedPercent ?? -1), inodes[4], inodesAfter[4], 'IUse%');
  }
});

test('measure() answers two who ask at once alike', async () => {
  const reader = new DiskReader({
    hostRoot: '/',
    deadlineMs: 5_000,
    threads: new Semaphore(1),
    signal: new AbortController().signal,
  });
  const [root] = (await reader.mounts()).filter(({ mount }) => mount === '/');
  assert.ok(root !== undefined);
  const both = await Promise.all([reader.measure([root]), reader.measure([root])]);
  for (const [measured] of both) assert.ok(measured !== undefined && 'usage' in measured);
});

const canMount =
  process.platform === 'linux' &&
  process.getuid?.() === 0 &&
  existsSync('/dev/fuse') &&
  program('unshare') !== undefined;

test(
  'under HOST_ROOT the mounts have the names that the host gives them',
  real('mount namespace (root)', canMount),
  async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'infra-host-'));
    t.after(() => rmdirSync(folder));
    const child = join(import.meta.dirname, '../../support/host-root-child.ts');
    const script = 'mount --rbind / "$0" && exec "$@" "$0"';
    const args = ['--mount', 'sh', '-c', script, folder, process.execPath, child];
    const { stdout } = await promisify(execFile)('unshare', args, { timeout: 30_000 });
    const measured = JSON.parse(stdout) as { mount: string; totalBytes: number }[];
    const root = measured.find(({ mount }) => mount === '/');
    assert.equal(root?.totalBytes, Number(df(['-P', '-B1'], '/')[1]));
    assert.ok(measured.every(({ mount }) => !mount.includes(folder)));
  },
);
