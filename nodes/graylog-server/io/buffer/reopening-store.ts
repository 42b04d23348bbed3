import { performance } from 'node:perf_hooks';
import { errorCode } from '../../../../lib/errors.ts';
import { SerialQueue } from '../../../../lib/serial-queue.ts';
import type { AgeClock } from './age-clock.ts';
import { Store } from './store.ts';
import { isDamage, levelCause } from './store-damage.ts';

/** Where records that wait are kept, or what became of those on disk. */
export type StorageEvent = 'kept' | 'locked' | 'failed' | 'damaged' | 'repaired' | 'partlyLost' | 'aged' | 'refused';

export interface ReopeningStoreOptions {
  /** The folder, or undefined for no disk. */
  readonly path: string | undefined;
  /** What may be kept, in bytes. */
  readonly diskSize: number;
  readonly clock: AgeClock;
  /** Hears of changes, and why. */
  onStorage(event: StorageEvent, error?: unknown): void;
  /** Hears of every store that is opened, before it is used. */
  onOpened(store: Store): Promise<void>;
}

const RETRY_MS = 5_000;
const TIDY_MS = 1_000;

/** The store as long as the disk takes it: closed when it fails, opened again later, one job at a time. */
export class ReopeningStore {
  readonly #options: ReopeningStoreOptions;
  readonly #jobs = new SerialQueue();
  readonly #sound = new Set<string>();
  #store: Store | undefined;
  #state: StorageEvent = 'kept';
  /** What is to be done with damaged files at the next opening. */
  #remedy: 'repair' | 'setAside' | undefined;
  #nextTryMs = 0;
  #retryTimer: NodeJS.Timeout | undefined;
  #tidyTimer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(options: ReopeningStoreOptions) {
    this.#options = options;
  }

  /** Whether the disk can be used now. */
  get isOpen(): boolean {
    return this.#store !== undefined;
  }

  /** Whether another one uses it: what lies there is not ours to count. */
  get isLocked(): boolean {
    return this.#state === 'locked';
  }

  /** Bytes on disk. */
  get size(): number {
    return this.#store?.size ?? 0;
  }

  /** Settles when everything asked for so far is done. */
  get idle(): Promise<unknown> {
    return this.#jobs.idle;
  }

  /** Tries the disk at the next job, however lately it failed. */
  retryAtOnce(): void {
    this.#nextTryMs = 0;
  }

  /** Runs `job` when its turn comes, opening the store where it is not. Undefined when the disk does not take it. */
  use<T>(job: (store: Store) => Promise<T>): Promise<T | undefined> {
    return this.#jobs.run(() => this.#run(job));
  }

  /** Opens the store where it is not. */
  async open(): Promise<void> {
    await this.use(async () => undefined);
  }

  async close(): Promise<void> {
    await this.#jobs.idle;
    this.#isClosed = true;
    clearTimeout(this.#retryTimer);
    clearTimeout(this.#tidyTimer);
    await this.#store?.close();
    this.#store = undefined;
  }

  async #run<T>(job: (store: Store) => Promise<T>): Promise<T | undefined> {
    const store = this.#store ?? (await this.#openStore());
    if (store === undefined) return undefined;
    try {
      const result = await job(store);
      this.#setState('kept');
      this.#tidyLater();
      return result;
    } catch (error) {
      await this.#shut(store);
      if (isDamage(error)) {
        // What a repair has not mended another will not mend.
        this.#remedy = store.damage?.outcome === 'repaired' ? 'setAside' : 'repair';
        await this.#openStore();
      }
      if (this.#store === undefined) this.#setState('failed', levelCause(error));
      return undefined;
    }
  }

  async #shut(store: Store): Promise<void> {
    this.#store = undefined;
    await store.close().catch(() => undefined);
  }

  async #openStore(): Promise<Store | undefined> {
    const { path, diskSize, clock, onOpened } = this.#options;
    if (path === undefined || this.#isClosed || performance.now() < this.#nextTryMs) return undefined;
    try {
      const store = await Store.open(path, { diskSize, clock, remedy: this.#remedy, sound: this.#sound });
      this.#remedy = undefined;
      this.#store = store;
      await onOpened(store);
    } catch (error) {
      if (this.#store !== undefined) await this.#shut(this.#store);
      this.#setState(errorCode(error) === 'STORE_LOCKED' ? 'locked' : 'failed', error);
    }
    return this.#store;
  }

  #setState(state: StorageEvent, error?: unknown): void {
    if (state !== 'kept') this.#retryLater();
    if (state === this.#state) return;
    this.#state = state;
    this.#options.onStorage(state, error);
  }

  /** What lies on disk waits to be sent, whether or not something new comes. */
  #retryLater(): void {
    this.#nextTryMs = performance.now() + RETRY_MS;
    clearTimeout(this.#retryTimer);
    this.#retryTimer = setTimeout(() => void this.open(), RETRY_MS + 1).unref();
  }

  /** LevelDB makes files whenever it likes, also a moment after the job. */
  #tidyLater(): void {
    this.#tidyTimer ??= setTimeout(() => {
      this.#tidyTimer = undefined;
      void this.#jobs.run(() => this.#tidy());
    }, TIDY_MS).unref();
  }

  async #tidy(): Promise<void> {
    const store = this.#store;
    if (store === undefined || !(await store.tidy())) return;
    await this.#shut(store);
    await this.#openStore();
  }
}
