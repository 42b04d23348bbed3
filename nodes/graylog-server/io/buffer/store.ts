import { MonitoringError } from '../../../../lib/errors.ts';
import type { AgeClock } from './age-clock.ts';
import { type BatchKey, batchKey, FIRST_SEQUENCE, parseBatchKey, SEQUENCE_STEP } from './batch-key.ts';
import { Ledger, type LedgerEntry, missingOf, readLedger } from './ledger.ts';
import { BEHIND_ALL, type Level, type LevelOptions, mergeTables, openLevel, tableBytes } from './level.ts';
import { RemovedRange } from './removed-range.ts';
import { sealed, storedBytes, unsealed } from './sealed-batch.ts';
import type { Damage } from './store-damage.ts';
import { makeFolder, removeOldNotes, tidyFiles } from './store-files.ts';

export interface StoreOptions extends LevelOptions {
  readonly clock: AgeClock;
}

export interface StoredBatch {
  readonly key: BatchKey;
  /** Undefined where they are not as they were written. */
  readonly texts: string[] | undefined;
}

type IsSkipped = (key: BatchKey) => boolean;
type NewBatch = { readonly key: BatchKey; readonly value: Buffer };

const FEW_TABLES = 8;
const MAX_GARBAGE_BYTES = 16_777_216;

/**
 * Messages on disk, in order, in batches. LevelDB keeps what was written through a `kill -9` (the write has reached the
 * system), refuses to be opened twice, and finds most damage when it opens a file; a checksum of ours finds the rest, and
 * a ledger beside it tells how much should be there.
 */
export class Store {
  readonly #path: string;
  readonly #options: StoreOptions;
  readonly #level: Level;
  #ledger: Ledger | undefined;
  #first = Number.POSITIVE_INFINITY;
  #next = FIRST_SEQUENCE;
  #records = 0;
  #size = 0;
  readonly #removed = new RemovedRange();
  #damage: Damage | undefined;
  #missing = 0;
  #hadLedger = false;

  private constructor(path: string, options: StoreOptions, level: Level) {
    this.#path = path;
    this.#options = options;
    this.#level = level;
  }

  /** Messages kept. */
  get records(): number {
    return this.#records;
  }

  /** Bytes kept. */
  get size(): number {
    return this.#size;
  }

  /** What was wrong with the files when they were opened. */
  get damage(): Damage | undefined {
    return this.#damage;
  }

  /** Messages that should have been there when it was opened. */
  get missing(): number {
    return this.#missing;
  }

  /** Whether `missing` is known: a store of an earlier version has no ledger. */
  get hadLedger(): boolean {
    return this.#hadLedger;
  }

  /**
   * Opens the folder, making it where it is missing. Damaged files are repaired; where that does not help they are set
   * aside and an empty store is begun. Throws `STORE_LOCKED` where another process, or another node of this one, uses it,
   * else the error of the file system.
   */
  static async open(path: string, options: StoreOptions): Promise<Store> {
    await makeFolder(path);
    const remembered = await readLedger(path);
    if (remembered !== undefined) options.clock.remember(remembered.clocks);
    const { opened: store, damage } = await openLevel(path, options, async (level) => {
      const found = new Store(path, options, level);
      for await (const text of level.keys()) found.#count(parseBatchKey(text), 1);
      return found;
    });
    store.#damage = damage;
    await store.#takeStock(remembered);
    return store;
  }

  /** Writes messages behind all others. Rejects with the file system's error, and then nothing was written. */
  async append(texts: readonly string[]): Promise<void> {
    await this.#put(this.#batches([texts], this.#next, SEQUENCE_STEP));
  }

  /** Writes batches before all others and takes out the ones that they came from, all or nothing. */
  async prepend(batches: readonly (readonly string[])[], replaced: readonly BatchKey[]): Promise<void> {
    const present = await this.present(replaced);
    // Noted before the change, since the ledger never promises more than there is.
    await this.#note(this.#records - recordsOf(present));
    await this.#put(this.#batches(batches, this.#frontFor(batches.length), SEQUENCE_STEP), present);
  }

  /**
   * Writes batches right before the one with the key `before`, or behind all where there is none, and gives their keys.
   * Rejects with the file system's error, and then nothing was written.
   */
  async insert(batches: readonly (readonly string[])[], before: BatchKey | undefined): Promise<BatchKey[]> {
    const { from, step } = await this.#room(batches.length, before);
    const added = this.#batches(batches, from, step);
    await this.#put(added);
    return added.map(({ key }) => key);
  }

  /** The first batch behind `after`, or of all, that is not to be skipped; undefined where there is none. */
  async read(after: BatchKey | undefined, isSkipped: IsSkipped = () => false): Promise<StoredBatch | undefined> {
    const key = await this.oldestKey(after, isSkipped);
    const value = key === undefined ? undefined : await this.#level.get(key.key);
    if (key === undefined) return undefined;
    if (value === undefined) throw new MonitoringError('BATCH_MISSING');
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
    const present = await this.present(keys);
    if (present.length === 0) return;
    await this.#note(this.#records - recordsOf(present));
    await this.#level.batch(present.map(({ key }) => ({ type: 'del' as const, key })));
    await this.#uncount(present);
    const most = Math.min(this.#options.diskSize / 16, MAX_GARBAGE_BYTES);
    if (this.#removed.bytes >= most) await this.#removed.compact(this.#level);
  }

  /** Removes batches so that their room on disk is free at once. */
  async free(keys: readonly BatchKey[]): Promise<void> {
    // Marks of removal get a file of their own: in one with new messages they would have the whole store written anew.
    await this.#level.compactRange(BEHIND_ALL, BEHIND_ALL);
    await this.remove(keys);
    await this.#removed.compact(this.#level);
  }

  /** Those of the keys that are there: what was read a second time may be released twice. */
  async present(keys: readonly BatchKey[]): Promise<BatchKey[]> {
    if (keys.length === 0) return [];
    const found = await this.#level.hasMany(keys.map(({ key }) => key));
    return keys.filter((_, i) => found[i]);
  }

  /** Sees to the files: their rights, and what they take. Whether the store should be opened anew to make them smaller. */
  async tidy(): Promise<boolean> {
    const usual = tableBytes(this.#options.diskSize);
    const { notes, tables } = await tidyFiles(this.#path);
    if (tables > FEW_TABLES + (2 * this.#size) / usual) await mergeTables(this.#level);
    return notes > usual;
  }

  async close(): Promise<void> {
    await this.#level.close();
    await tidyFiles(this.#path);
    await this.#ledger?.close();
  }

  async #takeStock(remembered: LedgerEntry | undefined): Promise<void> {
    await removeOldNotes(this.#path);
    await this.tidy();
    this.#hadLedger = remembered !== undefined;
    if (remembered !== undefined) this.#missing = await missingOf(remembered, this.#level.keys());
    // Older batches that may follow from a lost log must not stand where new ones go.
    if (remembered !== undefined && remembered.next > this.#next) this.#next = remembered.next;
    this.#ledger = await Ledger.open(this.#path);
    await this.#note(this.#records);
  }

  #batches(batches: readonly (readonly string[])[], from: number, step: number): NewBatch[] {
    const { atMs, clock } = this.#options.clock.stamp();
    return batches.map((texts, i) => {
      const value = sealed(texts);
      return { value, key: batchKey(from + i * step, texts.length, storedBytes(value), atMs, clock) };
    });
  }

  async #put(added: readonly NewBatch[], replaced: readonly BatchKey[] = []): Promise<void> {
    await this.#level.batch([
      ...replaced.map(({ key }) => ({ type: 'del' as const, key })),
      ...added.map(({ key, value }) => ({ type: 'put' as const, key: key.key, value })),
    ]);
    for (const { key } of added) this.#count(key, 1);
    await this.#uncount(replaced);
    await this.#note(this.#records);
  }

  #frontFor(count: number): number {
    const first = Number.isFinite(this.#first) ? this.#first : this.#next;
    return first - (first % SEQUENCE_STEP) - count * SEQUENCE_STEP;
  }

  /** Free places for `count` batches before `before`: behind the one that precedes it, else before all. */
  async #room(count: number, before: BatchKey | undefined): Promise<{ from: number; step: number }> {
    if (before === undefined) return { from: this.#next, step: SEQUENCE_STEP };
    for await (const text of this.#level.keys({ lt: before.key, reverse: true, limit: 1 })) {
      const from = (parseBatchKey(text)?.sequence ?? before.sequence) + 1;
      if (from + count <= before.sequence) return { from, step: 1 };
    }
    return { from: this.#frontFor(count), step: SEQUENCE_STEP };
  }

  async #note(records: number): Promise<void> {
    const first = Number.isFinite(this.#first) ? this.#first : this.#next;
    await this.#ledger?.write({ first, next: this.#next, records, clocks: this.#options.clock.clocks });
  }

  #count(key: BatchKey | undefined, sign: 1 | -1): void {
    if (key === undefined) return;
    this.#records += sign * key.count;
    this.#size += sign * key.size;
    if (sign === -1) return;
    if (key.sequence >= this.#next) this.#next = key.sequence - (key.sequence % SEQUENCE_STEP) + SEQUENCE_STEP;
    if (key.sequence < this.#first) this.#first = key.sequence;
  }

  async #uncount(keys: readonly BatchKey[]): Promise<void> {
    for (const key of keys) {
      this.#count(key, -1);
      this.#removed.add(key);
    }
    const first = keys.find(({ sequence }) => sequence === this.#first);
    if (first === undefined) return;
    this.#first = (await this.oldestKey(first))?.sequence ?? Number.POSITIVE_INFINITY;
  }
}

function recordsOf(keys: readonly BatchKey[]): number {
  return keys.reduce((sum, { count }) => sum + count, 0);
}
