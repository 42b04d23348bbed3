import { randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';

/**
 * The text of a gzip file as a file held open that has no name any more, so that it goes when it is closed.
 * Rejects when the file is not gzip or there is no room.
 */
export async function unpack(packed: FileHandle): Promise<FileHandle> {
  const path = join(tmpdir(), `auth-log-in-${randomUUID()}`);
  try {
    await pipeline(
      createReadStream('', { fd: packed, autoClose: false, start: 0 }),
      createGunzip(),
      createWriteStream(path, { mode: 0o600, flags: 'wx' }),
    );
    return await open(path, 'r');
  } finally {
    await rm(path, { force: true });
  }
}
