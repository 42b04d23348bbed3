import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { type FileHandle, open, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { MonitoringError } from '../../errors.ts';
import type { Candidate } from './candidate.ts';
import { unpacking } from './unpacking.ts';

export interface UnpackLimits {
  /** How long the text may be, in bytes. */
  largestBytes: number;
  /** Ends it. */
  signal: AbortSignal;
}

/** No log grows so long between two rotations; a packed file of a megabyte can be made to. */
const LARGEST_BYTES = 1024 ** 3;
/** Nothing new is read meanwhile, in ms. */
const DEADLINE_MS = 60_000;
/** So many files that cannot be unpacked are remembered. */
const REMEMBERED = 256;

/**
 * Unpacks a file into a file without a name, which the system removes when its handle is closed. `name`, by its ending,
 * tells how it is packed. Rejects when the file is not packed so, or not whole, or there is no room, with what `unpacking`
 * rejects with, and with `UNPACKED_TOO_LONG`.
 */
export async function unpack(
  packed: FileHandle,
  name: string,
  { largestBytes, signal }: UnpackLimits,
): Promise<FileHandle> {
  const path = join(tmpdir(), `auth-log-in-${randomUUID()}`);
  const upToLargest = async function* (chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    let bytes = 0;
    for await (const chunk of chunks) {
      bytes += chunk.length;
      if (bytes > largestBytes) throw new MonitoringError('UNPACKED_TOO_LONG', { bytes: largestBytes });
      yield chunk;
    }
  };
  signal.throwIfAborted();
  const { text, ended, close } = unpacking(packed, name);
  try {
    await pipeline(text, upToLargest, createWriteStream(path, { mode: 0o600, flags: 'wx' }), { signal });
    await ended;
    return await open(path, 'r');
  } finally {
    close();
    await rm(path, { force: true }).catch(() => undefined);
  }
}

export interface UnpackerOptions {
  /** Ends what is being unpacked. */
  signal: AbortSignal;
  /** Hears once of a file, by its name, that cannot be unpacked. */
  onFault(name: string, error: unknown): void;
  largestBytes?: number;
  deadlineMs?: number;
}

/** A file that could not be unpacked. */
interface Failure {
  error: unknown;
  /** It was asked for again before the last question. */
  isRepeated: boolean;
  isTold: boolean;
}

/** Unpacks rotated files, each once: one that cannot be unpacked is remembered as long as it does not change. */
export class Unpacker {
  readonly #options: UnpackerOptions;
  readonly #failures = new Map<string, Failure>();

  constructor(options: UnpackerOptions) {
    this.#options = options;
  }

  /**
   * The text of a compressed file; `unfinished` where it may be still being written, and `damaged`. `isLast` says that
   * nobody will ask again soon: a file that was the same at the questions before is damaged.
   */
  async unpack(file: Candidate, isLast: boolean): Promise<FileHandle | 'unfinished' | 'damaged'> {
    const key = `${file.device} ${file.inode} ${file.size} ${file.modifiedNs}`;
    const failure = this.#failures.get(key);
    if (failure !== undefined) return this.#judge(file.name, failure, isLast);
    try {
      return await this.#unpack(file);
    } catch (error) {
      if (!this.#options.signal.aborted) this.#remember(key, error);
      return 'unfinished';
    }
  }

  #judge(name: string, failure: Failure, isLast: boolean): 'unfinished' | 'damaged' {
    if (isLast && failure.isRepeated && !failure.isTold) {
      failure.isTold = true;
      this.#options.onFault(name, failure.error);
    }
    failure.isRepeated = true;
    return failure.isTold ? 'damaged' : 'unfinished';
  }

  #remember(key: string, error: unknown): void {
    this.#failures.set(key, { error, isRepeated: false, isTold: false });
    const [oldest] = this.#failures.keys();
    if (this.#failures.size > REMEMBERED && oldest !== undefined) this.#failures.delete(oldest);
  }

  async #unpack({ handle, name }: Candidate): Promise<FileHandle> {
    const { signal, largestBytes = LARGEST_BYTES, deadlineMs = DEADLINE_MS } = this.#options;
    // Others need the folder for temporary files too, and it may be in memory.
    const { bavail, bsize } = await statfs(tmpdir());
    const deadline = AbortSignal.timeout(deadlineMs);
    try {
      return await unpack(handle, name, {
        largestBytes: Math.min(largestBytes, (bavail * bsize) / 2),
        signal: AbortSignal.any([signal, deadline]),
      });
    } catch (error) {
      if (deadline.aborted) throw new MonitoringError('UNPACKED_TOO_LATE', { seconds: deadlineMs / 1000 });
      throw error;
    }
  }
}
