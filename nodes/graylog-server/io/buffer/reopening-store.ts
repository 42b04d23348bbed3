import { performance } from 'node:perf_hooks';
import { errorCode } from '../../../../lib/errors.ts';
import { SerialQueue } from '../../../../lib/serial-queue.ts';
import { Store } from './store.ts';
import { type DamageListener, isDamage, levelCause, setStoreAside } from './store-damage.ts';

/** Where records that wait are kept, or what became of those on disk. */
export type StorageEvent = 'kept' | 'locked' | 'failed' | 'damaged' | 'partlyLost' | 'refused';

export interface ReopeningStoreOptions {
  /** The folder, or undefined for no disk. */
  readonly path: string | undefined;
  /** Hears of changes, and why. */
  onStorage(event: StorageEvent, error?: unknown): void;
  /** Hears of every store that is opened. */
  onOpened(store: Store): void;
  /** Hears that a store cannot be read any more and was set aside. */
  onGone(): void;
}

const RETRY_MS = 5_000;

/** The store as long as the disk takes it: closed when it fails, opened again later, one job at a time. */
export class ReopeningStore {
  readonly #options: ReopeningStoreOptions;
  readonly #damage: DamageListener;
  readonly #jobs = new SerialQueue();
  #store: Store | undefined;
  #state: StorageEvent = 'kept';
  #nextTryMs = 0;
  #retryTimer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(options: ReopeningStoreOptions) {
    this.#options = options;
    this.#damage = {
      setAside: (error) => options.onStorage('damaged', error),
      partlyLost: (error) => options.onStorage('partlyLost', error),
    };
  }

  /** Characters on disk. */
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
    await this.#store?.close();
    this.#store = undefined;
  }

  async #run<T>(job: (store: Store) => Promise<T>): Promise<T | undefined> {
    const store = this.#store ?? (await this.#openStore());
    if (store === undefined) return undefined;
    try {
      const result = await job(store);
      this.#setState('kept');
      return result;
    } catch (error) {
      this.#store = undefined;
      await store.close().catch(() => undefined);
      await this.#failed(error);
      return undefined;
    }
  }

  async #failed(error: unknown): Promise<void> {
    const { path, onStorage, onGone } = this.#options;
    const cause = levelCause(error);
    if (!isDamage(error) || path === undefined) {
      this.#setState('failed', cause);
      return;
    }
    try {
      onStorage('damaged', await setStoreAside(path, cause));
      onGone();
    } catch (fault) {
      this.#setState('failed', fault);
    }
  }

  async #openStore(): Promise<Store | undefined> {
    const { path, onOpened } = this.#options;
    if (path === undefined || this.#isClosed || performance.now() < this.#nextTryMs) return undefined;
    try {
      this.#store = await Store.open(path, this.#damage);
      onOpened(this.#store);
    } catch (error) {
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
}
