import type { FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { MonitoringError } from '../../errors.ts';
import { isUtf16 } from '../../file/encoding.ts';
import { FINGERPRINT_BYTES, type Fingerprint } from '../../file/fingerprint.ts';
import { AS_TEXT, type Line, type LineForm, LineSplitter, MAX_LINE_BYTES } from '../../file/line-splitter.ts';
import type { FilePosition } from '../../file/position.ts';
import { type Candidate, modifiedMs } from './candidate.ts';
import { ContinuedIds } from './continued-ids.ts';
import { readAt } from './read-at.ts';

/** Each read wakes a thread. Texts of more than 128 kB, though, are none of V8's young ones. */
const CHUNK_BYTES = 114_688;
/** So many bytes before the offset prove at each read that the file was not cut. */
const GUARD_BYTES = 256;
/** A fingerprint of fewer bytes does not tell one file from another. */
const TELLING_BYTES = 16;
const NEWLINE = 10;
const NOTHING = Buffer.alloc(0);

/** What came of one read. */
interface Chunk {
  readonly buffer: Buffer;
  readonly bytesRead: number;
  /** How many bytes at its beginning were read before. */
  readonly guardBytes: number;
}

/** `replaced`: what was read before is no longer in the file, so it was cut or written anew. */
export type ChunkResult = 'more' | 'end' | 'replaced';

/**
 * One file, held open and read in chunks at our own offset, so that rename and delete do not touch it. Each read takes
 * the last bytes of the read before along and compares them. A cut file is therefore noticed even when it has grown past
 * the offset again: the new bytes and the proof that they continue the old ones come from the same read.
 */
export class OpenLog {
  readonly handle: FileHandle;
  readonly device: string;
  readonly inode: string;
  /** A copy or an unpacked file. Nobody writes to it, so what it lacks at its end will not come. */
  readonly isComplete: boolean;
  /** Where the link that it was opened by led to. */
  readonly target: string | undefined;
  /** When bytes were last read from it, in ms of a steady clock. */
  grownMs: number;
  /** The same by the clock of this host, in ms since the epoch. */
  readMs = Date.now();
  /** When its length was last asked for, in ms of a steady clock. */
  lookedMs = 0;
  /** Whether its writer was seen in a later file. */
  hasSuccessor = false;
  readonly #ids: ContinuedIds;
  readonly #splitter: LineSplitter;
  #modifiedNs: bigint;
  /** Up to where it was read, in bytes. */
  #readTo = 0;
  /** The first bytes, up to `FINGERPRINT_BYTES`. */
  #head: Buffer = NOTHING;
  #headCrc: number | undefined;
  /** The last bytes that were read. */
  #guard: Buffer = NOTHING;
  /** The next chunk, which is read while the lines of the one before are handed on. */
  #ahead: Promise<Chunk> | undefined;
  /** What was read last, and what is read next: nothing keeps a chunk longer. Memory of this size goes past V8's young one. */
  #memory: [Buffer, Buffer] = [NOTHING, NOTHING];

  /** `nowMs`: of a steady clock, here and below. */
  constructor(
    candidate: Candidate,
    nowMs: number,
    form: LineForm = AS_TEXT,
    isComplete: boolean = candidate.isUnpacked,
  ) {
    this.#ids = new ContinuedIds(form, () => this.#head);
    this.#splitter = new LineSplitter(this.#ids.giver, form);
    this.handle = candidate.handle;
    this.device = candidate.device;
    this.inode = candidate.inode;
    this.target = candidate.target;
    this.isComplete = isComplete;
    this.#modifiedNs = candidate.modifiedNs;
    this.grownMs = nowMs;
  }

  /** Where the first line begins that was not given out yet, in bytes. */
  get position(): number {
    return this.#splitter.position;
  }

  /** How far it was read, for the checkpoint. */
  get filePosition(): FilePosition {
    const { device, inode, fingerprint: head, position, modifiedMs, target } = this;
    const { lastHashes } = this.#ids;
    const lastLines = lastHashes.length === 0 ? {} : { lastLines: lastHashes };
    const link = target === undefined ? {} : { target };
    return { device, inode, head, position, modifiedMs, ...lastLines, ...link };
  }

  get readTo(): number {
    return this.#readTo;
  }

  /** When it was last changed, in ms since the epoch; it tells the years that lines leave out. */
  get modifiedMs(): number {
    return modifiedMs({ modifiedNs: this.#modifiedNs });
  }

  /** When it was last changed, in nanoseconds since the epoch. */
  get modifiedNs(): bigint {
    return this.#modifiedNs;
  }

  get fingerprint(): Fingerprint {
    this.#headCrc ??= crc32(this.#head);
    return { length: this.#head.length, crc: this.#headCrc };
  }

  /** Asks the system for the length of the file, in bytes, and for its last change. */
  async look(nowMs: number): Promise<number> {
    this.lookedMs = nowMs;
    const { size, mtimeNs } = await this.handle.stat({ bigint: true });
    // An unpacked file was changed when it was unpacked, which says nothing.
    if (!this.isComplete) this.#modifiedNs = mtimeNs;
    return Number(size);
  }

  /** Whether it was read to its end and has no name any more, so that nothing can come. */
  async hasEnded(): Promise<boolean> {
    const { size, nlink } = await this.handle.stat();
    return nlink === 0 && this.#readTo >= size;
  }

  /** Goes to the start of a line, up to which the file was read before, and reads the proof of what precedes it. */
  async seek(position: number): Promise<void> {
    this.#ahead = undefined;
    // What is read ahead may still be written into its memory.
    this.#memory = [NOTHING, NOTHING];
    this.#readTo = position;
    this.#splitter.restart(position);
    this.#head = await readAt(this.handle, 0, Math.min(FINGERPRINT_BYTES, position));
    this.#headCrc = undefined;
    const from = Math.max(0, position - GUARD_BYTES);
    this.#guard = await readAt(this.handle, from, position - from);
    await this.#ids.countBefore(this.handle, position);
  }

  /** Goes to the start of the last line that begins at or before `size`, so that a half-written one is read whole. */
  async seekLineStart(size: number): Promise<void> {
    const from = Math.max(0, size - MAX_LINE_BYTES);
    const last = await readAt(this.handle, from, size - from);
    const newline = last.lastIndexOf(NEWLINE);
    await this.seek(newline === -1 && from > 0 ? size : from + newline + 1);
  }

  /** Whether `other` has the same bytes up to where this file was read: it is a copy, or this file under a new inode. */
  async isContinuedBy(other: FileHandle, otherSize: number): Promise<boolean> {
    const isTelling = this.#head.length >= TELLING_BYTES || (this.position === 0 && this.#readTo > 0);
    if (otherSize < this.#readTo || !isTelling) return false;
    const head = await readAt(other, 0, this.#head.length);
    const guard = await readAt(other, this.#readTo - this.#guard.length, this.#guard.length);
    return head.equals(this.#head) && guard.equals(this.#guard);
  }

  /** Gives the unfinished line at the end as it is, because its rest will not come. */
  flush(): Line[] {
    return this.#splitter.flush(this.#readTo);
  }

  /** Reads one chunk, at most up to `limit`, and puts its finished lines into `lines`. Rejects with the system's error. */
  async readChunk(lines: Line[], limit: number, nowMs: number): Promise<ChunkResult> {
    if (this.#readTo > limit) return 'end';
    const ahead = this.#ahead ?? this.#read(limit);
    this.#ahead = undefined;
    const { buffer, bytesRead, guardBytes } = await ahead;
    const isSame = bytesRead >= guardBytes && buffer.compare(this.#guard, 0, guardBytes, 0, guardBytes) === 0;
    if (!isSame) return 'replaced';
    if (bytesRead === guardBytes) return 'end';
    if (this.#readTo === 0 && isUtf16(buffer.subarray(0, bytesRead))) throw new MonitoringError('NOT_UTF8');
    const chunk = buffer.subarray(guardBytes, bytesRead);
    const chunkAt = this.#readTo;
    this.grownMs = nowMs;
    this.readMs = Date.now();
    this.#remember(buffer.subarray(0, bytesRead), chunk);
    this.#splitter.split(chunk, chunkAt, lines);
    this.#ids.remember(lines);
    if (bytesRead < buffer.length) return 'end';
    if (this.#readTo < limit) {
      this.#ahead = this.#read(limit);
      // Whoever asks for the chunk hears of the error. Perhaps nobody asks.
      this.#ahead.catch(() => undefined);
    }
    return 'more';
  }

  async #read(limit: number): Promise<Chunk> {
    const guardBytes = this.#guard.length;
    const buffer = this.#memoryOf(guardBytes + Math.min(CHUNK_BYTES, limit - this.#readTo));
    const { bytesRead } = await this.handle.read(buffer, 0, buffer.length, this.#readTo - guardBytes);
    return { buffer, bytesRead, guardBytes };
  }

  #memoryOf(bytes: number): Buffer {
    const [last, next] = this.#memory;
    if (bytes < CHUNK_BYTES) return Buffer.allocUnsafe(bytes);
    const memory = next.length === 0 ? Buffer.allocUnsafeSlow(CHUNK_BYTES + GUARD_BYTES) : next;
    this.#memory = [memory, last];
    return memory.subarray(0, bytes);
  }

  /** Keeps what the next read and the fingerprint need of a chunk. `read`: the chunk with the guard before it. */
  #remember(read: Buffer, chunk: Buffer): void {
    if (this.#head.length < FINGERPRINT_BYTES && this.#head.length === this.#readTo) {
      this.#head = Buffer.concat([this.#head, chunk.subarray(0, FINGERPRINT_BYTES - this.#head.length)]);
      this.#headCrc = undefined;
    }
    this.#guard = Buffer.from(read.subarray(Math.max(0, read.length - GUARD_BYTES)));
    this.#readTo += chunk.length;
  }
}
