import { randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';

/**
 * Unpacks a gzip file into a file without a name, which the system removes when its handle is closed. Rejects when the
 * file is not gzip, or not whole, or there is no room.
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
