import type { BatchKey } from './batch-key.ts';
import type { Store } from './store.ts';

/** The batches on disk whose messages are being sent, or came back and are in memory. */
export class BatchesOnTheWay {
  readonly #batches = new Map<string, BatchKey>();
  /** Batches that have arrived, and go from the disk as soon as it can be written. */
  #arrived: BatchKey[] = [];

  readonly has = (key: BatchKey): boolean => this.#batches.has(key.key);

  /** Whether there are batches to be removed. */
  get hasArrived(): boolean {
    return this.#arrived.length > 0;
  }

  add(key: BatchKey): void {
    this.#batches.set(key.key, key);
  }

  /** Takes batches out, and gives the number of their messages. */
  take(keys: readonly BatchKey[]): number {
    let count = 0;
    for (const key of keys) if (this.#batches.delete(key.key)) count += key.count;
    return count;
  }

  arrive(keys: readonly BatchKey[]): void {
    this.#arrived.push(...keys);
  }

  /** Removes from the disk what has arrived. */
  async remove(store: Store): Promise<void> {
    const keys = [...this.#arrived];
    await store.remove(keys);
    this.take(keys);
    this.#arrived = this.#arrived.slice(keys.length);
  }

  /** Messages of these batches on disk. */
  async countIn(store: Store): Promise<number> {
    const present = await store.present([...this.#batches.values()]);
    return present.reduce((sum, { count }) => sum + count, 0);
  }
}
