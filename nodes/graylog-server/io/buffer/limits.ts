import { MonitoringError } from '../../../../lib/errors.ts';
import type { Backlog } from './backlog.ts';
import type { FreshQueue } from './fresh-queue.ts';
import { HourlyCount } from './hourly-count.ts';
import { type Entry, keysOf, type Queue, settle } from './queue.ts';
import type { StorageEvent } from './reopening-store.ts';
import { batchBytes } from './sealed-batch.ts';
import type { Store } from './store.ts';

export interface LimitOptions {
  /** What may wait in memory where the disk cannot take it, in characters. */
  readonly memorySize: number;
  /** What the files on disk may take, in bytes. */
  readonly diskSize: number;
  /** What is older is dropped, in ms; 0 keeps everything. */
  readonly maxAgeMs: number;
  /** What is dropped when there is no room. */
  readonly overflow: 'oldest' | 'newest';
  onStorage(event: StorageEvent, error?: unknown): void;
  onDropped(count: number): void;
}

/** The messages in memory: `returned` came back from a connection that failed and comes before what is on disk. */
export interface MemoryQueues {
  readonly returned: Queue;
  /** What was taken in last, behind everything on disk. */
  readonly fresh: FreshQueue;
}

const AGE_CHECK_MS = 60_000;
/** Readers pause long before memory runs out: the rest is for sources that cannot wait. */
const PAUSE_SHARE = 1 / 4;
/** Memory is written to disk when it holds this part of its bound. */
const FLUSH_SHARE = 1 / 3;
/** The rest of the disk's bound is for what LevelDB has not thrown away yet. */
const DISK_SHARE = 0.95;
/** So much is dropped at once where the disk is full: each time costs more than a write. */
const FREED_SHARE = 1 / 32;

/** The bounds of a buffer: what is dropped when it is full, or too old. */
export class Limits {
  readonly #options: LimitOptions;
  readonly #memory: MemoryQueues;
  readonly #backlog: Backlog;
  readonly #aged: HourlyCount;
  #nextAgeCheckMs = 0;

  constructor(options: LimitOptions, memory: MemoryQueues, backlog: Backlog) {
    this.#options = options;
    this.#memory = memory;
    this.#backlog = backlog;
    this.#aged = new HourlyCount((count) => options.onStorage('aged', new MonitoringError('RECORDS_AGED', { count })));
  }

  /** How full the buffer is, from 0 to 1, where it is fuller: on disk, or in memory when the disk takes nothing. */
  get fillLevel(): number {
    const memory = this.#memorySize / (this.#options.memorySize * PAUSE_SHARE);
    return Math.max(memory, this.#diskRoom === 0 ? 0 : this.#backlog.size / this.#diskRoom);
  }

  /** Whether so much waits in memory that it should go to disk. */
  get isFlushDue(): boolean {
    return this.#memory.fresh.size > this.#options.memorySize * FLUSH_SHARE;
  }

  /** Whether a message of `size` characters may come in. With the policy "oldest" others make room for it. */
  admits(size: number): boolean {
    const { memorySize, overflow } = this.#options;
    return overflow !== 'newest' || this.#memorySize + size <= memorySize;
  }

  /** Drops the oldest messages in memory until the others fit, but for the last one. What is on disk is only forgotten. */
  trimMemory(): void {
    const { returned, fresh } = this.#memory;
    while (this.#memorySize > this.#options.memorySize && returned.length + fresh.length > 1) {
      const stored = returned.dequeueStored();
      if (stored.length > 0) {
        this.#backlog.unread(stored);
        continue;
      }
      const oldest = returned.dequeue() ?? fresh.dequeue();
      if (oldest !== undefined) settle(oldest, new MonitoringError('BUFFER_FULL'));
      this.#options.onDropped(1);
    }
  }

  /** Makes room on disk. Gives the entries that have room: with the policy "newest" none of those that do not fit. */
  async makeRoom(store: Store, entries: readonly Entry[]): Promise<readonly Entry[]> {
    const { overflow } = this.#options;
    const size = batchBytes(entries.map(({ text }) => text));
    if (store.size + size <= this.#diskRoom) return entries;
    if (overflow === 'newest') {
      this.dropEntries(entries);
      return [];
    }
    const excess = store.size + size - this.#diskRoom;
    await this.#backlog.dropForRoom(store, Math.max(excess, this.#diskRoom * FREED_SHARE));
    return entries;
  }

  /**
   * What of the batches that came back has room on disk, where those that they were read from make room. The policy says
   * which of them go: they are older than all others.
   */
  fitReturned(store: Store, batches: readonly Entry[][]): readonly Entry[][] {
    const { overflow } = this.#options;
    let room = this.#diskRoom - store.size;
    for (const { size } of keysOf(batches.flat())) room += size;
    const ordered = overflow === 'oldest' ? [...batches].reverse() : batches;
    const kept = ordered.filter((batch) => {
      room -= batchBytes(batch.map(({ text }) => text));
      return room >= 0;
    });
    return overflow === 'oldest' ? kept.reverse() : kept;
  }

  /** Whether batches of this content have room on disk as it is. */
  hasRoom(store: Store, batches: readonly (readonly string[])[]): boolean {
    return store.size + batches.reduce((sum, texts) => sum + batchBytes(texts), 0) <= this.#diskRoom;
  }

  /** Drops what is too old on disk; looks once a minute. `nowMs`: a steady clock. */
  dropAgedWhenDue(nowMs: number): void {
    if (nowMs <= this.#nextAgeCheckMs || this.#options.maxAgeMs === 0 || this.#backlog.length === 0) return;
    this.#nextAgeCheckMs = nowMs + AGE_CHECK_MS;
    void this.#backlog.use((store) => this.#dropAged(store));
  }

  /** Counts messages that had no room on disk. */
  dropEntries(entries: readonly Entry[]): void {
    for (const entry of entries) settle(entry, new MonitoringError('BUFFER_FULL'));
    if (entries.length > 0) this.#options.onDropped(entries.length);
  }

  get #diskRoom(): number {
    return this.#options.diskSize * DISK_SHARE;
  }

  get #memorySize(): number {
    return this.#memory.returned.size + this.#memory.fresh.size;
  }

  async #dropAged(store: Store): Promise<void> {
    let dropped = 0;
    for (;;) {
      const oldest = await this.#backlog.oldestUnread(store);
      if (oldest === undefined || (this.#backlog.ageMs(oldest) ?? 0) <= this.#options.maxAgeMs) break;
      await this.#backlog.dropUnread(store, oldest);
      dropped += oldest.count;
    }
    if (dropped > 0) this.#aged.add(dropped);
  }
}
