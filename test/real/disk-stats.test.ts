import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { chooseMounts } from '../../nodes/disk-stats/mounts.ts';
import { createDiskReader } from '../../nodes/disk-stats/stats.ts';
import { real } from '../support/real.ts';

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
  const reader = createDiskReader('/', 5_000);
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
