import { performance } from 'node:perf_hooks';
import type { Backlog } from './backlog.ts';
import type { Limits, MemoryQueues } from './limits.ts';
import { type Entry, keysOf, settle } from './queue.ts';
import type { Store } from './store.ts';

/**
 * What waits longer than this in memory, for the first connection or because the server is slow, is written down. Not
 * sooner: what follows a message on disk must go there too, and a busy source would then write and read every message.
 * Within this time the sources have filled their part of memory and pause, so that the disk can be read to its end.
 */
const PATIENCE_MS = 1_000;
const TICK_MS = 50;
const BATCH_SIZE = 262_144;
/** A small disk has small batches: it is a batch that is dropped when it is full. */
const BATCH_SHARE = 1 / 64;

/** Writes the messages in memory to disk, when that is due. */
export class Flush {
  readonly #memory: MemoryQueues;
  readonly #backlog: Backlog;
  readonly #limits: Limits;
  readonly #batchSize: number;
  #moving = 0;
  #isAway = false;
  #isClosed = false;
  #isRunning = false;
  #tick: NodeJS.Timeout | undefined;

  constructor(memory: MemoryQueues, backlog: Backlog, limits: Limits, diskSize: number) {
    this.#memory = memory;
    this.#backlog = backlog;
    this.#limits = limits;
    this.#batchSize = Math.min(BATCH_SIZE, diskSize * BATCH_SHARE);
  }

  /** Messages on their way from memory to disk. */
  get moving(): number {
    return this.#moving;
  }

  /** Whether messages are being written. */
  get isRunning(): boolean {
    return this.#isRunning;
  }

  /** Looks soon, and again while something waits, whether a flush is due. */
  schedule(): void {
    this.#tick ??= setTimeout(() => this.#flushWhenDue(), TICK_MS);
  }

  /** While the server is away, everything goes to disk at once, what came back first. */
  setAway(isAway: boolean): void {
    this.#isAway = isAway;
    if (isAway && !this.#isClosed) this.start();
  }

  /** Begins to write what waits in memory, where that is not under way. */
  start(): void {
    if (this.#isRunning || this.#memoryLength === 0) return;
    this.#isRunning = true;
    void this.#backlog.use((store) => this.#writeAll(store)).then((isWritten) => this.#ended(isWritten === true));
  }

  /** Writes everything, as far as the disk takes it. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#isAway = true;
    clearTimeout(this.#tick);
    this.#backlog.retryAtOnce();
    // Twice, because the first may find a write under way that began without the last messages.
    for (let i = 0; i < 2; i += 1) {
      this.start();
      await this.#backlog.idle;
    }
  }

  get #memoryLength(): number {
    return this.#memory.returned.length + this.#memory.fresh.length;
  }

  #flushWhenDue(): void {
    this.#tick = undefined;
    if (this.#isClosed) return;
    const nowMs = performance.now();
    const waitedMs = nowMs - (this.#memory.fresh.oldestMs ?? nowMs);
    if (this.#isAway || waitedMs > PATIENCE_MS) this.start();
    this.#limits.dropAgedWhenDue(nowMs);
    if (this.#memoryLength + this.#backlog.length + this.#moving > 0) this.schedule();
  }

  #ended(isWritten: boolean): void {
    this.#isRunning = false;
    if (!this.#isAway) return;
    if (isWritten) {
      // These came during the write.
      this.start();
      return;
    }
    // Nobody should wait for a disk that takes nothing: memory is where these are kept then.
    this.#memory.returned.settleAll();
    this.#memory.fresh.settleAll();
  }

  /** Whether everything was written that waited when it began. */
  async #writeAll(store: Store): Promise<boolean> {
    if (this.#isAway && this.#memory.returned.length > 0) await this.#writeReturned(store);
    while (this.#memory.fresh.length > 0) await this.#writeFresh(store);
    return true;
  }

  async #writeFresh(store: Store): Promise<void> {
    const { fresh } = this.#memory;
    const entries = fresh.dequeueBatch(this.#batchSize);
    this.#moving = entries.length;
    let written: readonly Entry[] = [];
    try {
      written = await this.#limits.makeRoom(store, entries);
      if (written.length > 0) await this.#backlog.append(store, written);
    } catch (error) {
      fresh.putBack(entries);
      throw error;
    } finally {
      this.#moving = 0;
    }
    for (const entry of written) settle(entry);
  }

  async #writeReturned(store: Store): Promise<void> {
    const { returned } = this.#memory;
    const batches: Entry[][] = [];
    while (returned.length > 0) batches.push(returned.dequeueBatch(this.#batchSize));
    const entries = batches.flat();
    const fitting = this.#limits.fitReturned(store, batches);
    this.#moving = entries.length;
    try {
      await this.#backlog.prepend(store, fitting, keysOf(entries));
    } catch (error) {
      returned.putBack(entries);
      throw error;
    } finally {
      this.#moving = 0;
    }
    for (const batch of batches) {
      if (!fitting.includes(batch)) this.#limits.dropEntries(batch);
      else for (const entry of batch) settle(entry);
    }
  }
}
