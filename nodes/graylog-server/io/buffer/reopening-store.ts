import { performance } from 'node:perf_hooks';
import { reason } from '../../../../lib/errors.ts';
import { type Damage, isDamage, Store, StoreLockedError, setAside } from './store.ts';

export type StorageEvent = 'kept' | 'locked' | 'failed' | 'damaged' | 'partlyLost';

const RETRY_MS = 5_000;

/** The store as long as the disk takes it: closed when it fails, opened again later, one job at a time. */
export class Disk {
  readonly #path: string | undefined;
  readonly #onStorage: (event: StorageEvent, detail: string) => void;
  readonly #hooks: { opened(store: Store): void; gone(): void };
  readonly #damage: Damage;
  #retryTimer: NodeJS.Timeout | undefined;
  #store: Store | undefined;
  #storage: StorageEvent = 'kept';
  #nextTryMs = 0;
  #chain: Promise<unknown> = Promise.resolve();

  /**
   * No `path` is no disk. `onStorage` hears of changes, `opened` of every store that is opened, `gone` of one that could
   * not be read any more and was set aside.
   */
  constructor(
    path: string | undefined,
    onStorage: (event: StorageEvent, detail: string) => void,
    hooks: { opened(store: Store): void; gone(): void },
  ) {
    this.#path = path;
    this.#onStorage = onStorage;
    this.#hooks = hooks;
    this.#damage = {
      setAside: (aside, why) => onStorage('damaged', `${aside} (${why})`),
      partlyLost: (why) => onStorage('partlyLost', why),
    };
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
    clearTimeout(this.#retryTimer);
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
      this.#store = undefined;
      await store.close().catch(() => undefined);
      const cause = ((error as Error).cause ?? error) as Error;
      if (isDamage(error) && this.#path !== undefined) {
        await setAside(this.#path, cause, this.#damage).then(
          () => this.#hooks.gone(),
          (fault) => this.#set('failed', reason(fault)),
        );
      } else {
        this.#set('failed', reason(cause));
      }
      return undefined;
    }
  }

  async #open(): Promise<Store | undefined> {
    if (this.#path === undefined || performance.now() < this.#nextTryMs) return undefined;
    try {
      this.#store = await Store.open(this.#path, this.#damage);
      this.#hooks.opened(this.#store);
    } catch (error) {
      this.#set(error instanceof StoreLockedError ? 'locked' : 'failed', reason(error));
    }
    return this.#store;
  }

  #set(event: StorageEvent, detail: string): void {
    if (event !== 'kept') {
      this.#nextTryMs = performance.now() + RETRY_MS;
      clearTimeout(this.#retryTimer);
      // What lies there waits to be sent, whether or not something new comes.
      this.#retryTimer = setTimeout(() => void this.use(async () => undefined), RETRY_MS + 1).unref();
    }
    if (event === this.#storage) return;
    this.#storage = event;
    this.#onStorage(event, detail);
  }
}
