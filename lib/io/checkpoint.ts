import type { StateFile } from './state-file.ts';

export interface CheckpointOptions<T> {
  readonly file: StateFile<T>;
  /** The state to keep, as it is now; undefined where there is nothing to write. */
  snapshot(): T | undefined;
  /** How often it is asked for, in ms. */
  readonly everyMs: number;
  /** Hears why the state could not be written; once, until it could be written again. */
  onFault(error: unknown): void;
}

/** Keeps what a source reached in its state file: now and then while it changes, and once more at the end. */
export class Checkpoint<T> {
  readonly #options: CheckpointOptions<T>;
  readonly #timer: NodeJS.Timeout;
  #written: string | undefined;
  #writing: Promise<void> = Promise.resolve();
  #isFaulty = false;

  constructor(options: CheckpointOptions<T>) {
    this.#options = options;
    this.#timer = setInterval(() => void this.write(), options.everyMs);
  }

  /** Writes the state where it is not the one written last; resolves once that one is in the file. Never rejects. */
  write(state: T | undefined = this.#options.snapshot()): Promise<void> {
    if (state === undefined) return this.#writing;
    const text = JSON.stringify(state);
    if (text !== this.#written) {
      this.#written = text;
      this.#writing = this.#write(state, text);
    }
    return this.#writing;
  }

  async #write(state: T, text: string): Promise<void> {
    try {
      await this.#options.file.write(state);
      this.#isFaulty = false;
    } catch (error) {
      // Not written after all: the next time tries again.
      if (this.#written === text) this.#written = undefined;
      if (!this.#isFaulty) this.#options.onFault(error);
      this.#isFaulty = true;
    }
  }

  /** Writes the last state, and ends. */
  close(): Promise<void> {
    clearInterval(this.#timer);
    return this.write();
  }
}
