import { CHUNK_HEADER_BYTES, CHUNK_MAGIC, CHUNKS_WITHIN_MS, MOST_CHUNKS } from '../../../lib/gelf-limits.ts';
import { KEPT_BYTES, type SharedRoom } from '../shared-room.ts';

interface Unfinished {
  readonly sender: string;
  readonly id: string;
  readonly count: number;
  readonly atMs: number;
  readonly pieces: (Buffer | undefined)[];
  missing: number;
  bytes: number;
  /** What it takes of the room, in bytes. */
  held: number;
}

export interface ChunkOptions {
  readonly room: SharedRoom;
  /** The largest message, in bytes. */
  readonly mostBytes: number;
  /** Hears that a message is given up: its chunks did not all come, or there was no room. */
  lost(reason: 'chunksMissing' | 'full' | 'tooLarge', sender: string): void;
}

/** Unfinished messages at most, and ids of finished ones that are remembered. */
const MOST_MESSAGES = 4_096;
const OWN_SHARE = 1 / 2;
const ID_START = 2;
const ID_END = 10;
const NUMBER_AT = 10;
const COUNT_AT = 11;

/** Whether a datagram is a chunk of a message. */
export function isChunk(datagram: Buffer): boolean {
  return datagram.length >= 2 && datagram.readUInt16BE(0) === CHUNK_MAGIC;
}

/**
 * Puts messages together that came in chunks. Senders make the same ids, so a message is known by its sender's address and
 * id. What is finished is remembered for as long as a chunk may be late: a late copy is no new message.
 */
export class ChunkStore {
  readonly #options: ChunkOptions;
  /** By sender, then by id; each in the order in which they began. */
  readonly #bySender = new Map<string, Map<string, Unfinished>>();
  /** All of them, the oldest first. */
  readonly #all = new Set<Unfinished>();
  readonly #finished = new Map<string, number>();

  constructor(options: ChunkOptions) {
    this.#options = options;
  }

  /** Messages that are not complete. */
  get size(): number {
    return this.#all.size;
  }

  /**
   * Takes a chunk. Gives the message where it is complete now, `badChunk` where its header is wrong, else undefined.
   * `nowMs`: a steady clock.
   */
  add(chunk: Buffer, sender: string, nowMs: number): Buffer | 'badChunk' | undefined {
    const number = chunk[NUMBER_AT] ?? 0;
    const count = chunk[COUNT_AT] ?? 0;
    if (chunk.length < CHUNK_HEADER_BYTES || count === 0 || count > MOST_CHUNKS || number >= count) return 'badChunk';
    const id = chunk.toString('latin1', ID_START, ID_END);
    const known = this.#bySender.get(sender)?.get(id);
    if (known === undefined && this.#finished.has(sender + id)) return undefined;
    if (known !== undefined && known.count !== count) return 'badChunk';
    const message = known ?? this.#begin(sender, id, count, nowMs);
    if (message.pieces[number] !== undefined) return undefined;
    return this.#put(message, number, chunk, nowMs);
  }

  /** Gives up what has not become complete in time, and forgets finished ids. To be called now and then. */
  expire(nowMs: number): void {
    for (const message of this.#all) {
      if (nowMs - message.atMs < CHUNKS_WITHIN_MS) break;
      this.#giveUp(message, 'chunksMissing');
    }
    for (const [key, atMs] of this.#finished) {
      if (nowMs - atMs < CHUNKS_WITHIN_MS) break;
      this.#finished.delete(key);
    }
  }

  #put(message: Unfinished, number: number, chunk: Buffer, nowMs: number): Buffer | undefined {
    const { room, mostBytes } = this.#options;
    // A copy: a datagram is a piece of a larger buffer.
    const piece = Buffer.from(chunk.subarray(CHUNK_HEADER_BYTES));
    if (message.bytes + piece.length > mostBytes) {
      this.#giveUp(message, 'tooLarge');
      return undefined;
    }
    const held = piece.length + KEPT_BYTES;
    while (!room.take(message.sender, held)) {
      const oldest = this.#oldestOf(message);
      if (oldest === undefined) {
        this.#giveUp(message, 'full');
        return undefined;
      }
      this.#giveUp(oldest, 'full');
    }
    message.pieces[number] = piece;
    message.bytes += piece.length;
    message.held += held;
    message.missing -= 1;
    if (message.missing > 0) return undefined;
    this.#remove(message);
    this.#finished.set(message.sender + message.id, nowMs);
    if (this.#finished.size > MOST_MESSAGES) this.#finished.delete(firstOf(this.#finished.keys()) ?? '');
    return Buffer.concat(message.pieces as Buffer[], message.bytes);
  }

  /** The oldest other message of the same sender, else that of anybody. */
  #oldestOf(message: Unfinished): Unfinished | undefined {
    const own = this.#bySender.get(message.sender)?.values() ?? [];
    for (const one of own) if (one !== message) return one;
    for (const one of this.#all) if (one !== message) return one;
    return undefined;
  }

  #begin(sender: string, id: string, count: number, nowMs: number): Unfinished {
    const own = this.#bySender.get(sender) ?? new Map<string, Unfinished>();
    if (this.#all.size >= MOST_MESSAGES) {
      const isGreedy = own.size >= MOST_MESSAGES * OWN_SHARE;
      const oldest = isGreedy ? firstOf(own.values()) : firstOf(this.#all);
      if (oldest !== undefined) this.#giveUp(oldest, 'full');
    }
    const pieces = new Array<Buffer | undefined>(count);
    const message: Unfinished = { sender, id, count, atMs: nowMs, pieces, missing: count, bytes: 0, held: 0 };
    own.set(id, message);
    this.#bySender.set(sender, own);
    this.#all.add(message);
    return message;
  }

  #giveUp(message: Unfinished, reason: 'chunksMissing' | 'full' | 'tooLarge'): void {
    this.#remove(message);
    this.#options.lost(reason, message.sender);
  }

  #remove(message: Unfinished): void {
    const { sender, id, held } = message;
    this.#all.delete(message);
    const own = this.#bySender.get(sender);
    own?.delete(id);
    if (own?.size === 0) this.#bySender.delete(sender);
    this.#options.room.release(sender, held);
  }
}

function firstOf<T>(items: Iterable<T>): T | undefined {
  for (const item of items) return item;
  return undefined;
}
