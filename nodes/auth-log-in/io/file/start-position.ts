import { stat } from 'node:fs/promises';
import { errorCode } from '../../../../lib/errors.ts';
import type { Position } from '../../file/identity.ts';
import type { Start } from '../../settings.ts';
import { alreadyRotated, type Chain, resume } from './rotation.ts';

/** The file that was at the path when the follower began, and its size then. */
export interface FirstFile {
  inode: string;
  size: number;
}

export interface Begun extends Chain {
  /** Read from the size it has now; any other file is read from its beginning. */
  first: FirstFile | undefined;
  /** The position to keep, where there was none. */
  position: Position | undefined;
}

/** Where to begin: where the saved position left off, at the beginning, or at the end. Rejects while the log cannot be read. */
export async function begin(path: string, start: Start, saved: Position | undefined): Promise<Begun> {
  if (saved !== undefined && saved.path === path) {
    return { ...(await resume(path, saved, Date.now())), first: undefined, position: undefined };
  }
  const begun: Begun = {
    files: [],
    done: await alreadyRotated(path),
    isLost: false,
    first: undefined,
    position: undefined,
  };
  return start === 'beginning' ? begun : noteEnd(path, begun);
}

/** Notes the end of the file as it is now, which holds also when it can be read only later, or after a restart. */
async function noteEnd(path: string, begun: Begun): Promise<Begun> {
  try {
    const { dev, ino, size, mtimeMs } = await stat(path, { bigint: true });
    const first = { inode: String(ino), size: Number(size) };
    const head = { length: 0, crc: 0 };
    const file = { device: String(dev), inode: first.inode, head, position: first.size, modifiedMs: Number(mtimeMs) };
    return { ...begun, first, position: { path, files: [file], done: begun.done } };
  } catch (error) {
    return errorCode(error) === 'ENOENT' ? { ...begun, position: { path, files: [], done: begun.done } } : begun;
  }
}
