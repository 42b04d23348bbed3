import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { errorCode } from '../../../../lib/errors.ts';
import type { FileIdentity } from '../../file/fingerprint.ts';
import { byAge, isPacked, isRotationOf } from '../../file/rotation-name.ts';
import { type Candidate, closeFiles, identify, modifiedMs, openCandidate, orClose } from './candidate.ts';
import type { Unpacker } from './gunzip.ts';

/** A rotation with compression takes a moment. A file that can never be unpacked must not hold up for long. */
const ATTEMPTS = 10;
const BETWEEN_MS = 10;

/** A folder that was changed less than so many ms ago can change again at the same time stamp. */
const FRESH_MS = 50;

/** Which compressed files are wanted, and who unpacks them. */
export interface PackedFiles {
  /** Those that were changed then or later, in ms since the epoch. */
  readonly sinceMs: number;
  readonly unpacker: Unpacker;
}

/**
 * Opens the files that rotation made of the log at `path`, without the log itself, and sorts the oldest first. Unpacks
 * the compressed files that are wanted; leaves out the others, all of them where none are wanted, and what cannot be
 * opened. It takes a tenth of a second at most while a rotation is under way.
 */
export async function openRotatedFiles(path: string, packed?: PackedFiles): Promise<Candidate[]> {
  // A second listing with the same files proves that no rotation moved a file past the first one.
  for (let attempt = 0; ; attempt++) {
    const first = await listRotatedFiles(path, packed, attempt === ATTEMPTS);
    const second = await orClose(first.files, () => listRotatedFiles(path));
    await closeFiles(second.files);
    const isStill = first.isWhole && second.isWhole && first.text === second.text;
    if (isStill || attempt === ATTEMPTS) return first.files.sort(byAge);
    await closeFiles(first.files);
    await delay(BETWEEN_MS);
  }
}

/** The identities of the files that rotation left so far. */
export async function identifyRotatedFiles(path: string): Promise<FileIdentity[]> {
  const files = await openRotatedFiles(path);
  try {
    return await Promise.all(files.map(identify));
  } finally {
    await closeFiles(files);
  }
}

/** When the folders of rotated files were last changed. Undefined while that is too fresh to compare. */
export async function foldersChange(path: string, nowMs: number): Promise<string | undefined> {
  const paths = await logPaths(path);
  const stats = await Promise.all(paths.map((one) => stat(dirname(one), { bigint: true })));
  const newestMs = Math.max(...stats.map(({ mtimeMs }) => Number(mtimeMs)));
  return nowMs - newestMs < FRESH_MS ? undefined : stats.map(({ mtimeNs }) => mtimeNs).join(' ');
}

interface Listing {
  files: Candidate[];
  /** The names and inodes that were found. */
  text: string;
  /** Whether everything in it could be opened, and unpacked where that was asked for. */
  isWhole: boolean;
}

/** `isLast` says that there will be no further listing soon. */
async function listRotatedFiles(path: string, packed?: PackedFiles, isLast = false): Promise<Listing> {
  const files: Candidate[] = [];
  const found: string[] = [];
  let isWhole = true;
  for (const rotatedPath of await rotatedPaths(path)) {
    const candidate = await orClose(files, () => openIfPossible(rotatedPath));
    if (candidate === 'gone') isWhole = false;
    if (typeof candidate === 'string') continue;
    found.push(`${candidate.name} ${candidate.inode}`);
    if (!isPacked(candidate.name)) files.push(candidate);
    else if (!(await orClose(files, () => addUnpacked(files, candidate, packed, isLast)))) isWhole = false;
  }
  return { files, text: found.sort().join('\n'), isWhole };
}

/** Whether only a descriptor is missing: what the files have would be left out without a word. */
function isShortage(error: unknown): boolean {
  return ['EMFILE', 'ENFILE'].includes(errorCode(error) ?? '');
}

/** Rejects where a descriptor is missing. */
async function openIfPossible(path: string): Promise<Candidate | 'gone' | 'unreadable'> {
  try {
    return await openCandidate(path);
  } catch (error) {
    if (isShortage(error)) throw error;
    return errorCode(error) === 'ENOENT' ? 'gone' : 'unreadable';
  }
}

/** Closes a compressed file, and adds its text where that is wanted. Gives false where the file is not whole yet. */
async function addUnpacked(
  files: Candidate[],
  file: Candidate,
  packed: PackedFiles | undefined,
  isLast: boolean,
): Promise<boolean> {
  const isWanted = packed !== undefined && modifiedMs(file) >= packed.sinceMs && file.name.endsWith('.gz');
  const handle = isWanted ? await packed.unpacker.unpack(file, isLast) : 'unwanted';
  await closeFiles([file]);
  if (typeof handle === 'string') return handle !== 'unfinished';
  const { size } = await orClose([{ handle }], () => handle.stat());
  files.push({ ...file, handle, isUnpacked: true, size });
  return true;
}

/** The paths of all files whose names say that they are rotated parts of the log. */
async function rotatedPaths(path: string): Promise<string[]> {
  const found: string[] = [];
  for (const logPath of await logPaths(path)) {
    const base = basename(logPath);
    const names = await readdir(dirname(logPath)).catch((error) => {
      if (isShortage(error)) throw error;
      return [];
    });
    const rotated = names.filter((name) => name !== base && isRotationOf(name, base));
    found.push(...rotated.map((name) => join(dirname(logPath), name)));
  }
  return found;
}

/** The log's path and, where that is a link, also its target: rotation can happen beside either. */
async function logPaths(path: string): Promise<string[]> {
  const real = await realpath(path).catch(() => path);
  return dirname(real) === dirname(path) && basename(real) === basename(path) ? [path] : [path, real];
}
