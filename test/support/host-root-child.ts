// Runs in a mount namespace where the host's `/` is mounted once more at the folder of the argument, as in a container.
import { Semaphore } from '../../lib/io/semaphore.ts';
import { DiskReader } from '../../nodes/disk-stats/io/disk-reader.ts';
import { chooseMounts } from '../../nodes/disk-stats/mounts.ts';

const reader = new DiskReader({
  hostRoot: process.argv[2] ?? '/',
  deadlineMs: 5_000,
  threads: new Semaphore(1),
  signal: new AbortController().signal,
});
const measured = await reader.measure(chooseMounts(await reader.mounts()));
console.log(
  JSON.stringify(
    measured.map((one) => ({ mount: one.mount.mount, totalBytes: 'usage' in one ? one.usage.totalBytes : undefined })),
  ),
);
