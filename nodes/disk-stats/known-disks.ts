/** What is kept of the filesystems over a restart: how each was, so that only a change is told as one. */

import { isPlausibleTime } from '../../lib/plausible-time.ts';
import type { Measured } from './measured.ts';
import { type Mount, namedPaths, wantedBy } from './mounts.ts';
import { GRADES, type Grade } from './thresholds.ts';

/** A state that is known: what does not answer may still be as full as it was. */
export type KnownState = Grade | 'missing';

export interface KnownDisk {
  readonly device: string;
  readonly fsType: string;
  readonly state: KnownState;
  readonly space: Grade;
  readonly inodes: Grade;
  /** It fills up too soon. */
  readonly filling?: boolean;
  /** When it was found missing, in ms since the epoch. */
  readonly missingSinceMs?: number;
}

/** The filesystems by their mount points. */
export type KnownDisks = ReadonlyMap<string, KnownDisk>;

/** The state file. */
export interface SavedDisks {
  readonly disks: readonly (KnownDisk & { readonly mount: string })[];
}

const STATES: readonly unknown[] = [...GRADES, 'missing'];

function isKnownDisk(value: unknown, nowMs: number): value is SavedDisks['disks'][number] {
  const { mount, device, fsType, state, space, inodes, missingSinceMs } = (value ?? {}) as { [key: string]: unknown };
  if (typeof mount !== 'string' || typeof device !== 'string' || typeof fsType !== 'string') return false;
  if (missingSinceMs !== undefined && !isPlausibleTime(missingSinceMs, nowMs)) return false;
  const grades: readonly unknown[] = GRADES;
  return STATES.includes(state) && grades.includes(space) && grades.includes(inodes);
}

/** The content of a state file; undefined where it is something else, or has a time after `nowMs`. */
export function parseSavedDisks(saved: unknown, nowMs: number): SavedDisks | undefined {
  const { disks } = (saved ?? {}) as { disks?: unknown };
  if (!Array.isArray(disks) || !disks.every((disk) => isKnownDisk(disk, nowMs))) return undefined;
  return { disks };
}

/** What comes and goes by itself: roots of containers, what a user's program mounts, media, what lies in temporary folders. */
const PASSING_TYPE = /^(overlay$|fuse\.)/;
const PASSING_PLACE = /^\/(media|run|tmp|var\/tmp|snap|var\/lib\/(docker|containerd|containers|kubelet|machines))\//;

/** Whether nobody misses a filesystem when it is gone. */
export function isPassing({ mount, fsType }: Pick<Mount, 'mount' | 'fsType'>): boolean {
  return PASSING_TYPE.test(fsType) || PASSING_PLACE.test(mount);
}

/** For so long a filesystem is missed that nobody asks for by name, in ms. */
const MISSED_MS = 86_400_000;

/** What a node asks for. */
export interface Lists {
  readonly include: string;
  readonly exclude: string;
}

/**
 * What is not there: `table` are all mounts, `chosen` are those that a node reports, `known` is how they were. What is
 * included by its path is missing until it is mounted. What was there is missing for a day; what comes and goes by itself,
 * and what is not asked for any more, is gone.
 */
export function absentOf(
  table: readonly Mount[],
  chosen: readonly Mount[],
  { include, exclude }: Lists,
  known: KnownDisks,
  nowMs: number,
): Measured[] {
  const there = new Set(table.flatMap(({ mount, device }) => [mount, device]));
  const isWanted = wantedBy(include, exclude);
  const absent = new Map<string, Measured>();
  for (const path of namedPaths(include)) {
    const mount = asKnown(path, known);
    if (there.has(path) || !isWanted(mount)) continue;
    absent.set(mount.mount, { mount, missingSinceMs: known.get(mount.mount)?.missingSinceMs ?? nowMs });
  }
  const reported = new Set(chosen.map(({ mount }) => mount));
  for (const [path, disk] of known) {
    if (reported.has(path) || absent.has(path)) continue;
    const mount = mountOf(path, disk);
    const missingSinceMs = disk.missingSinceMs ?? nowMs;
    const isMissed = !there.has(path) && isWanted(mount) && !isPassing(mount) && nowMs - missingSinceMs < MISSED_MS;
    absent.set(path, isMissed ? { mount, missingSinceMs } : { mount, isGone: true });
  }
  return [...absent.values()];
}

function mountOf(mount: string, { device, fsType }: Pick<KnownDisk, 'device' | 'fsType'>): Mount {
  return { mount, device, fsType, deviceId: '', root: '/' };
}

/** The mount that a path of the list stands for: a mount point, or the device of one that was there. */
function asKnown(path: string, known: KnownDisks): Mount {
  const disk = known.get(path);
  if (disk !== undefined) return mountOf(path, disk);
  const [mount, other] = [...known].find(([, { device }]) => device === path) ?? [];
  return mount === undefined || other === undefined ? mountOf(path, { device: '', fsType: '' }) : mountOf(mount, other);
}
