import { constants } from 'node:fs';
import { type FileHandle, lstat, open, realpath, stat as statPath } from 'node:fs/promises';
import { basename } from 'node:path';
import { crc32 } from 'node:zlib';
import { MonitoringError } from '../../errors.ts';
import { FINGERPRINT_BYTES, type FileIdentity, isFinishedFile } from '../../file/fingerprint.ts';
import { readAt } from './read-at.ts';

/** A FIFO in the place of the log must not hold up the process until somebody writes to it. */
const READ_ONLY = constants.O_RDONLY | constants.O_NONBLOCK;

/** A file that was opened because it may be the log or a rotated part of it. */
export interface Candidate {
  name: string;
  device: string;
  inode: string;
  size: number;
  modifiedNs: bigint;
  handle: FileHandle;
  /** The handle is of the text of a compressed file. */
  isUnpacked: boolean;
  /** Where the link that it was opened by led to. */
  target?: string | undefined;
}

/** Opens the file at `path`. Rejects with the system's error, and with `NOT_REGULAR_FILE` where it is a folder or a device. */
export async function openCandidate(path: string): Promise<Candidate> {
  // Opening a device can do something to it. What is at the path may be another file by the time that it is opened.
  checkRegular(await statPath(path), path);
  const handle = await open(path, READ_ONLY);
  try {
    const stat = await handle.stat({ bigint: true });
    checkRegular(stat, path);
    return {
      name: basename(path),
      device: String(stat.dev),
      inode: String(stat.ino),
      size: Number(stat.size),
      modifiedNs: stat.mtimeNs,
      handle,
      isUnpacked: false,
    };
  } catch (error) {
    await closeFiles([{ handle }]);
    throw error;
  }
}

function checkRegular(stat: { isFile(): boolean; isDirectory(): boolean }, path: string): void {
  if (stat.isFile()) return;
  throw new MonitoringError('NOT_REGULAR_FILE', { code: stat.isDirectory() ? 'EISDIR' : 'EINVAL', path });
}

/** Opens the file at the path of a log, which may be a link. Rejects as `openCandidate` does. */
export async function openLogFile(path: string): Promise<Candidate> {
  const candidate = await openCandidate(path);
  return { ...candidate, target: await linkTarget(path) };
}

/** The file that the link at `path` leads to. Undefined where it is none, or leads nowhere. */
export async function linkTarget(path: string): Promise<string | undefined> {
  const isLink = await lstat(path).then(
    (stats) => stats.isSymbolicLink(),
    () => false,
  );
  return isLink ? realpath(path).catch(() => undefined) : undefined;
}

/** When it was last changed, in ms since the epoch. */
export function modifiedMs({ modifiedNs }: Pick<Candidate, 'modifiedNs'>): number {
  return Number(modifiedNs / 1_000_000n);
}

/** CRC-32 of the first `length` bytes, or undefined where the file is shorter. */
export async function fingerprintCrc(handle: FileHandle, length: number): Promise<number | undefined> {
  const bytes = await readAt(handle, 0, length);
  return bytes.length < length ? undefined : crc32(bytes);
}

/** The identity that a file has now. */
export async function identify(file: Pick<Candidate, 'inode' | 'handle' | 'size'>): Promise<FileIdentity> {
  const length = Math.min(FINGERPRINT_BYTES, file.size);
  return { inode: file.inode, head: { length, crc: (await fingerprintCrc(file.handle, length)) ?? 0 } };
}

/** Whether a candidate is one of the files that were read to their end. */
export async function isOneOf(finished: readonly FileIdentity[], candidate: Candidate): Promise<boolean> {
  for (const identity of finished) {
    const crc = await fingerprintCrc(candidate.handle, identity.head.length);
    if (isFinishedFile(identity, candidate.inode, crc, candidate.size)) return true;
  }
  return false;
}

/** Closes files. Never rejects. */
export async function closeFiles(files: readonly { handle: FileHandle }[]): Promise<void> {
  for (const { handle } of files) await handle.close().catch(() => undefined);
}

/** As `job` does. Where it rejects, the files are closed first, those too that it added to the list. */
export async function orClose<T>(files: readonly { handle: FileHandle }[], job: () => Promise<T>): Promise<T> {
  try {
    return await job();
  } catch (error) {
    await closeFiles(files);
    throw error;
  }
}
