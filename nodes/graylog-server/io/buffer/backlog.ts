import { performance } from 'node:perf_hooks';
import { MonitoringError } from '../../../../lib/errors.ts';
import type { AgeClock } from './age-clock.ts';
import type { BatchKey } from './batch-key.ts';
import { BatchesOnTheWay } from './batches-on-the-way.ts';
import { readLedger } from './ledger.ts';
import type { Entry } from './queue.ts';
import { ReopeningStore, type StorageEvent } from './reopening-store.ts';
import type { Store, StoredBatch } from './store.ts';
import { tellLoss } from './store-loss.ts';

export interface BacklogOptions {
  /** The folder of the store, or undefined for memory alone. */
  readonly path: string | undefined;
  /** What may wait on disk, in bytes. */
  readonly diskSize: number;
  /** Hears of changes between disk and memory, and why. */
  onStorage(event: StorageEvent, error?: unknown): void;
  onDropped(count: number): void;
  /** Hears that messages were found on disk. */
  onFound(): void;
  /** Hears that there is more or less on disk. */
  onChange(): void;
}

/**
 * The messages on disk. Batches that were read, or written while they were sent, are on their way: they stay on disk until
 * they have arrived, and are not read again before a restart.
 */
export class Backlog {
  readonly #options: BacklogOptions;
  readonly #clock: AgeClock;
  readonly #disk: ReopeningStore;
  readonly #onTheWay = new BatchesOnTheWay();
  /** Every batch up to here is on its way. */
  #cursor: BatchKey | undefined;
  #unread = 0;
  #unreadSinceMs = 0;
  /** Whether it is known what is on disk: `#unread` is a guess before. */
  #isKnown = false;

  constructor(options: BacklogOptions, clock: AgeClock) {
    this.#options = options;
    this.#clock = clock;
    const { path, diskSize, onStorage } = options;
    this.#disk = new ReopeningStore({ path, diskSize, clock, onStorage, onOpened: (store) => this.#opened(store) });
  }

  /** Messages that were not read yet and can be. */
  get length(): number {
    return this.#disk.isOpen ? this.#unread : 0;
  }

  /** Messages that were not read yet, also where the disk cannot be used at the moment. */
  get waiting(): number {
    return this.#unread;
  }

  /** Bytes on disk, read or not. */
  get size(): number {
    return this.#disk.size;
  }

  /** When the oldest message that was not read was taken in, in ms of a steady clock; undefined where there is none. */
  get oldestMs(): number | undefined {
    return this.#unread > 0 ? this.#unreadSinceMs : undefined;
  }

  /** Settles when everything asked for so far is done. */
  get idle(): Promise<unknown> {
    return this.#disk.idle;
  }

  /** Takes up what an earlier run left. Where the disk cannot be used, what was noted last counts as waiting. */
  async open(): Promise<void> {
    await this.#disk.open();
    const { path } = this.#options;
    if (this.#isKnown || path === undefined || this.#disk.isLocked) return;
    const noted = (await readLedger(path))?.records ?? 0;
    if (this.#isKnown) return;
    this.#unread = noted;
    this.#unreadSinceMs = performance.now();
  }

  /** Tries the disk at the next job, however lately it failed. */
  retryAtOnce(): void {
    this.#disk.retryAtOnce();
  }

  close(): Promise<void> {
    return this.#disk.close();
  }

  /** Runs `job` on the store when its turn comes. Undefined when the disk does not take it. */
  use<T>(job: (store: Store) => Promise<T>): Promise<T | undefined> {
    return this.#disk.use(job);
  }

  /** The messages of the next batch; none where everything was read, or where the batch is damaged. */
  async readBatch(): Promise<Entry[]> {
    const batch = await this.#disk.use((store) => this.#readNext(store));
    if (batch === undefined) return [];
    return batch.texts === undefined ? this.#skipDamaged(batch.key) : this.#entriesOf(batch.key, batch.texts);
  }

  /** Takes batches off the disk whose messages have arrived. */
  releaseBatches(keys: readonly BatchKey[]): void {
    if (keys.length === 0) return;
    this.#onTheWay.arrive(keys);
    void this.#disk.use((store) => this.#onTheWay.remove(store)).then(() => this.#options.onChange());
  }

  /** Takes batches as not read whose messages were forgotten in memory. */
  unread(keys: readonly BatchKey[]): void {
    this.#unread += this.#onTheWay.take(keys);
    this.#cursor = undefined;
  }

  /**
   * Writes batches that are on their way, in front of what was not read: it came later. Gives a key for each batch;
   * undefined where the disk takes nothing, or `hasRoom` says that it is full.
   */
  keepUnconfirmed(
    batches: readonly (readonly string[])[],
    hasRoom: (store: Store) => boolean,
  ): Promise<readonly BatchKey[] | undefined> {
    return this.#disk.use(async (store) => {
      if (!hasRoom(store)) return undefined;
      const next = this.#unread > 0 ? await this.oldestUnread(store) : undefined;
      const keys = await store.insert(batches, next);
      for (const key of keys) this.#onTheWay.add(key);
      return keys;
    });
  }

  /** Writes messages behind all others. Rejects with the file system's error, and then nothing was written. */
  async append(store: Store, entries: readonly Entry[]): Promise<void> {
    await store.append(textsOf(entries));
    if (this.#unread === 0) this.#unreadSinceMs = entries[0]?.atMs ?? 0;
    this.#unread += entries.length;
  }

  /** Writes batches before all others in place of those on disk that came back. Reading begins anew. */
  async prepend(store: Store, batches: readonly (readonly Entry[])[], replaced: readonly BatchKey[]): Promise<void> {
    await store.prepend(batches.map(textsOf), replaced);
    this.#onTheWay.take(replaced);
    await this.#rewind(store);
  }

  /** The oldest batch that was not read. What was read is on its way, and not for dropping. */
  oldestUnread(store: Store): Promise<BatchKey | undefined> {
    return store.oldestKey(this.#cursor, this.#onTheWay.has);
  }

  /** How long a batch has been on disk, in ms; undefined where the wall clock jumped and nobody knows. */
  ageMs(key: BatchKey): number | undefined {
    return this.#clock.isHeld ? undefined : this.#clock.ageMs(key);
  }

  /** Drops the oldest batches that were not read: `size` bytes of them, where there are so many. */
  async dropForRoom(store: Store, size: number): Promise<void> {
    const keys: BatchKey[] = [];
    let found = 0;
    for (let last = this.#cursor; found < size; ) {
      const key = await store.oldestKey(last, this.#onTheWay.has);
      if (key === undefined) break;
      keys.push(key);
      found += key.size;
      last = key;
    }
    await store.free(keys);
    this.#dropped(keys);
  }

  /** Drops a batch that was not read. */
  async dropUnread(store: Store, key: BatchKey): Promise<void> {
    await store.remove([key]);
    this.#dropped([key]);
  }

  async #readNext(store: Store): Promise<StoredBatch | undefined> {
    const batch = await store.read(this.#cursor, this.#onTheWay.has);
    if (batch === undefined) {
      if (this.#unread > 0) throw new MonitoringError('BATCH_MISSING');
      return undefined;
    }
    this.#onTheWay.add(batch.key);
    this.#cursor = batch.key;
    this.#unread -= batch.key.count;
    return batch;
  }

  #dropped(keys: readonly BatchKey[]): void {
    const count = keys.reduce((sum, key) => sum + key.count, 0);
    this.#unread -= count;
    if (count > 0) this.#options.onDropped(count);
  }

  #entriesOf(key: BatchKey, texts: NonNullable<StoredBatch['texts']>): Entry[] {
    const atMs = this.#steadyMs(key);
    this.#unreadSinceMs = atMs;
    const last = texts.length - 1;
    return texts.map((text, i) => ({ text, done: undefined, atMs, keys: i === last ? [key] : undefined }));
  }

  #skipDamaged(key: BatchKey): Entry[] {
    this.#options.onStorage('partlyLost', new MonitoringError('BATCH_DAMAGED', { count: key.count }));
    this.#options.onDropped(key.count);
    this.releaseBatches([key]);
    return [];
  }

  /** Takes up a store, and tells what should have been in it. */
  async #opened(store: Store): Promise<void> {
    const expected = this.#unread;
    await this.#rewind(store);
    // What is on its way is in memory: it is not lost, whatever became of its place on disk.
    const lost = this.#isKnown ? Math.max(0, expected - this.#unread) : store.missing;
    this.#isKnown = true;
    tellLoss(store, lost, this.#options.onStorage);
    if (lost > 0) this.#options.onDropped(lost);
    if (this.#onTheWay.hasArrived) void this.use((open) => this.#onTheWay.remove(open));
    if (this.#unread > 0) this.#options.onFound();
    this.#options.onChange();
  }

  async #rewind(store: Store): Promise<void> {
    this.#cursor = undefined;
    this.#unread = store.records - (await this.#onTheWay.countIn(store));
    const oldest = await this.oldestUnread(store);
    this.#unreadSinceMs = oldest === undefined ? performance.now() : this.#steadyMs(oldest);
  }

  /** When a batch was written, on the steady clock of this process. */
  #steadyMs(key: BatchKey): number {
    return performance.now() - this.#clock.ageMs(key);
  }
}

function textsOf(entries: readonly Entry[]): string[] {
  return entries.map(({ text }) => text);
}
