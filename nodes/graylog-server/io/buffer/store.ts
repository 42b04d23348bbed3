import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import { ClassicLevel } from 'classic-level';
import { errorCode, MonitoringError } from '../../../../lib/errors.ts';
import { type BatchKey, batchKey, FIRST_SEQUENCE, parseBatchKey, SEPARATOR, SEQUENCE_STEP } from './batch-key.ts';
import { type DamageListener, damageAtOpening, isDamage, levelCause, setStoreAside } from './store-damage.ts';

export interface StoredBatch {
  readonly key: BatchKey;
  /** Undefined where they are not as they were written. */
  readonly texts: string[] | undefined;
}

type IsSkipped = (key: BatchKey) => boolean;

/**
 * Messages on disk, in order, in batches. LevelDB keeps what was written through a `kill -9` (the write has reached the
 * system), refuses to be opened twice, and finds most damage when it opens a file; a checksum of ours finds the rest.
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
   * Opens the folder, making it where it is missing. A store that cannot be read is moved aside and an empty one is begun.
   * Throws `STORE_LOCKED` where another process, or another node of this one, uses it, else the error of the file system.
   */
  static async open(path: string, damage: DamageListener): Promise<Store> {
    await mkdir(dirname(path), { recursive: true });
    try {
      const store = await Store.#openOnce(path);
      const lost = await damageAtOpening(path);
      if (lost !== undefined) damage.partlyLost(lost);
      return store;
    } catch (error) {
      const cause = levelCause(error);
      if (errorCode(cause) === 'LEVEL_LOCKED') throw new MonitoringError('STORE_LOCKED', {}, { cause });
      if (!isDamage(error)) throw cause;
      damage.setAside(await setStoreAside(path, cause));
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
    const value = sealed(texts);
    const key = batchKey(this.#next, texts.length, value.length, nowMs);
    await this.#level.put(key.key, value);
    this.#count(key, 1);
  }

  /** Writes batches before all others and takes out the ones that they came from, all or nothing. */
  async prepend(batches: readonly string[][], replaced: readonly BatchKey[], nowMs: number): Promise<void> {
    const first = this.#first - batches.length * SEQUENCE_STEP;
    const added = batches.map((texts, i) => {
      const value = sealed(texts);
      return { value, key: batchKey(first + i * SEQUENCE_STEP, texts.length, value.length, nowMs) };
    });
    const present = await this.#present(replaced);
    await this.#level.batch([
      ...present.map(({ key }) => ({ type: 'del' as const, key })),
      ...added.map(({ key, value }) => ({ type: 'put' as const, key: key.key, value })),
    ]);
    for (const key of present) this.#count(key, -1);
    for (const { key } of added) this.#count(key, 1);
  }

  /**
   * Writes batches right before the one with the key `before`, or behind all where there is none, and gives their keys.
   * Rejects with the file system's error, and then nothing was written.
   */
  async insert(
    batches: readonly (readonly string[])[],
    before: BatchKey | undefined,
    nowMs: number,
  ): Promise<BatchKey[]> {
    const { from, step } = await this.#room(batches.length, before);
    const added = batches.map((texts, i) => {
      const value = sealed(texts);
      return { value, key: batchKey(from + i * step, texts.length, value.length, nowMs) };
    });
    await this.#level.batch(added.map(({ key, value }) => ({ type: 'put' as const, key: key.key, value })));
    for (const { key } of added) this.#count(key, 1);
    return added.map(({ key }) => key);
  }

  /** Free places for `count` batches before `before`: behind the one that precedes it, else before all. */
  async #room(count: number, before: BatchKey | undefined): Promise<{ from: number; step: number }> {
    if (before === undefined) return { from: this.#next, step: SEQUENCE_STEP };
    for await (const text of this.#level.keys({ lt: before.key, reverse: true, limit: 1 })) {
      const from = (parseBatchKey(text)?.sequence ?? before.sequence) + 1;
      if (from + count <= before.sequence) return { from, step: 1 };
    }
    return { from: this.#first - count * SEQUENCE_STEP, step: SEQUENCE_STEP };
  }

  /** The first batch behind `after`, or of all, that is not to be skipped; undefined where there is none. */
  async read(after: BatchKey | undefined, isSkipped: IsSkipped = () => false): Promise<StoredBatch | undefined> {
    const key = await this.oldestKey(after, isSkipped);
    const value = key === undefined ? undefined : await this.#level.get(key.key);
    if (key === undefined || value === undefined) return undefined;
    return { key, texts: unsealed(value) };
  }

  /** The key of the first batch behind `after`, or of all, that is not to be skipped. */
  async oldestKey(after: BatchKey | undefined, isSkipped: IsSkipped = () => false): Promise<BatchKey | undefined> {
    const range = after === undefined ? {} : { gt: after.key };
    // Few are skipped: without the bound hundreds of keys would be fetched for one.
    for await (const text of this.#level.keys({ ...range, highWaterMarkBytes: 1 })) {
      const key = parseBatchKey(text);
      if (key !== undefined && !isSkipped(key)) return key;
    }
    return undefined;
  }

  async remove(keys: readonly BatchKey[]): Promise<void> {
    const present = await this.#present(keys);
    if (present.length === 0) return;
    await this.#level.batch(present.map(({ key }) => ({ type: 'del' as const, key })));
    for (const key of present) this.#count(key, -1);
  }

  /** What was read a second time after the store had failed may be released twice, and must not be counted twice. */
  async #present(keys: readonly BatchKey[]): Promise<BatchKey[]> {
    if (keys.length === 0) return [];
    const found = await this.#level.hasMany(keys.map(({ key }) => key));
    return keys.filter((_, i) => found[i]);
  }

  async close(): Promise<void> {
    await this.#level.close();
  }

  #count(key: BatchKey | undefined, sign: 1 | -1): void {
    if (key === undefined) return;
    this.#records += sign * key.count;
    this.#size += sign * key.size;
    if (sign === -1) return;
    if (key.sequence >= this.#next) this.#next = key.sequence - (key.sequence % SEQUENCE_STEP) + SEQUENCE_STEP;
    if (key.sequence < this.#first) this.#first = key.sequence;
  }
}

function sealed(texts: readonly string[]): string {
  const text = texts.join(SEPARATOR);
  return `${crc32(text)}${SEPARATOR}${text}`;
}

function unsealed(value: string): string[] | undefined {
  const end = value.indexOf(SEPARATOR);
  const text = value.slice(end + 1);
  return end > 0 && String(crc32(text)) === value.slice(0, end) ? text.split(SEPARATOR) : undefined;
}
