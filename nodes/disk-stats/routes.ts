import type { NodeAPI } from 'node-red';
import { adminRoute } from '../../lib/admin-route.ts';
import { hostRootOf } from '../../lib/environment.ts';
import type { Semaphore } from '../../lib/io/semaphore.ts';
import { DiskReader } from './io/disk-reader.ts';
import { chooseMounts } from './mounts.ts';

/** How long the dialog waits for the list, in milliseconds. */
const DEADLINE_MS = 5_000;

/** What the dialog offers to pick from: the mounts of this host, with whether a node takes them by default. */
export function registerRoutes(RED: NodeAPI, threads: Semaphore): void {
  adminRoute(RED, {
    method: 'get',
    path: '/infra-monitoring/disk-stats/mounts',
    permission: 'disk-stats.read',
    async answer() {
      const hostRoot = hostRootOf((name) => process.env[name]);
      const { signal } = new AbortController();
      const mounts = await new DiskReader({ hostRoot, deadlineMs: DEADLINE_MS, threads, signal }).mounts();
      const usual = new Set(chooseMounts(mounts).map(({ mount }) => mount));
      return mounts.map((mount) => ({ ...mount, usual: usual.has(mount.mount) }));
    },
  });
}
