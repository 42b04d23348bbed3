import { performance } from 'node:perf_hooks';
import { reason } from '../../lib/errors.ts';
import { Store, StoreLockedError } from './store.ts';

export type StorageEvent = 'kept' | 'locked' | 'failed' | 'damaged';

const RETRY_MS = 5_000;

/** The store as long as the disk takes it: closed when it fails, opened again later, one job at a time. */
export class Disk {
  readonly #path: string | undefined;
  readonly #onStorage: (event: StorageEvent, detail: string) => void;
  readonly #onOpen: (store: Store) => void;
  #store: Store | undefined;
  #storage: StorageEvent = 'kept';
  #nextTryMs = 0;
  #chain: Promise<unknown> = Promise.resolve();

  /** No `path` is no disk. `onOpen` hears of every store that is opened, `onStorage` of changes. */
  constructor(
    path: string | undefined,
    onStorage: (event: StorageEvent, detail: string) => void,
    onOpen: (store: Store) => void,
  ) {
    this.#path = path;
    this.#onStorage = onStorage;
    this.#onOpen = onOpen;
  }

  /** Characters on disk. */
  get size(): number {
    return this.#store?.size ?? 0;
  }

  /** Settles when everything asked for so far is done. */
  get idle(): Promise<unknown> {
    return this.#chain;
  }

  /** Tries the disk again at once, however lately it failed. */
  retry(): void {
    this.#nextTryMs = 0;
  }

  /** Runs `job` when its turn comes, opening the store where it is not. Undefined when the disk does not take it. */
  use<T>(job: (store: Store) => Promise<T>): Promise<T | undefined> {
    const result = this.#chain.then(() => this.#run(job));
    this.#chain = result.catch(() => undefined);
    return result;
  }

  async close(): Promise<void> {
    await this.#chain;
    await this.#store?.close();
    this.#store = undefined;
  }

  async #run<T>(job: (store: Store) => Promise<T>): Promise<T | undefined> {
    const store = this.#store ?? (await this.#open());
    if (store === undefined) return undefined;
    try {
      const result = await job(store);
      this.#set('kept', '');
      return result;
    } catch (error) {
      this.#set('failed', reason((error as Error).cause ?? error));
      this.#store = undefined;
      await store.close().catch(() => undefined);
      return undefined;
    }
  }

  async #open(): Promise<Store | undefined> {
    if (this.#path === undefined || performance.now() < this.#nextTryMs) return undefined;
    try {
      this.#store = await Store.open(this.#path, (aside, why) => this.#onStorage('damaged', `${aside} (${why})`));
      this.#onOpen(this.#store);
    } catch (error) {
      this.#set(error instanceof StoreLockedError ? 'locked' : 'failed', reason(error));
    }
    return this.#store;
  }

  #set(event: StorageEvent, detail: string): void {
    if (event !== 'kept') this.#nextTryMs = performance.now() + RETRY_MS;
    if (event === this.#storage) return;
    this.#storage = event;
    this.#onStorage(event, detail);
  }
}
