// Runs in a mount namespace where the host's `/` is mounted once more at the folder of the argument, as in a container.
import { createThreadLanes } from '../../lib/thread-lanes.ts';
import { chooseMounts } from '../../nodes/disk-stats/mounts.ts';
import { createDiskReader } from '../../nodes/disk-stats/stats.ts';

const reader = createDiskReader(process.argv[2] ?? '/', 5_000, createThreadLanes(1));
const measured = await reader.measure(chooseMounts(await reader.mounts()));
console.log(
  JSON.stringify(
    measured.map((one) => ({ mount: one.mount.mount, totalBytes: 'usage' in one ? one.usage.totalBytes : undefined })),
  ),
);
