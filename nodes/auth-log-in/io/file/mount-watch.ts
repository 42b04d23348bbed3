import { readFile, realpath } from 'node:fs/promises';
import { wait } from '../../../../lib/io/wait.ts';
import { findMountAt, type MountedFile } from '../../file/mount-table.ts';

/** How often a file that is mounted by itself is looked at, in ms. Nothing tells when the host renames it. */
const LOOK_MS = 15_000;

export interface MountWatchOptions {
  readonly path: string;
  readonly signal: AbortSignal;
  /** Hears once that the file is mounted by itself: whatever the host puts in its place is not seen here. */
  mounted(): void;
  /** Hears once that the host has renamed or deleted the file: nothing more will come. */
  movedAway(): void;
  /** The file of the system. */
  readonly mountInfo?: string;
  readonly lookMs?: number;
}

/** Watches a log that is perhaps mounted into a container as a single file. Ends where it is not. Never rejects. */
export async function watchMount({
  path,
  signal,
  mounted,
  movedAway,
  mountInfo = '/proc/self/mountinfo',
  lookMs = LOOK_MS,
}: MountWatchOptions): Promise<void> {
  const look = async (): Promise<MountedFile | undefined> => {
    const text = await readFile(mountInfo, 'utf8').catch(() => '');
    return findMountAt(text, [path, await realpath(path).catch(() => path)]);
  };
  const first = await look();
  if (first === undefined || signal.aborted) return;
  mounted();
  for (let now: MountedFile | undefined = first; now !== undefined && !signal.aborted; now = await look()) {
    if (now.isDeleted || now.source !== first.source) {
      movedAway();
      return;
    }
    await wait(lookMs, signal);
  }
}
