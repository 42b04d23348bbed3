import type { NodeAPI } from 'node-red';
import { hostRootOf } from '../../lib/environment.ts';
import { explain } from '../../lib/errors.ts';
import type { Semaphore } from '../../lib/io/semaphore.ts';
import { DiskReader } from './io/disk-reader.ts';
import { chooseMounts } from './mounts.ts';

/** How long the dialog waits for the list, in milliseconds. */
const DEADLINE_MS = 5_000;

/** What the dialog offers to pick from: the mounts of this host, with whether a node takes them by default. */
export function registerRoutes(RED: NodeAPI, threads: Semaphore): void {
  const mayRead = RED.auth.needsPermission('disk-stats.read');
  RED.httpAdmin.get('/infra-monitoring/disk-stats/mounts', mayRead, (_request, response) => {
    const hostRoot = hostRootOf((name) => process.env[name]);
    const { signal } = new AbortController();
    const reader = new DiskReader({ hostRoot, deadlineMs: DEADLINE_MS, threads, signal });
    reader.mounts().then(
      (mounts) => {
        const usual = new Set(chooseMounts(mounts).map(({ mount }) => mount));
        response.json(mounts.map((mount) => ({ ...mount, usual: usual.has(mount.mount) })));
      },
      (error) => response.status(500).json({ error: explain(error, RED._) }),
    );
  });
}
