import { copyFile, type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import { errorCode } from '../errors.ts';

/** How the file of a state comes onto the disk: few calls, because each of them wakes a thread, on a host at rest as well. */

/** What a file without `version` has is the same: version 0.1.0 of this package wrote none. */
export const VERSION = 1;
export const OWNER_ONLY = 0o600;
export const FOLDER_OWNER_ONLY = 0o700;
/** Others run after so many ms of work, or so many characters. */
const SLICE_MS = 4;
const SLICE_LENGTH = 262_144;

/** What is said where the folder is not there, or no folder. */
const NO_FOLDER = ['ENOENT', 'ENOTDIR'];

/** The members that a file has beside those of the state. They come first, so that a cut file never looks whole. */
function headOf(checksum: number): string {
  // As long with every checksum: it is known last, and written over the one that kept its place.
  return `{"version":${VERSION},"checksum":${String(checksum).padEnd(10)}`;
}

/** Puts a file in the place of another so that after a power cut the old or the new content is there. */
export async function replaceFile(path: string, make: (temporary: string) => Promise<void>): Promise<void> {
  const folder = dirname(path);
  const temporary = `${path}.tmp`;
  try {
    await make(temporary);
  } catch (error) {
    if (!NO_FOLDER.includes(errorCode(error) ?? '')) throw error;
    await mkdir(folder, { recursive: true, mode: FOLDER_OWNER_ONLY });
    await make(temporary);
  }
  await rename(temporary, path);
  await syncFolder(folder);
}

/** Makes a copy that lies on the disk. */
export async function copyState(from: string, to: string): Promise<void> {
  await copyFile(from, to);
  const handle = await open(to, 'r+');
  try {
    // One that was left over keeps its mode.
    await handle.chmod(OWNER_ONLY);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Writes the JSON of a state, which comes in pieces, with the members that a file has beside it, until it lies on the disk. */
export async function writeState(path: string, pieces: Iterable<string>): Promise<void> {
  const handle = await openNew(path);
  try {
    await writePieces(handle, pieces);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** One that was left over is not used: it has the mode of whoever left it. */
async function openNew(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'wx', OWNER_ONLY);
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
    await rm(path, { force: true });
    return open(path, 'wx', OWNER_ONLY);
  }
}

/** A state of one slice, as most are, is one write. */
async function writePieces(handle: FileHandle, pieces: Iterable<string>): Promise<void> {
  let checksum = 0;
  let isFirst = true;
  let slice = '';
  let endMs = performance.now() + SLICE_MS;
  const flush = async (head: string): Promise<void> => {
    // The opening brace stands before the file's own members.
    const rest = slice === '{}' ? '}' : `,${slice.slice(1)}`;
    await handle.writeFile(isFirst ? head + rest : slice);
    isFirst = false;
    slice = '';
  };
  for (const piece of pieces) {
    slice += piece;
    if (slice.length < SLICE_LENGTH && performance.now() < endMs) continue;
    checksum = crc32(slice, checksum);
    await flush(headOf(0));
    endMs = performance.now() + SLICE_MS;
  }
  checksum = crc32(slice, checksum);
  const isWhole = isFirst;
  await flush(headOf(checksum));
  if (!isWhole) await handle.write(headOf(checksum), 0);
}

/** Some systems cannot sync a folder. */
async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder);
    await handle.sync().finally(() => handle.close());
  } catch {}
}
