import { constants } from 'node:fs';
import { type FileHandle, open, readdir, realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import { errorCode } from '../../../../lib/errors.ts';
import { byAge, isOfFamily, isPacked, type Member } from '../../file/identity.ts';
import { unpack } from './gunzip.ts';
import { readAt } from './read-at.ts';

/** A rotation with packing takes a moment; a file that can never be unpacked must not hold up for long. */
const ATTEMPTS = 10;
const BETWEEN_MS = 10;

/** A FIFO in place of the log must not hold up the process until somebody writes to it. */
const READ_ONLY = constants.O_RDONLY | constants.O_NONBLOCK;

export interface Opened extends Member {
  handle: FileHandle;
  /** Read from a compressed file: the handle is of its unpacked text. */
  packed: boolean;
}

/** Opens the file at `path`. Rejects with the system's error, and with `EISDIR` or `EINVAL` where it is not a file. */
export async function openMember(path: string): Promise<Opened> {
  const handle = await open(path, READ_ONLY);
  try {
    const stat = await handle.stat({ bigint: true });
    if (!stat.isFile()) {
      const code = stat.isDirectory() ? 'EISDIR' : 'EINVAL';
      throw Object.assign(new Error(`${code}: not a regular file, open '${path}'`), { code });
    }
    return {
      name: basename(path),
      device: String(stat.dev),
      inode: String(stat.ino),
      size: Number(stat.size),
      modifiedNs: stat.mtimeNs,
      handle,
      packed: false,
    };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** CRC-32 of the first `length` bytes, or undefined where the file is shorter. */
export async function headCrc(handle: FileHandle, length: number): Promise<number | undefined> {
  const bytes = await readAt(handle, 0, length);
  return bytes.length < length ? undefined : crc32(bytes);
}

export async function closeAll(members: { handle: FileHandle }[]): Promise<void> {
  for (const { handle } of members) await handle.close().catch(() => undefined);
}

/**
 * The files that rotation made of the log at `path`, without the log itself, the oldest first, each held open.
 * Compressed ones are unpacked where `packedSinceMs` (milliseconds since the epoch) is given and they are not older.
 * What cannot be opened is left out.
 */
export async function rotatedFiles(path: string, packedSinceMs?: number): Promise<Opened[]> {
  // A second listing that finds the same files proves that no rotation moved one past the first.
  for (let attempt = 0; ; attempt++) {
    const first = await openFamily(path, packedSinceMs);
    const second = await openFamily(path);
    await closeAll(second.members);
    const isStill = first.isWhole && second.isWhole && first.listing === second.listing;
    if (isStill || attempt === ATTEMPTS) return first.members.sort(byAge);
    await closeAll(first.members);
    await after(BETWEEN_MS);
  }
}

interface Family {
  members: Opened[];
  listing: string;
  /** Whether all that was listed could be opened, and unpacked where that was asked for. */
  isWhole: boolean;
}

async function openFamily(path: string, packedSinceMs?: number): Promise<Family> {
  const found: Opened[] = [];
  const listing: string[] = [];
  let isWhole = true;
  for (const folderPath of await folders(path)) {
    const base = basename(folderPath);
    const names = await readdir(dirname(folderPath)).catch(() => []);
    for (const name of names) {
      if (name === base || !isOfFamily(name, base)) continue;
      const member = await openMember(join(dirname(folderPath), name)).catch((error) => {
        if (errorCode(error) === 'ENOENT') isWhole = false;
        return undefined;
      });
      if (member === undefined) continue;
      listing.push(`${name} ${member.inode}`);
      if (!isPacked(name)) found.push(member);
      else if (!(await addUnpacked(found, member, packedSinceMs))) isWhole = false;
    }
  }
  return { members: found, listing: listing.sort().join('\n'), isWhole };
}

/** Gives false where a file that should be unpacked is not whole yet. */
async function addUnpacked(found: Opened[], member: Opened, sinceMs: number | undefined): Promise<boolean> {
  const isRecent = sinceMs !== undefined && Number(member.modifiedNs / 1_000_000n) >= sinceMs;
  const isWanted = isRecent && member.name.endsWith('.gz');
  const handle = isWanted ? await unpack(member.handle).catch(() => undefined) : undefined;
  await member.handle.close();
  if (handle !== undefined) found.push({ ...member, handle, packed: true, size: (await handle.stat()).size });
  return !isWanted || handle !== undefined;
}

/** The log may be a link: rotation happens where it points to, or where it lies. */
export async function folders(path: string): Promise<string[]> {
  const real = await realpath(path).catch(() => path);
  return dirname(real) === dirname(path) && basename(real) === basename(path) ? [path] : [path, real];
}
