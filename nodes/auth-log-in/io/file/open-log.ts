import { isAscii } from 'node:buffer';
import type { FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import type { FilePosition, Fingerprint, Held, Line } from '../../file/identity.ts';
import { cutText, GUARD_BYTES, HEAD_BYTES, MAX_LINE_BYTES } from '../../file/identity.ts';
import { hex32 } from './hex.ts';
import { readAt } from './read-at.ts';

const CHUNK_BYTES = 65_536;
const NEWLINE = 10;
const NUL = 0;

/** What came of one read. */
interface Chunk {
  readonly buffer: Buffer;
  readonly bytesRead: number;
  /** Bytes at its beginning that were read before. */
  readonly guarded: number;
}

/** `replaced`: what was read before is no longer in the file, so it was cut or written anew. */
export type ChunkResult = 'more' | 'end' | 'replaced';

const NOTHING = Buffer.alloc(0);

/**
 * One file held open and read in chunks at our own offset: rename and delete do not touch it. Each read takes the last
 * bytes read before along and compares them, so that a file that was cut is noticed even when it has grown past the
 * offset again: the new bytes and the proof that they continue the old ones come from the same read.
 */
export class OpenLog {
  readonly handle: FileHandle;
  readonly device: string;
  readonly inode: string;
  /** A copy or an unpacked file, which nobody writes to: what it lacks at its end will not come. */
  readonly complete: boolean;
  /** Milliseconds since the epoch when bytes were last read from it. */
  grownMs: number;
  private changedNs: bigint;
  /** Milliseconds since the epoch when its length was last looked at. */
  lookedMs = 0;
  /** Whether its writer was seen in a later file. */
  isLeft = false;
  private readAt = 0;
  private lineAt = 0;
  private head: Buffer = NOTHING;
  private headCrc: number | undefined;
  private firstLineCrc: string | undefined;
  private guard: Buffer = NOTHING;
  private pending: Buffer[] = [];
  private pendingBytes = 0;
  /** The next chunk, on its way while the lines of the one before are handed on. */
  private ahead: Promise<Chunk> | undefined;

  constructor(handle: FileHandle, held: Held, nowMs: number) {
    this.handle = handle;
    this.device = held.device;
    this.inode = held.inode;
    this.complete = held.complete ?? false;
    this.changedNs = held.modifiedNs;
    this.grownMs = nowMs;
  }

  /** Start of the first line that was not given out yet, in bytes. */
  get position(): number {
    return this.lineAt;
  }

  get place(): FilePosition {
    const { device, inode, fingerprint: head, position, modifiedMs } = this;
    return { device, inode, head, position, modifiedMs };
  }

  /** Up to where it was read, in bytes. */
  get readTo(): number {
    return this.readAt;
  }

  /** Milliseconds since the epoch: when it was last changed, for years that the lines leave out. */
  get modifiedMs(): number {
    return Number(this.changedNs / 1_000_000n);
  }

  /** Looks how long the file is now, in bytes, and when it was last changed. */
  async look(nowMs: number): Promise<number> {
    this.lookedMs = nowMs;
    const { size, mtimeNs } = await this.handle.stat({ bigint: true });
    // An unpacked file was changed when it was unpacked, which says nothing.
    if (!this.complete) this.changedNs = mtimeNs;
    return Number(size);
  }

  /** Nanoseconds since the epoch: when it was last changed. */
  get modifiedNs(): bigint {
    return this.changedNs;
  }

  get fingerprint(): Fingerprint {
    this.headCrc ??= crc32(this.head);
    return { length: this.head.length, crc: this.headCrc };
  }

  /** Goes to a position that was read up to before (a line's start), and takes proof of what precedes it from the file. */
  async seek(position: number): Promise<void> {
    this.ahead = undefined;
    this.readAt = position;
    this.lineAt = position;
    this.pending = [];
    this.pendingBytes = 0;
    this.head = await this.bytes(0, Math.min(HEAD_BYTES, position));
    this.headCrc = undefined;
    this.firstLineCrc = undefined;
    const from = Math.max(0, position - GUARD_BYTES);
    this.guard = await this.bytes(from, position - from);
  }

  /** Goes to the start of the last line that begins at or before `size`, so that a half-written one is read whole. */
  async seekLineStart(size: number): Promise<void> {
    const from = Math.max(0, size - MAX_LINE_BYTES);
    const last = await this.bytes(from, size - from);
    const newline = last.lastIndexOf(NEWLINE);
    await this.seek(newline === -1 && from > 0 ? size : from + newline + 1);
  }

  /** Whether `other` holds, up to where this file was read, the same bytes: a copy, or this file under a new inode. */
  async isContinuedBy(other: FileHandle, otherSize: number): Promise<boolean> {
    const isTelling = this.head.length >= 16 || (this.lineAt === 0 && this.readAt > 0);
    if (otherSize < this.readAt || !isTelling) return false;
    const head = await readAt(other, 0, this.head.length);
    const guard = await readAt(other, this.readAt - this.guard.length, this.guard.length);
    return head.equals(this.head) && guard.equals(this.guard);
  }

  /** The unfinished line at the end, given out as it is because its rest will not come. */
  flush(): Line[] {
    if (this.pendingBytes === 0) return [];
    const line = this.finish(NOTHING);
    this.lineAt = this.readAt;
    return line === undefined ? [] : [line];
  }

  /** Reads one chunk, at most up to `limit`, and puts its finished lines into `lines`. Rejects with the system's error. */
  async readChunk(lines: Line[], limit: number, nowMs: number): Promise<ChunkResult> {
    if (this.readAt > limit) return 'end';
    const { ahead = this.read(limit) } = this;
    this.ahead = undefined;
    const { buffer, bytesRead, guarded } = await ahead;
    if (bytesRead < guarded || buffer.compare(this.guard, 0, guarded, 0, guarded) !== 0) return 'replaced';
    if (bytesRead === guarded) return 'end';
    const chunk = buffer.subarray(guarded, bytesRead);
    this.grownMs = nowMs;
    this.remember(buffer.subarray(0, bytesRead), chunk);
    this.split(chunk, lines);
    if (bytesRead < buffer.length) return 'end';
    if (this.readAt < limit) {
      this.ahead = this.read(limit);
      // Whoever asks for the chunk hears of the error; nobody may ask.
      this.ahead.catch(() => undefined);
    }
    return 'more';
  }

  private async read(limit: number): Promise<Chunk> {
    const guarded = this.guard.length;
    const buffer = Buffer.allocUnsafe(guarded + Math.min(CHUNK_BYTES, limit - this.readAt));
    const { bytesRead } = await this.handle.read(buffer, 0, buffer.length, this.readAt - guarded);
    return { buffer, bytesRead, guarded };
  }

  private remember(guarded: Buffer, chunk: Buffer): void {
    if (this.head.length < HEAD_BYTES && this.head.length === this.readAt) {
      this.head = Buffer.concat([this.head, chunk.subarray(0, HEAD_BYTES - this.head.length)]);
      this.headCrc = undefined;
    }
    this.guard = Buffer.from(guarded.subarray(Math.max(0, guarded.length - GUARD_BYTES)));
    this.readAt += chunk.length;
  }

  private split(chunk: Buffer, lines: Line[]): void {
    const first = chunk.indexOf(NEWLINE);
    if (first === -1) {
      this.keep(chunk);
      return;
    }
    const line = this.finish(chunk.subarray(0, first));
    if (line !== undefined) lines.push(line);
    const last = chunk.lastIndexOf(NEWLINE);
    this.lineAt = this.readAt - chunk.length + first + 1;
    const middle = chunk.subarray(first + 1, last + 1);
    // One text for the whole chunk is several times faster than one per line, and right where a byte is a character.
    if (isAscii(middle) && !middle.includes(NUL)) this.splitText(middle.toString('latin1'), lines);
    else this.splitBytes(middle, lines);
    if (last + 1 < chunk.length) this.keep(chunk.subarray(last + 1));
  }

  private splitText(text: string, lines: Line[]): void {
    const base = this.lineAt;
    let from = 0;
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', from)) {
      const stop = end > from && text.charCodeAt(end - 1) === 13 ? end - 1 : end;
      if (stop > from) {
        const line = text.slice(from, stop);
        lines.push({ text: line, id: this.id(base + from, line) });
      }
      from = end + 1;
    }
    this.lineAt = base + from;
  }

  private splitBytes(bytes: Buffer, lines: Line[]): void {
    let from = 0;
    for (let end = bytes.indexOf(NEWLINE); end !== -1; end = bytes.indexOf(NEWLINE, from)) {
      const line = this.line(bytes.subarray(from, end), this.lineAt, 0);
      if (line !== undefined) lines.push(line);
      this.lineAt += end + 1 - from;
      from = end + 1;
    }
  }

  private finish(rest: Buffer): Line | undefined {
    this.keep(rest);
    const [only = NOTHING] = this.pending;
    const kept = this.pending.length > 1 ? Buffer.concat(this.pending) : only;
    const line = this.line(kept, this.lineAt, this.pendingBytes - kept.length);
    this.pending = [];
    this.pendingBytes = 0;
    return line;
  }

  /** Keeps a piece of an unfinished line. What a copytruncate leaves as NUL before the first byte is not part of it. */
  private keep(piece: Buffer): void {
    let start = 0;
    if (this.pendingBytes === 0) {
      while (start < piece.length && piece[start] === NUL) start++;
      this.lineAt += start;
    }
    if (start === piece.length) return;
    const room = MAX_LINE_BYTES - Math.min(this.pendingBytes, MAX_LINE_BYTES);
    // A copy, because the piece would hold on to its whole chunk.
    if (room > 0) this.pending.push(Buffer.from(piece.subarray(start, start + room)));
    this.pendingBytes += piece.length - start;
  }

  private line(bytes: Buffer, at: number, dropped: number): Line | undefined {
    let start = 0;
    let end = bytes.length;
    while (start < end && bytes[start] === NUL) start++;
    if (end > start && dropped === 0 && bytes[end - 1] === 13) end--;
    if (end === start) return undefined;
    const text = bytes.toString('utf8', start, end).replaceAll('\0', '\u{fffd}');
    const id = this.id(at + start, text);
    return { text: dropped > 0 ? cutText(text, end - start + dropped) : text, id };
  }

  /**
   * Of the file's first line, the place and the line itself: a rename, a copy and packing change none of them, as they
   * change a file's inode, and no two logs begin with the same stamped line.
   */
  private id(at: number, text: string): string {
    if (this.firstLineCrc === undefined) {
      const end = this.head.indexOf(NEWLINE);
      this.firstLineCrc = hex32(crc32(end === -1 ? this.head : this.head.subarray(0, end)));
    }
    return `${this.firstLineCrc}-${at}-${hex32(crc32(text))}`;
  }

  private bytes(from: number, length: number): Promise<Buffer> {
    return readAt(this.handle, from, length);
  }
}
