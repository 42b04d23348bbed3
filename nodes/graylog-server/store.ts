import { mkdir, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ClassicLevel } from 'classic-level';
import { errorCode } from '../../lib/errors.ts';
import { type BatchKey, batchKey, FIRST_SEQUENCE, parseBatchKey, SEPARATOR } from './store-key.ts';

export interface StoredBatch {
  readonly key: BatchKey;
  readonly texts: string[];
}

/** The store is used by another process, or by another node of this one. */
export class StoreLockedError extends Error {}

/**
 * Messages on disk, in order, in batches. LevelDB keeps what was written through a `kill -9` (the write has reached the
 * system), refuses to be opened twice, and finds a damaged file when it opens it.
 */
export class Store {
  readonly #level: ClassicLevel;
  #first = FIRST_SEQUENCE;
  #next = FIRST_SEQUENCE;
  #records = 0;
  #size = 0;

  private constructor(level: ClassicLevel) {
    this.#level = level;
  }

  /** Messages kept. */
  get records(): number {
    return this.#records;
  }

  /** Characters kept. */
  get size(): number {
    return this.#size;
  }

  /**
   * Opens the folder, making it where it is missing. A damaged store is moved aside, `setAside` hears where to, and an
   * empty one is begun. Throws a StoreLockedError, or the error of the file system.
   */
  static async open(path: string, setAside: (path: string, why: string) => void): Promise<Store> {
    await mkdir(dirname(path), { recursive: true });
    try {
      return await Store.#openOnce(path);
    } catch (error) {
      const cause = (error as Error).cause ?? error;
      if (errorCode(cause) === 'LEVEL_LOCKED') throw new StoreLockedError(path);
      if (errorCode(cause) !== 'LEVEL_CORRUPTION') throw cause;
      const aside = `${path}.damaged-${Date.now()}`;
      await rename(path, aside);
      setAside(aside, (cause as Error).message);
      return Store.#openOnce(path);
    }
  }

  static async #openOnce(path: string): Promise<Store> {
    const level = new ClassicLevel(path, { writeBufferSize: 1_048_576, cacheSize: 1_048_576 });
    await level.open();
    const store = new Store(level);
    try {
      for await (const text of level.keys()) store.#count(parseBatchKey(text), 1);
    } catch (error) {
      await level.close();
      throw error;
    }
    return store;
  }

  /** Writes messages behind all others. Rejects with the file system's error, and then nothing was written. */
  async append(texts: readonly string[], nowMs: number): Promise<void> {
    const value = texts.join(SEPARATOR);
    const key = batchKey(this.#next, texts.length, value.length, nowMs);
    await this.#level.put(key.key, value);
    this.#count(key, 1);
  }

  /** Writes batches before all others and takes out the ones that they came from, all or nothing. */
  async prepend(batches: readonly string[][], replaced: readonly BatchKey[], nowMs: number): Promise<void> {
    const first = this.#first - batches.length;
    const added = batches.map((texts, i) => {
      const value = texts.join(SEPARATOR);
      return { value, key: batchKey(first + i, texts.length, value.length, nowMs) };
    });
    await this.#level.batch([
      ...replaced.map(({ key }) => ({ type: 'del' as const, key })),
      ...added.map(({ key, value }) => ({ type: 'put' as const, key: key.key, value })),
    ]);
    for (const key of replaced) this.#count(key, -1);
    for (const { key } of added) this.#count(key, 1);
  }

  /** The first batch behind `after`, or of all; undefined where there is none. */
  async read(after: BatchKey | undefined): Promise<StoredBatch | undefined> {
    const range = after === undefined ? {} : { gt: after.key };
    for await (const [text, value] of this.#level.iterator({ ...range, limit: 1 })) {
      const key = parseBatchKey(text);
      if (key !== undefined) return { key, texts: value.split(SEPARATOR) };
    }
    return undefined;
  }

  /** The key of the first batch behind `after`, or of all. */
  async oldest(after: BatchKey | undefined): Promise<BatchKey | undefined> {
    const range = after === undefined ? {} : { gt: after.key };
    for await (const text of this.#level.keys({ ...range, limit: 1 })) return parseBatchKey(text);
    return undefined;
  }

  async remove(keys: readonly BatchKey[]): Promise<void> {
    if (keys.length === 0) return;
    await this.#level.batch(keys.map(({ key }) => ({ type: 'del' as const, key })));
    for (const key of keys) this.#count(key, -1);
  }

  async close(): Promise<void> {
    await this.#level.close();
  }

  #count(key: BatchKey | undefined, sign: 1 | -1): void {
    if (key === undefined) return;
    this.#records += sign * key.count;
    this.#size += sign * key.size;
    if (sign === -1) return;
    if (key.sequence >= this.#next) this.#next = key.sequence + 1;
    if (key.sequence < this.#first) this.#first = key.sequence;
  }
}
