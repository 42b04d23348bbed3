import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { errorCode } from '../../../../lib/errors.ts';
import type { FileIdentity } from '../../file/fingerprint.ts';
import { byAge, isPacked, isRotationOf } from '../../file/rotation-name.ts';
import { type Candidate, closeFiles, identify, modifiedMs, openCandidate } from './candidate.ts';
import { unpack } from './gunzip.ts';

/** A rotation with compression takes a moment. A file that can never be unpacked must not hold up for long. */
const ATTEMPTS = 10;
const BETWEEN_MS = 10;

/** A folder that was changed less than so many ms ago can change again at the same time stamp. */
const FRESH_MS = 50;

/**
 * Opens the files that rotation made of the log at `path`, without the log itself, and sorts the oldest first. Unpacks
 * compressed files that were changed at `packedSinceMs` (ms since the epoch) or later; leaves out the others, all of them
 * where it is not given, and what cannot be opened. It takes a tenth of a second at most while a rotation is under way.
 */
export async function openRotatedFiles(path: string, packedSinceMs?: number): Promise<Candidate[]> {
  // A second listing with the same files proves that no rotation moved a file past the first one.
  for (let attempt = 0; ; attempt++) {
    const first = await listRotatedFiles(path, packedSinceMs);
    const second = await listRotatedFiles(path);
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
  const identities = await Promise.all(files.map(identify));
  await closeFiles(files);
  return identities;
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

async function listRotatedFiles(path: string, packedSinceMs?: number): Promise<Listing> {
  const files: Candidate[] = [];
  const found: string[] = [];
  let isWhole = true;
  for (const rotatedPath of await rotatedPaths(path)) {
    const candidate = await openCandidate(rotatedPath).catch((error) => {
      if (errorCode(error) === 'ENOENT') isWhole = false;
      return undefined;
    });
    if (candidate === undefined) continue;
    found.push(`${candidate.name} ${candidate.inode}`);
    if (!isPacked(candidate.name)) files.push(candidate);
    else if (!(await addUnpacked(files, candidate, packedSinceMs))) isWhole = false;
  }
  return { files, text: found.sort().join('\n'), isWhole };
}

/** Closes a compressed file, and adds its text where that is wanted. Gives false where the file is not whole yet. */
async function addUnpacked(files: Candidate[], packed: Candidate, sinceMs: number | undefined): Promise<boolean> {
  const isRecent = sinceMs !== undefined && modifiedMs(packed) >= sinceMs;
  const isWanted = isRecent && packed.name.endsWith('.gz');
  const handle = isWanted ? await unpack(packed.handle).catch(() => undefined) : undefined;
  await packed.handle.close();
  if (handle !== undefined) files.push({ ...packed, handle, isUnpacked: true, size: (await handle.stat()).size });
  return !isWanted || handle !== undefined;
}

/** The paths of all files whose names say that they are rotated parts of the log. */
async function rotatedPaths(path: string): Promise<string[]> {
  const found: string[] = [];
  for (const logPath of await logPaths(path)) {
    const base = basename(logPath);
    const names = await readdir(dirname(logPath)).catch(() => []);
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
