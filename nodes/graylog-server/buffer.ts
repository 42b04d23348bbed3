import { performance } from 'node:perf_hooks';
import { reason } from '../../lib/errors.ts';
import { type Done, type Entry, Queue, settle } from './queue.ts';
import { Store, StoreLockedError } from './store.ts';
import type { BatchKey } from './store-key.ts';

export interface BufferOptions {
  /** The folder of the store, or undefined for memory alone. */
  path: string | undefined;
  /** What may wait in memory where the disk cannot take it, and on disk, in characters. */
  memorySize: number;
  diskSize: number;
  /** What is older is dropped, in ms; 0 keeps everything. */
  maxAgeMs: number;
  overflow: 'oldest' | 'newest';
  /** Hears of changes between disk and memory; `detail` is the error, or where a damaged store went. */
  onStorage(event: StorageEvent, detail: string): void;
  onDropped(count: number): void;
}

export type StorageEvent = 'kept' | 'locked' | 'failed' | 'damaged';

/** What waits longer than this in memory, because the server is slow, is written down. */
const PATIENCE_MS = 300;
const TICK_MS = 50;
const BATCH_SIZE = 262_144;
const RETRY_MS = 5_000;
const AGE_CHECK_MS = 60_000;

/**
 * What was taken in and has not arrived yet: memory first, disk when the server is away or slow, in order over both.
 * Three parts, oldest first: `returned` came back from a connection that failed, the store, and `fresh` in memory.
 */
export class RecordBuffer {
  readonly #options: BufferOptions;
  readonly #returned = new Queue();
  readonly #fresh = new Queue();
  #store: Store | undefined;
  #cursor: BatchKey | undefined;
  /** Messages on disk behind the cursor. */
  #unread = 0;
  #isAway = true;
  #isClosed = false;
  #storage: StorageEvent = 'kept';
  #nextTryMs = 0;
  #nextAgeCheckMs = 0;
  #chain: Promise<unknown> = Promise.resolve();
  #tick: NodeJS.Timeout | undefined;
  #isFlushing = false;

  constructor(options: BufferOptions) {
    this.#options = options;
  }

  /** Messages that wait. */
  get length(): number {
    return this.#returned.length + this.#unread + this.#fresh.length;
  }

  get oldestMs(): number | undefined {
    return (this.#returned.oldest ?? this.#fresh.oldest)?.atMs;
  }

  /** How full it is, from 0 to 1, where it is fuller: on disk, or in memory when the disk takes nothing. */
  get share(): number {
    // Readers pause long before memory runs out: the rest is for sources that cannot wait.
    const memory = (this.#returned.size + this.#fresh.size) / (this.#options.memorySize / 4);
    return Math.max(memory, (this.#store?.size ?? 0) / this.#options.diskSize);
  }

  /** Opens what an earlier run left. */
  async open(): Promise<void> {
    await this.#openStore();
  }

  add(text: string, done: Done): void {
    const { memorySize, overflow, onDropped } = this.#options;
    const fresh = this.#fresh;
    if (overflow === 'newest' && this.#returned.size + fresh.size + text.length > memorySize) {
      onDropped(1);
      done(new Error('buffer full'));
      return;
    }
    fresh.push({ text, done, atMs: performance.now() });
    while (this.#returned.size + fresh.size > memorySize && this.#returned.length + fresh.length > 1) {
      const oldest = this.#returned.shift() ?? fresh.shift();
      if (oldest !== undefined) settle(oldest, new Error('buffer full'));
      onDropped(1);
    }
    if (fresh.size > memorySize / 3) this.#flush();
    this.#tick ??= setTimeout(() => this.#flushWhenDue(), TICK_MS);
  }

  /** The next messages in order, about `limit` characters of them; none when nothing waits. */
  async next(limit: number): Promise<Entry[]> {
    if (this.#isFlushing) await this.#chain;
    if (this.#returned.length > 0) return this.#returned.take(limit);
    if (this.#unread > 0) {
      const stored = await this.#inTurn(() => this.#readStore());
      if (stored.length > 0) return stored;
    }
    return this.#fresh.take(limit);
  }

  /** Takes back what was not sent, or may have been lost: it comes before everything else. */
  putBack(entries: readonly Entry[]): void {
    this.#returned.unshift(entries);
  }

  /** What has arrived need not be kept any more. */
  release(entries: readonly Entry[]): void {
    const keys = entries.flatMap(({ key }) => key ?? []);
    if (keys.length > 0) void this.#inTurn(() => this.#onDisk((store) => store.remove(keys)));
  }

  /** While the server is away, everything goes to disk at once, what came back first. */
  setAway(isAway: boolean): void {
    this.#isAway = isAway;
    if (isAway && !this.#isClosed) this.#flush();
  }

  /** Writes everything to disk and resolves to the number of messages that it could not keep. */
  async close(): Promise<number> {
    this.#isClosed = true;
    this.#isAway = true;
    this.#nextTryMs = 0;
    clearTimeout(this.#tick);
    // Twice, because the first may find a write under way that began without the last messages.
    for (let i = 0; i < 2; i += 1) {
      this.#flush();
      await this.#chain;
    }
    const lost = [...this.#returned.take(Number.POSITIVE_INFINITY), ...this.#fresh.take(Number.POSITIVE_INFINITY)];
    for (const entry of lost) settle(entry, new Error('closed'));
    await this.#store?.close();
    return lost.length;
  }

  #flushWhenDue(): void {
    this.#tick = undefined;
    if (this.#isClosed) return;
    const now = performance.now();
    const waited = now - (this.#fresh.oldest?.atMs ?? now);
    if (this.#isAway || this.#unread > 0 || waited > PATIENCE_MS) this.#flush();
    if (now > this.#nextAgeCheckMs) {
      this.#nextAgeCheckMs = now + AGE_CHECK_MS;
      void this.#inTurn(() => this.#dropAged());
    }
    if (this.#fresh.length + this.#returned.length + this.#unread > 0) {
      this.#tick = setTimeout(() => this.#flushWhenDue(), TICK_MS);
    }
  }

  #flush(): void {
    if (this.#isFlushing || this.#returned.length + this.#fresh.length === 0) return;
    this.#isFlushing = true;
    void this.#inTurn(async () => {
      try {
        const store = await this.#openStore();
        if (store !== undefined) await this.#onDisk((open) => this.#writeAll(open));
      } finally {
        this.#isFlushing = false;
        // Nobody should wait for a disk that takes nothing: memory is where these are kept then.
        if (this.#isAway) this.#settleKept();
      }
    });
  }

  #settleKept(): void {
    this.#returned.settleAll();
    this.#fresh.settleAll();
  }

  async #writeAll(store: Store): Promise<void> {
    const nowMs = Date.now();
    if (this.#isAway && this.#returned.length > 0) await this.#writeReturned(store, nowMs);
    while (this.#fresh.length > 0) {
      const entries = this.#fresh.take(BATCH_SIZE);
      try {
        await this.#makeRoom(store, entries);
        if (entries.length === 0) continue;
        await store.append(
          entries.map(({ text }) => text),
          nowMs,
        );
      } catch (error) {
        this.#fresh.unshift(entries);
        throw error;
      }
      this.#unread += entries.length;
      for (const entry of entries) settle(entry);
    }
  }

  async #writeReturned(store: Store, nowMs: number): Promise<void> {
    const batches: Entry[][] = [];
    while (this.#returned.length > 0) batches.push(this.#returned.take(BATCH_SIZE));
    const entries = batches.flat();
    try {
      const texts = batches.map((batch) => batch.map(({ text }) => text));
      await store.prepend(
        texts,
        entries.flatMap(({ key }) => key ?? []),
        nowMs,
      );
    } catch (error) {
      this.#returned.unshift(entries);
      throw error;
    }
    for (const entry of entries) settle(entry);
    this.#rewind(store);
  }

  /** Keeps the store within its bound; with the policy "newest" the entries that do not fit are emptied out. */
  async #makeRoom(store: Store, entries: Entry[]): Promise<void> {
    const { diskSize, overflow, onDropped } = this.#options;
    const size = entries.reduce((sum, { text }) => sum + text.length, 0);
    if (store.size + size <= diskSize) return;
    if (overflow === 'newest') {
      onDropped(entries.length);
      for (const entry of entries.splice(0)) settle(entry, new Error('buffer full'));
      return;
    }
    while (this.#unread > 0 && store.size + size > diskSize) {
      const oldest = await store.oldest(this.#cursor);
      if (oldest === undefined) return;
      await this.#drop(store, oldest);
    }
  }

  /** Drops a batch that was not read yet: what was read is on its way and not lost. */
  async #drop(store: Store, key: BatchKey): Promise<void> {
    await store.remove([key]);
    this.#unread -= key.count;
    this.#options.onDropped(key.count);
  }

  async #dropAged(): Promise<void> {
    const { maxAgeMs } = this.#options;
    if (maxAgeMs === 0 || this.#unread === 0) return;
    await this.#onDisk(async (store) => {
      for (;;) {
        const oldest = await store.oldest(this.#cursor);
        if (oldest === undefined || Date.now() - oldest.atMs <= maxAgeMs) return;
        await this.#drop(store, oldest);
      }
    });
  }

  #rewind(store: Store): void {
    this.#cursor = undefined;
    this.#unread = store.records;
  }

  async #readStore(): Promise<Entry[]> {
    const batch = await this.#onDisk((store) => store.read(this.#cursor));
    if (batch === undefined) {
      this.#unread = 0;
      return [];
    }
    this.#cursor = batch.key;
    this.#unread -= batch.texts.length;
    const atMs = performance.now() - (Date.now() - batch.key.atMs);
    const last = batch.texts.length - 1;
    return batch.texts.map((text, i) => ({ text, done: undefined, atMs, key: i === last ? batch.key : undefined }));
  }

  async #openStore(): Promise<Store | undefined> {
    const { path, onStorage } = this.#options;
    if (this.#store !== undefined || path === undefined || performance.now() < this.#nextTryMs) return this.#store;
    try {
      this.#store = await Store.open(path, (aside, why) => onStorage('damaged', `${aside} (${why})`));
      this.#rewind(this.#store);
    } catch (error) {
      this.#setStorage(error instanceof StoreLockedError ? 'locked' : 'failed', reason(error));
    }
    return this.#store;
  }

  /** Runs `job` on the store. When the disk fails, the store is closed and opened again later; memory goes on. */
  async #onDisk<T>(job: (store: Store) => Promise<T>): Promise<T | undefined> {
    const store = this.#store;
    if (store === undefined) return undefined;
    try {
      const result = await job(store);
      this.#setStorage('kept', '');
      return result;
    } catch (error) {
      this.#setStorage('failed', reason((error as Error).cause ?? error));
      this.#store = undefined;
      await store.close().catch(() => undefined);
      return undefined;
    }
  }

  #setStorage(event: StorageEvent, detail: string): void {
    if (event !== 'kept') this.#nextTryMs = performance.now() + RETRY_MS;
    if (event === this.#storage) return;
    this.#storage = event;
    this.#options.onStorage(event, detail);
  }

  /** One thing at a time on disk, in the order in which it was asked for. */
  #inTurn<T>(job: () => Promise<T>): Promise<T> {
    const result = this.#chain.then(job);
    this.#chain = result.catch(() => undefined);
    return result;
  }
}
