import { performance } from 'node:perf_hooks';
import { MonitoringError } from '../../../../lib/errors.ts';
import { FramePool } from '../ship/frame-pool.ts';
import { AgeClock, type ClockSources, systemClock } from './age-clock.ts';
import { Backlog, type BacklogOptions } from './backlog.ts';
import { type BatchKey, SEPARATOR } from './batch-key.ts';
import { Flush } from './flush.ts';
import { FreshQueue } from './fresh-queue.ts';
import { type LimitOptions, Limits } from './limits.ts';
import type { PackedBatch } from './packed-batch.ts';
import { type Done, type Entry, markStored, Queue, settle } from './queue.ts';
import { RefusedFile, refusedPath } from './refused-file.ts';

export interface BufferOptions extends LimitOptions, Omit<BacklogOptions, 'onChange'> {
  /** Hears how full the buffer is, from 0 to 1, whenever that has changed. */
  onShare?(share: number): void;
  /** Where the time comes from; the machine's clocks where it is not given. */
  readonly clock?: ClockSources;
  /** Where the memory of packed messages comes from. */
  readonly frames?: FramePool;
}

/**
 * What was taken in and has not arrived yet: memory first, disk when the server is away or slow, in order over both.
 * Three parts, oldest first: what came back from a connection that failed, the backlog on disk, and what is fresh.
 */
export class RecordBuffer {
  readonly #options: BufferOptions;
  readonly #returned = new Queue();
  readonly #backlog: Backlog;
  readonly #fresh: FreshQueue;
  readonly #limits: Limits;
  readonly #flush: Flush;
  readonly #refused: RefusedFile;
  #share = 0;

  constructor(options: BufferOptions) {
    this.#options = options;
    this.#fresh = new FreshQueue(options.frames ?? new FramePool());
    const memory = { returned: this.#returned, fresh: this.#fresh };
    const onFound = (): void => {
      // Also what nothing new comes to grows too old.
      this.#flush.schedule();
      options.onFound();
    };
    const onDropped = (count: number): void => {
      options.onDropped(count);
      this.#tellShare();
    };
    const told = { ...options, onFound, onDropped, onChange: () => this.#tellShare() };
    this.#backlog = new Backlog(told, new AgeClock(options.clock ?? systemClock(), []));
    this.#limits = new Limits(told, memory, this.#backlog);
    this.#flush = new Flush(memory, this.#backlog, this.#limits, options.diskSize);
    const path = options.path === undefined ? undefined : refusedPath(options.path);
    this.#refused = new RefusedFile(path, (error) => options.onStorage('refused', error));
  }

  /** Messages that wait, also on a disk that cannot be read at the moment. */
  get waiting(): number {
    return this.#returned.length + this.#backlog.waiting + this.#flush.moving + this.#fresh.length;
  }

  /** Messages that wait and can be taken out. */
  get length(): number {
    return this.#returned.length + this.#backlog.length + this.#flush.moving + this.#fresh.length;
  }

  /** Characters that wait in memory. */
  get memorySize(): number {
    return this.#returned.size + this.#fresh.size;
  }

  /** When the message that waits longest was taken in, in ms of a steady clock; undefined when none waits. */
  get oldestMs(): number | undefined {
    return this.#returned.oldest?.atMs ?? this.#backlog.oldestMs ?? this.#fresh.oldestMs;
  }

  /** When the oldest of those in memory alone was taken in, in ms of a steady clock; undefined where there is none. */
  get oldestInMemoryMs(): number | undefined {
    // Between memory and disk nothing says how old it is.
    if (this.#flush.moving > 0) return 0;
    return this.#returned.oldest?.atMs ?? this.#fresh.oldestMs;
  }

  /** How full it is, from 0 to 1, where it is fuller: on disk, or in memory when the disk takes nothing. */
  get fillLevel(): number {
    return this.#limits.fillLevel;
  }

  /** Takes up what an earlier run left. */
  open(): Promise<void> {
    return this.#backlog.open();
  }

  /** Takes a message in. `done` is called once: when it is kept or has left, or with `BUFFER_FULL` or `CLOSED`. */
  enqueue(text: string, done: Done): void {
    this.enqueueAll(text + SEPARATOR, 1, done);
  }

  /** Takes `count` messages in, each followed by a NUL. `done` is called once for each of them. */
  enqueueAll(messages: string | Buffer, count: number, done: Done): void {
    if (!this.#limits.admits(messages.length)) {
      this.#refuse(messages, count, done);
      return;
    }
    this.#fresh.enqueue(messages, count, done, performance.now());
    this.#limits.trimMemory();
    if (this.#limits.isFlushDue) this.#flush.start();
    this.#flush.schedule();
    this.#tellShare();
  }

  /** Whether what comes in goes out as frames. */
  setPacking(isPacking: boolean): void {
    this.#fresh.isPacking = isPacking;
  }

  /** Takes the next messages in order as one frame, where they wait as such; undefined otherwise. */
  dequeuePacked(): PackedBatch | undefined {
    if (this.#flush.isRunning || this.#returned.length + this.#backlog.length > 0) return undefined;
    const packed = this.#fresh.dequeuePacked();
    if (packed !== undefined) this.#tellShare();
    return packed;
  }

  /** Takes the next messages in order, about `limit` characters of them; none when nothing waits. */
  async dequeueBatch(limit: number): Promise<Entry[]> {
    const batch = await this.#nextBatch(limit);
    this.#tellShare();
    return batch;
  }

  /** Takes back what was not sent, or may have been lost: it comes before everything else. */
  putBack(entries: readonly Entry[]): void {
    this.#returned.putBack(markStored(entries));
    this.#tellShare();
  }

  /** Batches on disk whose messages have arrived need not be kept any more. */
  releaseBatches(keys: readonly BatchKey[]): void {
    this.#backlog.releaseBatches(keys);
  }

  /**
   * Writes batches that are on their way for longer than a moment to disk, so that a process that is killed loses none:
   * after a restart they come before what came later. Gives a key for each batch, to be released when it has arrived;
   * undefined where the disk takes nothing or is full.
   */
  keepUnconfirmed(batches: readonly (readonly string[])[]): Promise<readonly BatchKey[] | undefined> {
    return this.#backlog.keepUnconfirmed(batches, (store) => this.#limits.hasRoom(store, batches));
  }

  /** Keeps a document that no endpoint takes in a file of its own, and says so. It is for the caller to count it. */
  setAside(text: string, why: string): Promise<void> {
    return this.#refused.add(text, why);
  }

  /** While the server is away, everything goes to disk at once, what came back first. */
  setAway(isAway: boolean): void {
    this.#flush.setAway(isAway);
  }

  /** Writes everything to disk and resolves to the number of messages that it could not keep. */
  async close(): Promise<number> {
    await this.#flush.close();
    const lost = [...this.#returned.dequeueAll(), ...this.#fresh.dequeueAll()];
    for (const entry of lost) settle(entry, new MonitoringError('CLOSED'));
    await this.#backlog.close();
    return lost.length;
  }

  async #nextBatch(limit: number): Promise<Entry[]> {
    if (this.#flush.isRunning) await this.#backlog.idle;
    if (this.#returned.length > 0) return this.#returned.dequeueBatch(limit);
    if (this.#backlog.length > 0) {
      const stored = await this.#backlog.readBatch();
      if (stored.length > 0 || this.#backlog.length > 0) return stored;
    }
    return this.#fresh.dequeueBatch(limit);
  }

  #refuse(messages: string | Buffer, count: number, done: Done): void {
    this.#options.onDropped(count);
    for (const one of messages.toString().split(SEPARATOR, count)) done(new MonitoringError('BUFFER_FULL'), one);
  }

  #tellShare(): void {
    const share = this.#limits.fillLevel;
    if (share === this.#share) return;
    this.#share = share;
    this.#options.onShare?.(share);
  }
}
