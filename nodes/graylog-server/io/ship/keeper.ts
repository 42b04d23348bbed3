import { performance } from 'node:perf_hooks';
import type { BatchKey } from '../buffer/batch-key.ts';
import type { SentBatch } from './sent-batch.ts';

export interface KeeperOptions {
  /** What is on its way, oldest first. */
  batches(): readonly SentBatch[];
  /** Writes batches to disk. Undefined where the disk takes nothing. */
  keep(batches: readonly (readonly string[])[]): Promise<readonly BatchKey[] | undefined>;
  release(keys: readonly BatchKey[]): void;
  /** How long a message may be in memory alone, in ms. */
  readonly afterMs: number;
}

const LOOK_MS = 500;

/** Writes what is on its way for long to disk: a process that is killed then loses none of it. */
export class Keeper {
  readonly #options: KeeperOptions;
  #timer: NodeJS.Timeout | undefined;
  #keeping: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(options: KeeperOptions) {
    this.#options = options;
  }

  /** Looks soon, and again as long as something is on its way. */
  schedule(): void {
    if (!this.#isClosed) this.#timer ??= setTimeout(() => void this.#look(), LOOK_MS);
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }

  /** Writes what was taken in before `beforeMs`, in ms of a steady clock, and is on its way. */
  keepBefore(beforeMs: number): Promise<void> {
    return this.#keep(({ atMs }) => atMs <= beforeMs);
  }

  async #look(): Promise<void> {
    const beforeMs = performance.now() - this.#options.afterMs;
    await this.#keep(({ atMs }) => atMs < beforeMs);
    this.#timer = undefined;
    if (this.#options.batches().length > 0) this.schedule();
  }

  /** One at a time: no batch is written twice. */
  #keep(isDue: (batch: SentBatch) => boolean): Promise<void> {
    this.#keeping = this.#keeping.then(() => this.#keepNow(isDue));
    return this.#keeping;
  }

  async #keepNow(isDue: (batch: SentBatch) => boolean): Promise<void> {
    const { batches, keep, release } = this.#options;
    const due = batches().filter((batch) => batch.isAwaited && isDue(batch));
    if (due.length === 0) return;
    const keys = (await keep(due.map(({ texts }) => texts))) ?? [];
    release(keys.filter((key, i) => due[i]?.keptAs(key) !== true));
  }
}
