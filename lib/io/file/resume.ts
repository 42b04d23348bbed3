import { errorCode } from '../../errors.ts';
import { type FileIdentity, SHORT_FINGERPRINT } from '../../file/fingerprint.ts';
import { hashIn } from '../../file/line-ids.ts';
import type { Line, LineForm } from '../../file/line-splitter.ts';
import type { FilePosition, Position } from '../../file/position.ts';
import { byAge, byRotation } from '../../file/rotation-name.ts';
import { type Candidate, closeFiles, identify, isOneOf, modifiedMs, openLogFile, orClose } from './candidate.ts';
import type { LogPlaces } from './log-places.ts';
import { type ChunkResult, OpenLog } from './open-log.ts';
import { CLOCK_STEP_MS } from './rotation.ts';
import { findSavedFiles } from './saved-file.ts';
import type { Unpacker } from './unpack.ts';
import { openUnreadFiles } from './unread-files.ts';

/** The files from where an earlier run stopped to the newest rotated one. */
export interface ResumedFiles {
  /** The oldest first, each at the position to go on from. */
  files: OpenLog[];
  /** Read to their end. */
  finished: FileIdentity[];
  /** The file that was read last is nowhere to be found. */
  isLost: boolean;
}

/** The rotated files that are not in the checkpoint, the oldest first. */
interface UnsavedFiles {
  /** To be read before the last file of the checkpoint. */
  older: Candidate[];
  /** To be read after it. */
  newer: Candidate[];
  /** Not to be read. */
  finished: FileIdentity[];
}

/** In a file that was written anew the last lines are looked for in so many bytes. */
const SEARCHED_BYTES = 64 * 1024 ** 2;

/**
 * Finds the files of a checkpoint again by identity, under whatever name they have now, and those that were rotated
 * since. Rejects while the log is there and cannot be read: without it nobody can say what of it was read.
 */
export async function resume(places: LogPlaces, saved: Position, unpacker: Unpacker): Promise<ResumedFiles> {
  const earlier = saved.files.flatMap(({ target }) => (target === undefined ? [] : [target]));
  const current = await openIfPresent(places.path);
  const candidates = current === undefined ? [] : [current];
  return orClose(candidates, async () => {
    const rotated = await openUnreadFiles({ places: places.withEarlier(earlier), saved, current, unpacker });
    candidates.unshift(...rotated);
    return chooseFiles(saved, { current, rotated, candidates, form: places.form }, performance.now());
  });
}

/** Sorts out what is to be read of the files that were found, and closes the others. */
async function chooseFiles(
  saved: Position,
  { current, rotated, candidates, form }: FoundFiles,
  nowMs: number,
): Promise<ResumedFiles> {
  const found = await findSavedFiles(saved.files, candidates);
  const files: OpenLog[] = [];
  for (const [candidate, entry] of found)
    files.push(await reopen(entry, candidate, candidate === current, { nowMs, form }));

  const lastEntry = saved.files.at(-1);
  const last = [...found].find(([, entry]) => entry === lastEntry)?.[0];
  const isNewer = (candidate: Candidate): boolean =>
    last === undefined || (last !== current && byAge(candidate, last) > 0);
  const others = rotated.filter((candidate) => !found.has(candidate));
  const isNamedNewer = ({ name }: Candidate): boolean => last !== undefined && byRotation(name, last.name) > 0;
  const unsaved = await sortUnsavedFiles(others, saved, isNewer, isNamedNewer);
  const isRewritten = last === undefined && current !== undefined && (await hasLines(current, lastEntry?.lastLines));
  const used = new Set([...found.keys(), ...unsaved.older, ...unsaved.newer]);
  await closeFiles(candidates.filter((candidate) => !used.has(candidate)));
  const toLog = (candidate: Candidate): OpenLog => new OpenLog(candidate, nowMs, form);
  files.splice(last === undefined ? files.length : -1, 0, ...unsaved.older.map(toLog));
  files.push(...unsaved.newer.map(toLog));
  return {
    files,
    finished: [...saved.done, ...unsaved.finished],
    isLost: last === undefined && lastEntry !== undefined && mayHaveMore(lastEntry) && !isRewritten,
  };
}

/** Whether lines of a file may be unread; of one without any there is nothing to miss. */
function mayHaveMore({ head, ended }: FilePosition): boolean {
  return head.length >= SHORT_FINGERPRINT && ended !== true;
}

/** Whether a file has one of the last lines that were read: then an editor wrote it anew, with what it kept of the other. */
async function hasLines(file: Candidate, hashes: readonly string[] = []): Promise<boolean> {
  if (hashes.length === 0) return false;
  const log = new OpenLog(file, performance.now());
  const limit = Math.min(file.size, SEARCHED_BYTES);
  for (let result: ChunkResult = 'more'; result === 'more'; ) {
    const lines: Line[] = [];
    result = await log.readChunk(lines, limit, performance.now());
    if (lines.some(({ id }) => hashes.includes(hashIn(id)))) return true;
  }
  return false;
}

interface FoundFiles {
  /** The file at the path of the log, if there is one. */
  current: Candidate | undefined;
  /** The oldest first. */
  rotated: readonly Candidate[];
  /** All of them. */
  candidates: readonly Candidate[];
  form: LineForm;
}

/** The file at `path`, or undefined where there is none. Rejects where it is there and cannot be read. */
async function openIfPresent(path: string): Promise<Candidate | undefined> {
  try {
    return await openLogFile(path);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
    return undefined;
  }
}

async function reopen(
  entry: FilePosition,
  found: Candidate,
  isCurrent: boolean,
  { nowMs, form }: { readonly nowMs: number; readonly form: LineForm },
): Promise<OpenLog> {
  const isCopy = !isCurrent && found.inode !== entry.inode;
  // As long as it is where a link led to before, it is found there again.
  const candidate = isCurrent ? found : { ...found, target: entry.target };
  const file = new OpenLog(candidate, nowMs, form, isCopy || found.isUnpacked);
  // What is left of a file that was cut is read again: nobody knows where in it new lines begin.
  await file.seek(found.size >= entry.position ? entry.position : 0);
  return file;
}

/** `isNewer` says whether a file was rotated away after the last one of the checkpoint; `isNamedNewer` whether its name says so. */
async function sortUnsavedFiles(
  candidates: readonly Candidate[],
  saved: Position,
  isNewer: (candidate: Candidate) => boolean,
  isNamedNewer: (candidate: Candidate) => boolean,
): Promise<UnsavedFiles> {
  const sorted: UnsavedFiles = { older: [], newer: [], finished: [] };
  const last = saved.files.at(-1);
  // A file of which next to nothing was read can have been copied and cut since: it would look as before.
  const mayBeCut = (last?.head.length ?? 0) < SHORT_FINGERPRINT;
  const sinceMs = (last?.modifiedMs ?? 0) - CLOCK_STEP_MS;
  for (const candidate of candidates) {
    const isAfterLast = isNewer(candidate);
    const isRecent = modifiedMs(candidate) >= sinceMs && (isAfterLast || mayBeCut);
    const mayHaveLines = isRecent || (isAfterLast && isNamedNewer(candidate));
    if (mayHaveLines && !(await isOneOf(saved.done, candidate))) {
      (isAfterLast ? sorted.newer : sorted.older).push(candidate);
    } else if (!candidate.isUnpacked) {
      sorted.finished.push(await identify(candidate));
    }
  }
  return sorted;
}
