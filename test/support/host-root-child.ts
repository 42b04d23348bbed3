// Runs in a mount namespace where the host's `/` is mounted once more at the folder of the argument, as in a container.
import { Semaphore } from '../../lib/io/semaphore.ts';
import { createDiskReader } from '../../nodes/disk-stats/io/stats.ts';
import { chooseMounts } from '../../nodes/disk-stats/mounts.ts';

const reader = createDiskReader(process.argv[2] ?? '/', 5_000, new Semaphore(1));
const measured = await reader.measure(chooseMounts(await reader.mounts()));
console.log(
  JSON.stringify(
    measured.map((one) => ({ mount: one.mount.mount, totalBytes: 'usage' in one ? one.usage.totalBytes : undefined })),
  ),
);
