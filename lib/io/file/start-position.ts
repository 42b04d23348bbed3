import { stat } from 'node:fs/promises';
import { errorCode } from '../../errors.ts';
import type { Position } from '../../file/position.ts';
import type { Start } from '../../file/start.ts';
import { closeFiles, identify, linkTarget, orClose } from './candidate.ts';
import type { LogPlaces } from './log-places.ts';
import { OpenLog } from './open-log.ts';
import { type ResumedFiles, resume } from './resume.ts';
import { identifyRotatedFiles, openRotatedFiles } from './rotated-files.ts';
import { CLOCK_STEP_MS, changedSince } from './rotation.ts';
import type { Unpacker } from './unpack.ts';

/** The file that was at the path when following began, and its size then. */
export interface StartFile {
  inode: string;
  size: number;
}

export interface StartPosition extends ResumedFiles {
  /** Is read from the size it had. Any other file is read from its beginning. */
  startFile: StartFile | undefined;
  /** The first position to keep, where none was saved. */
  position: Position | undefined;
}

/**
 * Where to begin: where the saved position left off, at the beginning, or at the end. Where a position was lost, at what
 * was logged after `lostSinceMs` (ms since the epoch). Rejects while the log cannot be read.
 */
export async function findStart(
  places: LogPlaces,
  start: Start,
  saved: Position | undefined,
  unpacker: Unpacker,
  lostSinceMs?: number,
): Promise<StartPosition> {
  if (saved !== undefined && saved.path === places.path) {
    return { ...(await resume(places, saved, unpacker)), startFile: undefined, position: undefined };
  }
  if (start === 'checkpoint' && saved === undefined && lostSinceMs !== undefined)
    return findUnproved(places, lostSinceMs, unpacker);
  // Nobody asked for the files that rotation left before, and they must not be taken for new ones later.
  const finished = await identifyRotatedFiles(places);
  const beginning = { files: [], finished, isLost: false, startFile: undefined, position: undefined };
  return start === 'beginning' ? beginning : findEnd(places.path, beginning);
}

/**
 * Where nobody knows how far the log was read: the rotated files that were changed after `sinceMs`, and then the log itself
 * from its beginning. What was read before comes again with the same event_id.
 */
async function findUnproved(places: LogPlaces, lostSinceMs: number, unpacker: Unpacker): Promise<StartPosition> {
  const nowMs = performance.now();
  const sinceMs = lostSinceMs - CLOCK_STEP_MS;
  const rotated = await openRotatedFiles(places, { isWanted: changedSince(sinceMs), unpacker });
  const isUnproved = changedSince(sinceMs);
  const others = rotated.filter((candidate) => !isUnproved(candidate));
  const plain = others.filter(({ isUnpacked }) => !isUnpacked);
  const finished = await orClose(rotated, () => Promise.all(plain.map(identify)));
  await closeFiles(others);
  const files = rotated.filter(isUnproved).map((candidate) => new OpenLog(candidate, nowMs, places.form));
  const position = { path: places.path, files: files.map(({ filePosition }) => filePosition), done: finished };
  return { files, finished, isLost: false, startFile: undefined, position };
}

/** Notes the end of the file as it is now. It counts also when the file can be read only later, or after a restart. */
async function findEnd(path: string, beginning: StartPosition): Promise<StartPosition> {
  const done = beginning.finished;
  try {
    const { dev, ino, size, mtimeMs } = await stat(path, { bigint: true });
    const target = await linkTarget(path);
    const startFile = { inode: String(ino), size: Number(size) };
    const file = {
      device: String(dev),
      inode: startFile.inode,
      head: { length: 0, crc: 0 },
      position: startFile.size,
      modifiedMs: Number(mtimeMs),
      ...(target === undefined ? {} : { target }),
    };
    return { ...beginning, startFile, position: { path, files: [file], done } };
  } catch (error) {
    return errorCode(error) === 'ENOENT' ? { ...beginning, position: { path, files: [], done } } : beginning;
  }
}
