import { stat } from 'node:fs/promises';
import { errorCode } from '../../../../lib/errors.ts';
import type { Position } from '../../file/position.ts';
import type { Start } from '../../settings.ts';
import { type Candidate, closeFiles, identify, modifiedMs, orClose } from './candidate.ts';
import type { Unpacker } from './gunzip.ts';
import { OpenLog } from './open-log.ts';
import { type ResumedFiles, resume } from './resume.ts';
import { identifyRotatedFiles, openRotatedFiles } from './rotated-files.ts';
import { CLOCK_STEP_MS } from './rotation.ts';

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
  path: string,
  start: Start,
  saved: Position | undefined,
  unpacker: Unpacker,
  lostSinceMs?: number,
): Promise<StartPosition> {
  if (saved !== undefined && saved.path === path) {
    return { ...(await resume(path, saved, Date.now(), unpacker)), startFile: undefined, position: undefined };
  }
  if (start === 'checkpoint' && saved === undefined && lostSinceMs !== undefined)
    return findUnproved(path, lostSinceMs, unpacker);
  // Nobody asked for the files that rotation left before, and they must not be taken for new ones later.
  const finished = await identifyRotatedFiles(path);
  const beginning = { files: [], finished, isLost: false, startFile: undefined, position: undefined };
  return start === 'beginning' ? beginning : findEnd(path, beginning);
}

/**
 * Where nobody knows how far the log was read: the rotated files that were changed after `sinceMs`, and then the log itself
 * from its beginning. What was read before comes again with the same event_id.
 */
async function findUnproved(path: string, lostSinceMs: number, unpacker: Unpacker): Promise<StartPosition> {
  const nowMs = Date.now();
  const sinceMs = lostSinceMs - CLOCK_STEP_MS;
  const rotated = await openRotatedFiles(path, { sinceMs, unpacker });
  const isUnproved = (candidate: Candidate): boolean => modifiedMs(candidate) >= sinceMs;
  const others = rotated.filter((candidate) => !isUnproved(candidate));
  const plain = others.filter(({ isUnpacked }) => !isUnpacked);
  const finished = await orClose(rotated, () => Promise.all(plain.map(identify)));
  await closeFiles(others);
  const files = rotated.filter(isUnproved).map((candidate) => new OpenLog(candidate, nowMs));
  const position = { path, files: files.map(({ filePosition }) => filePosition), done: finished };
  return { files, finished, isLost: false, startFile: undefined, position };
}

/** Notes the end of the file as it is now. It counts also when the file can be read only later, or after a restart. */
async function findEnd(path: string, beginning: StartPosition): Promise<StartPosition> {
  const done = beginning.finished;
  try {
    const { dev, ino, size, mtimeMs } = await stat(path, { bigint: true });
    const startFile = { inode: String(ino), size: Number(size) };
    const file = {
      device: String(dev),
      inode: startFile.inode,
      head: { length: 0, crc: 0 },
      position: startFile.size,
      modifiedMs: Number(mtimeMs),
    };
    return { ...beginning, startFile, position: { path, files: [file], done } };
  } catch (error) {
    return errorCode(error) === 'ENOENT' ? { ...beginning, position: { path, files: [], done } } : beginning;
  }
}
