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

  async #look(): Promise<void> {
    const { batches, keep, release, afterMs } = this.#options;
    const nowMs = performance.now();
    const due = batches().filter((batch) => nowMs - batch.atMs > afterMs && batch.isAwaited);
    if (due.length > 0) {
      const keys = (await keep(due.map(({ texts }) => texts))) ?? [];
      release(keys.filter((key, i) => due[i]?.keptAs(key) !== true));
    }
    this.#timer = undefined;
    if (batches().length > 0) this.schedule();
  }
}
