import { stat } from 'node:fs/promises';
import type { FileIdentity } from '../../file/fingerprint.ts';
import { byAge, byRotation, type RotatedName } from '../../file/rotation-name.ts';
import { type Candidate, closeFiles, identify, isOneOf, modifiedMs, orClose } from './candidate.ts';
import type { LogPlaces } from './log-places.ts';
import { OpenLog } from './open-log.ts';
import { openRotatedFiles } from './rotated-files.ts';
import type { Unpacker } from './unpack.ts';

/** Times of change are only as fine as the kernel's clock ticks, or as the file system keeps them. */
export const CLOCK_STEP_MS = 2000;

/** The files of one log that are known already. */
export interface KnownFiles {
  readonly places: LogPlaces;
  /** Held open, the oldest first. */
  readonly files: readonly OpenLog[];
  /** Read to their end. */
  readonly finished: readonly FileIdentity[];
  readonly unpacker: Unpacker;
}

/** Files that were rotated away before they were seen, each at 0, the oldest first. */
export interface UnseenFiles {
  /** Older than the last file that is held. */
  readonly older: OpenLog[];
  readonly newer: OpenLog[];
}

/**
 * Finds the files that were rotated away unseen: several rotations are possible between two looks. `opened` are files
 * that are newer than all of this, so they are open but not yet among the known ones. `nowMs`: of a steady clock. `before`:
 * the name of a rotated file; what was rotated after it is left out.
 */
export async function findUnseenFiles(
  known: KnownFiles,
  nowMs: number,
  opened: OpenLog[] = [],
  before?: string,
): Promise<UnseenFiles> {
  const { places, files, finished, unpacker } = known;
  const unseen: UnseenFiles = { older: [], newer: [] };
  const last = files.at(-1);
  if (last === undefined) return unseen;
  const held = [...files, ...opened];
  // A file that was rotated away unseen was changed after the held ones were. Somebody else put an older one there.
  // Where the clock was set back since, its time is later than the clock's.
  const sinceMs = Math.min(...files.map((file) => file.modifiedMs), Date.now()) - CLOCK_STEP_MS;
  const isLastAtPath = await isAt(places.path, last).catch(() => false);
  await last.look(nowMs);
  // The name of the last file tells which files are older where the times of change are the same.
  let lastName = '';
  const found: Candidate[] = [];
  const candidates = await openRotatedFiles(places, { isWanted: changedSince(sinceMs), unpacker });
  await orClose(candidates, async () => {
    // Not before: a held file may have got its lines, and been rotated and packed, while the others were opened.
    const heldIdentities = await Promise.all(held.map(identitiesOf));
    const lastIdentities = heldIdentities[files.length - 1] ?? [];
    const identities = [...finished, ...heldIdentities.flat()];
    for (const candidate of candidates) {
      if (candidate.inode === last.inode || (await isOneOf(lastIdentities, candidate))) lastName = candidate.name;
    }
    for (const candidate of candidates) {
      const isTooOld = modifiedMs(candidate) < sinceMs && byRotation(candidate.name, lastName) <= 0;
      const isLater = before !== undefined && byRotation(candidate.name, before) > 0;
      const isKnown = isTooOld || isLater || isHeld(held, candidate) || (await isOneOf(identities, candidate));
      if (!isKnown) found.push(candidate);
    }
  });
  await closeFiles(candidates.filter((candidate) => !found.includes(candidate)));
  for (const candidate of found) {
    // While the last file is still at the path, everything beside it is a copy of what it was.
    const isOlder = isLastAtPath || byAge(candidate, { name: lastName, modifiedNs: last.modifiedNs }) < 0;
    (isOlder ? unseen.older : unseen.newer).push(new OpenLog(candidate, nowMs, places.form));
  }
  return unseen;
}

/**
 * Finds the copy that was made of a file before it was cut (copytruncate), at the position that was reached, and what
 * was rotated since. Empty where there is no copy. Lines that were written between the copying and the cut are in neither.
 */
export async function findCopies(known: KnownFiles, cut: OpenLog, nowMs: number): Promise<OpenLog[]> {
  const { places, files, finished, unpacker } = known;
  const sinceMs = Math.min(cut.readMs, Date.now()) - CLOCK_STEP_MS;
  const candidates = await openRotatedFiles(places, { isWanted: changedSince(sinceMs), unpacker });
  return orClose(candidates, async () => {
    const now = await identify({ inode: cut.inode, handle: cut.handle, size: (await cut.handle.stat()).size });
    let [copy, cutName]: [Candidate?, string?] = [];
    for (const candidate of candidates) {
      const isLonger = candidate.size >= (copy?.size ?? 0);
      if (!isHeld(files, candidate) && isLonger && (await cut.isContinuedBy(candidate.handle, candidate.size))) {
        copy = candidate;
      }
      if (now.head.length > 0 && (await isOneOf([now], candidate))) cutName = candidate.name;
    }
    await closeFiles(candidates.filter((candidate) => candidate !== copy));
    if (copy === undefined) return [];
    const rest = new OpenLog(copy, nowMs, places.form, true);
    await rest.seek(cut.position);
    // The cut file has the newest lines: whatever else there is comes before it. Where it was rotated away itself, what was
    // rotated later comes after it, and is found when the path is looked at.
    const seen = { places, files: [...files, rest], finished, unpacker };
    const { older, newer } = await findUnseenFiles(seen, nowMs, [], cutName);
    return [...older, rest, ...newer];
  });
}

/** Says of a file whether it was changed at `sinceMs` (ms since the epoch) or later. */
export function changedSince(sinceMs: number): (file: RotatedName) => boolean {
  return (file) => modifiedMs(file) >= sinceMs;
}

/** Whether `file` is the one at `path` now. Rejects with the system's error, with `ENOENT` where there is none. */
export async function isAt(path: string, file: OpenLog): Promise<boolean> {
  const { ino, dev } = await stat(path, { bigint: true });
  return String(ino) === file.inode && String(dev) === file.device;
}

function isHeld(held: readonly OpenLog[], { inode, device }: Candidate): boolean {
  return held.some((file) => file.inode === inode && file.device === device);
}

/** What a copy of a held file can look like: its first bytes as far as they were read, or as they are now. */
async function identitiesOf({ inode, fingerprint, handle }: OpenLog): Promise<FileIdentity[]> {
  const { size } = await handle.stat();
  return [{ inode, head: fingerprint }, await identify({ inode, handle, size })];
}
