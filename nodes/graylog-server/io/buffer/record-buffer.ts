import { performance } from 'node:perf_hooks';
import type { BatchKey } from './batch-key.ts';
import { type Done, type Entry, keysOf, Queue, settle } from './queue.ts';
import { Disk, type StorageEvent } from './reopening-store.ts';
import type { Store } from './store.ts';

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
  /** Hears that messages were found on disk. */
  onFound(): void;
}

/**
 * What waits longer than this in memory, for the first connection or because the server is slow, is written down. Not
 * sooner: what follows a message on disk must go there too, and a busy source would then write and read every message.
 */
const PATIENCE_MS = 300;
const TICK_MS = 50;
const BATCH_SIZE = 262_144;
const AGE_CHECK_MS = 60_000;

/**
 * What was taken in and has not arrived yet: memory first, disk when the server is away or slow, in order over both.
 * Three parts, oldest first: `returned` came back from a connection that failed, the store, and `fresh` in memory.
 */
export class RecordBuffer {
  readonly #options: BufferOptions;
  readonly #disk: Disk;
  readonly #returned = new Queue();
  readonly #fresh = new Queue();
  #cursor: BatchKey | undefined;
  /** Messages on disk behind the cursor. */
  #unread = 0;
  #unreadSinceMs = 0;
  /** Messages on their way from memory to disk. */
  #moving = 0;
  #isAway = false;
  #isClosed = false;
  #nextAgeCheckMs = 0;
  #tick: NodeJS.Timeout | undefined;
  #isFlushing = false;

  constructor(options: BufferOptions) {
    this.#options = options;
    this.#disk = new Disk(options.path, options.onStorage, {
      opened: (store) => {
        this.#rewind(store);
        if (this.#unread > 0) options.onFound();
      },
      gone: () => this.#forget(),
    });
  }

  /** Messages that wait. */
  get length(): number {
    return this.#returned.length + this.#unread + this.#moving + this.#fresh.length;
  }

  /** Characters that wait in memory. */
  get memory(): number {
    return this.#returned.size + this.#fresh.size;
  }

  /** When the message that waits longest was taken in, in ms of a steady clock; undefined when none waits. */
  get oldestMs(): number | undefined {
    const onDisk = this.#unread > 0 ? this.#unreadSinceMs : undefined;
    return this.#returned.oldest?.atMs ?? onDisk ?? this.#fresh.oldest?.atMs;
  }

  /** How full it is, from 0 to 1, where it is fuller: on disk, or in memory when the disk takes nothing. */
  get share(): number {
    // Readers pause long before memory runs out: the rest is for sources that cannot wait.
    const memory = this.memory / (this.#options.memorySize / 4);
    return Math.max(memory, this.#options.diskSize === 0 ? 0 : this.#disk.size / this.#options.diskSize);
  }

  /** Takes up what an earlier run left. */
  async open(): Promise<void> {
    await this.#disk.use(async () => undefined);
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
    if (this.#isFlushing) await this.#disk.idle;
    if (this.#returned.length > 0) return this.#returned.take(limit);
    if (this.#unread > 0) {
      const stored = await this.#readStore();
      if (stored.length > 0 || this.#unread > 0) return stored;
    }
    return this.#fresh.take(limit);
  }

  /** Takes back what was not sent, or may have been lost: it comes before everything else. */
  putBack(entries: readonly Entry[]): void {
    this.#returned.unshift(entries);
  }

  /** Batches on disk whose messages have arrived need not be kept any more. */
  release(keys: readonly BatchKey[]): void {
    if (keys.length > 0) void this.#disk.use((store) => store.remove(keys));
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
    this.#disk.retry();
    clearTimeout(this.#tick);
    // Twice, because the first may find a write under way that began without the last messages.
    for (let i = 0; i < 2; i += 1) {
      this.#flush();
      await this.#disk.idle;
    }
    const lost = [...this.#returned.take(Number.POSITIVE_INFINITY), ...this.#fresh.take(Number.POSITIVE_INFINITY)];
    for (const entry of lost) settle(entry, new Error('closed'));
    await this.#disk.close();
    return lost.length;
  }

  #flushWhenDue(): void {
    this.#tick = undefined;
    if (this.#isClosed) return;
    const now = performance.now();
    const waited = now - (this.#fresh.oldest?.atMs ?? now);
    if (this.#isAway || waited > PATIENCE_MS) this.#flush();
    if (now > this.#nextAgeCheckMs && this.#options.maxAgeMs > 0 && this.#unread > 0) {
      this.#nextAgeCheckMs = now + AGE_CHECK_MS;
      void this.#disk.use((store) => this.#dropAged(store));
    }
    if (this.length > 0) this.#tick = setTimeout(() => this.#flushWhenDue(), TICK_MS);
  }

  #flush(): void {
    if (this.#isFlushing || this.#returned.length + this.#fresh.length === 0) return;
    this.#isFlushing = true;
    void this.#disk
      .use((store) => this.#writeAll(store))
      .finally(() => {
        this.#isFlushing = false;
        if (!this.#isAway) return;
        // Nobody should wait for a disk that takes nothing: memory is where these are kept then.
        this.#returned.settleAll();
        this.#fresh.settleAll();
      });
  }

  async #writeAll(store: Store): Promise<void> {
    const nowMs = Date.now();
    if (this.#isAway && this.#returned.length > 0) await this.#writeReturned(store, nowMs);
    while (this.#fresh.length > 0) {
      const entries = this.#fresh.take(BATCH_SIZE);
      this.#moving = entries.length;
      try {
        await this.#makeRoom(store, entries);
        if (entries.length === 0) continue;
        await store.append(texts(entries), nowMs);
      } catch (error) {
        this.#fresh.unshift(entries);
        throw error;
      } finally {
        this.#moving = 0;
      }
      if (this.#unread === 0) this.#unreadSinceMs = entries[0]?.atMs ?? 0;
      this.#unread += entries.length;
      for (const entry of entries) settle(entry);
    }
  }

  async #writeReturned(store: Store, nowMs: number): Promise<void> {
    const batches: Entry[][] = [];
    while (this.#returned.length > 0) batches.push(this.#returned.take(BATCH_SIZE));
    const entries = batches.flat();
    this.#moving = entries.length;
    try {
      await store.prepend(batches.map(texts), keysOf(entries), nowMs);
      this.#rewind(store);
    } catch (error) {
      this.#returned.unshift(entries);
      throw error;
    } finally {
      this.#moving = 0;
    }
    for (const entry of entries) settle(entry);
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

  async #dropAged(store: Store): Promise<void> {
    for (;;) {
      const oldest = await store.oldest(this.#cursor);
      if (oldest === undefined || Date.now() - oldest.atMs <= this.#options.maxAgeMs) return;
      await this.#drop(store, oldest);
    }
  }

  /** The store cannot be read any more: what had not been read of it is lost. */
  #forget(): void {
    if (this.#unread > 0) this.#options.onDropped(this.#unread);
    this.#unread = 0;
    this.#cursor = undefined;
  }

  #rewind(store: Store): void {
    this.#cursor = undefined;
    this.#unread = store.records;
    this.#unreadSinceMs = performance.now();
    // Only the heartbeat asks for it: a moment later is early enough.
    void this.#disk.use(async (open) => {
      const oldest = await open.oldest(this.#cursor);
      if (oldest !== undefined) this.#unreadSinceMs = steadyMs(oldest);
    });
  }

  async #readStore(): Promise<Entry[]> {
    const batch = await this.#disk.use((store) => store.read(this.#cursor));
    if (batch === undefined) {
      this.#unread = 0;
      return [];
    }
    this.#cursor = batch.key;
    this.#unread -= batch.key.count;
    if (batch.texts === undefined) {
      this.#options.onStorage('partlyLost', `${batch.key.count} of them, wrong checksum`);
      this.#options.onDropped(batch.key.count);
      this.release([batch.key]);
      return [];
    }
    const atMs = steadyMs(batch.key);
    this.#unreadSinceMs = atMs;
    const last = batch.texts.length - 1;
    return batch.texts.map((text, i) => ({ text, done: undefined, atMs, keys: i === last ? [batch.key] : undefined }));
  }
}

/** When a batch was written, on the steady clock of this process. */
function steadyMs({ atMs }: BatchKey): number {
  return performance.now() - (Date.now() - atMs);
}

function texts(entries: readonly Entry[]): string[] {
  return entries.map(({ text }) => text);
}
