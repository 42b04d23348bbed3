// Runs in a mount namespace of its own: six FUSE filesystems that nobody serves, so that statfs() of them never returns.
// Prints one line of JSON. The argument is the type to take them for: `fuse` as they are, or that of a local disk.
import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Semaphore } from '../../lib/io/semaphore.ts';
import { DiskReader } from '../../nodes/disk-stats/io/disk-reader.ts';
import { until } from './until.ts';

const fsType = process.argv[2] ?? 'fuse';
const hung = Array.from({ length: 6 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'infra-hung-'));
  const device = openSync('/dev/fuse', 'r+');
  const options = 'fd=3,rootmode=40000,user_id=0,group_id=0';
  const args = ['-i', '-t', 'fuse', '-o', options, 'hung', folder];
  const { status } = spawnSync('mount', args, { stdio: ['ignore', 'ignore', 'inherit', device] });
  if (status !== 0) throw new Error(`mount ended with ${status}`);
  return { folder, device };
});
const folders = hung.map(({ folder }) => folder);

const reader = new DiskReader({
  hostRoot: '/',
  deadlineMs: 600,
  threads: new Semaphore(1),
  signal: new AbortController().signal,
});
const all = await reader.mounts();
const mounts = all
  .filter(({ mount }) => mount === '/' || folders.includes(mount))
  .map((mount) => (folders.includes(mount.mount) ? { ...mount, fsType } : mount));

const measure = async () => {
  const began = performance.now();
  const measured = await reader.measure(mounts);
  const kind = (one: object): string => ('usage' in one ? 'usage' : 'staleMs' in one ? 'stale' : 'fault');
  const kinds = measured.map((one) => ({ mount: one.mount.mount, kind: kind(one) }));
  return {
    ms: performance.now() - began,
    hung: kinds.filter(({ mount }) => mount !== '/').map((one) => one.kind),
    root: kinds.find(({ mount }) => mount === '/')?.kind,
  };
};

const first = measure();
let isOver = false;
void first.finally(() => {
  isOver = true;
});
// As long as the six hang, files are read: the slowest reading tells whether they ever held a file up.
let fileMs = 0;
while (!isOver) {
  const began = performance.now();
  await Promise.all([1, 2, 3, 4].map(() => readFile('/proc/self/mountinfo')));
  fileMs = Math.max(fileMs, performance.now() - began);
}
const rounds = [await first, await measure(), await measure()];
// The end of their device ends the filesystems: every question that is open fails.
for (const { device } of hung) closeSync(device);
let after: string[] = [];
await until(
  async () => {
    after = (await measure()).hung;
    return after.every((kind) => kind === 'fault');
  },
  15_000,
  () => `${after}`,
);
console.log(JSON.stringify({ rounds, fileMs, after }));
for (const { folder } of hung) {
  spawnSync('umount', ['-l', folder]);
  rmdirSync(folder);
}
process.exit(0);
