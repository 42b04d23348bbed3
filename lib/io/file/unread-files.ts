import { stat } from 'node:fs/promises';
import { SHORT_FINGERPRINT } from '../../file/fingerprint.ts';
import type { FilePosition, Position } from '../../file/position.ts';
import { byAge, byRotation, type RotatedName } from '../../file/rotation-name.ts';
import { type Candidate, closeFiles, openCandidate, orClose } from './candidate.ts';
import type { LogPlaces } from './log-places.ts';
import { openRotatedFiles } from './rotated-files.ts';
import { CLOCK_STEP_MS, changedSince } from './rotation.ts';
import { findSavedFile } from './saved-file.ts';
import type { Unpacker } from './unpack.ts';

/** So many packed files are unpacked to find the one that was read last, where their times do not tell. */
const UNPACKED_AT_MOST = 8;

interface Sought {
  readonly places: LogPlaces;
  readonly saved: Position;
  /** The file at the path of the log, if there is one. */
  readonly current: Candidate | undefined;
  readonly unpacker: Unpacker;
}

/** Opens the rotated files that can have unread lines, the oldest first. */
export async function openUnreadFiles({ places, saved, current, unpacker }: Sought): Promise<Candidate[]> {
  const isRecent = changedSince(Math.min(...saved.files.map((file) => file.modifiedMs)) - CLOCK_STEP_MS);
  const refused = new Map<string, RotatedName>();
  const isWanted = (file: RotatedName): boolean => {
    const isRefused = !isRecent(file);
    if (isRefused) refused.set(file.name, file);
    return !isRefused;
  };
  const files = await openRotatedFiles(places, { isWanted, unpacker });
  const lastEntry = saved.files.at(-1);
  if (lastEntry === undefined) return files;
  return orClose(files, async () => {
    const last = await findSavedFile(lastEntry, current === undefined ? files : [...files, current]);
    if (last !== undefined && last === current) return files;
    // Where the clock was set back, what was rotated since has an earlier time. Its name tells that it is newer.
    const newest = new Set(
      [...refused.values()]
        .sort(byAge)
        .slice(-UNPACKED_AT_MOST)
        .map(({ name }) => name),
    );
    const isNext = ({ name }: RotatedName): boolean =>
      last === undefined ? newest.has(name) : byRotation(name, last.name) > 0;
    if ([...refused.values()].some(isNext)) {
      await closeFiles(files);
      return openRotatedFiles(places, { isWanted: (file) => isRecent(file) || isNext(file), unpacker });
    }
    const renamed = last === undefined ? await openRenamed(places, lastEntry) : undefined;
    return renamed === undefined ? files : [...files, renamed].sort(byAge);
  });
}

/** Opens the file of an entry where it has a name that no rotation gives. The system gives inodes to other files again. */
async function openRenamed(places: LogPlaces, entry: FilePosition): Promise<Candidate | undefined> {
  const { device, inode, head } = entry;
  if (head.length < SHORT_FINGERPRINT) return undefined;
  for (const path of await places.otherPaths()) {
    const stats = await stat(path, { bigint: true }).catch(() => undefined);
    if (stats === undefined || String(stats.ino) !== inode || String(stats.dev) !== device) continue;
    const candidate = await openCandidate(path).catch(() => undefined);
    if (candidate === undefined) continue;
    if ((await findSavedFile(entry, [candidate])) !== undefined) return candidate;
    await closeFiles([candidate]);
  }
  return undefined;
}
