import { setTimeout as delay } from 'node:timers/promises';
import { errorCode } from '../../errors.ts';
import type { FileIdentity } from '../../file/fingerprint.ts';
import { byAge, isPacked, type RotatedName } from '../../file/rotation-name.ts';
import { type Candidate, closeFiles, identify, openCandidate, orClose } from './candidate.ts';
import { isShortage, type LogPlaces } from './log-places.ts';
import type { Unpacker } from './unpack.ts';
import { canUnpack } from './unpacking.ts';

/** A rotation with compression takes a moment. A file that can never be unpacked must not hold up for long. */
const ATTEMPTS = 10;
const BETWEEN_MS = 10;

/** A folder that was changed less than so many ms ago can change again at the same time stamp. */
const FRESH_MS = 50;

/** Which compressed files are wanted, and who unpacks them. */
export interface PackedFiles {
  isWanted(file: RotatedName): boolean;
  readonly unpacker: Unpacker;
}

/**
 * Opens the files that rotation made of a log, without the log itself, and sorts the oldest first. Unpacks
 * the compressed files that are wanted; leaves out the others, all of them where none are wanted, and what cannot be
 * opened. It takes a tenth of a second at most while a rotation is under way.
 */
export async function openRotatedFiles(places: LogPlaces, packed?: PackedFiles): Promise<Candidate[]> {
  // A second listing with the same files proves that no rotation moved a file past the first one.
  for (let attempt = 0; ; attempt++) {
    const first = await listRotatedFiles(places, packed, attempt === ATTEMPTS);
    const second = await orClose(first.files, () => listRotatedFiles(places));
    await closeFiles(second.files);
    const isStill = first.isWhole && second.isWhole && first.text === second.text;
    if (isStill || attempt === ATTEMPTS) return first.files.sort(byAge);
    await closeFiles(first.files);
    await delay(BETWEEN_MS);
  }
}

/** The identities of the files that rotation left so far. */
export async function identifyRotatedFiles(places: LogPlaces): Promise<FileIdentity[]> {
  const files = await openRotatedFiles(places);
  try {
    return await Promise.all(files.map(identify));
  } finally {
    await closeFiles(files);
  }
}

/** When the folders of rotated files were last changed. Undefined while that is too fresh to compare. */
export async function foldersChange(places: LogPlaces, nowMs: number): Promise<string | undefined> {
  const changes = await places.changes();
  const newestMs = Math.max(...changes.map((ns) => Number(ns / 1_000_000n)));
  return nowMs - newestMs < FRESH_MS ? undefined : changes.join(' ');
}

interface Listing {
  files: Candidate[];
  /** The names and inodes that were found. */
  text: string;
  /** Whether everything in it could be opened, and unpacked where that was asked for. */
  isWhole: boolean;
}

/** `isLast` says that there will be no further listing soon. */
async function listRotatedFiles(places: LogPlaces, packed?: PackedFiles, isLast = false): Promise<Listing> {
  const files: Candidate[] = [];
  const found: string[] = [];
  let isWhole = true;
  for (const rotatedPath of await places.rotatedPaths()) {
    const candidate = await orClose(files, () => openIfPossible(rotatedPath));
    if (candidate === 'gone') isWhole = false;
    if (typeof candidate === 'string') continue;
    found.push(`${candidate.name} ${candidate.inode}`);
    if (!isPacked(candidate.name)) files.push(candidate);
    else if (!(await orClose(files, () => addUnpacked(files, candidate, packed, isLast)))) isWhole = false;
  }
  return { files, text: found.sort().join('\n'), isWhole };
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
  const isWanted = packed?.isWanted(file) === true && canUnpack(file.name);
  const handle = isWanted ? await packed.unpacker.unpack(file, isLast) : 'unwanted';
  await closeFiles([file]);
  if (typeof handle === 'string') return handle !== 'unfinished';
  const { size } = await orClose([{ handle }], () => handle.stat());
  files.push({ ...file, handle, isUnpacked: true, size });
  return true;
}
