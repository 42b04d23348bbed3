import type { StateFile } from './state-file.ts';

export interface CheckpointOptions<T extends object> {
  readonly file: StateFile<T>;
  /** The state to keep, as it is now; undefined where there is nothing to write. */
  snapshot(): T | undefined;
  /** How often it is asked for, in ms. */
  readonly everyMs: number;
  /** Whether the state stays as it is until `arm` is called. Where this is given, no timer runs while it does. */
  isSettled?(): boolean;
  /** Hears why the state could not be written; once, until it could be written again. */
  onFault(error: unknown): void;
}

/** A disk is kept busy by this part of the time at most: to sync an SD card can take a tenth of a second. */
const DISK_SHARE = 1 / 10;

/** Keeps what a source reached in its state file: now and then while it changes, and once more at the end. */
export class Checkpoint<T extends object> {
  readonly #options: CheckpointOptions<T>;
  #timer: NodeJS.Timeout | undefined;
  #written: string | undefined;
  #writing: Promise<void> = Promise.resolve();
  #isWriting = false;
  #nextMs = 0;
  #isFaulty = false;
  #isClosed = false;

  constructor(options: CheckpointOptions<T>) {
    this.#options = options;
    if (options.isSettled === undefined) this.arm();
  }

  /** The state has changed, or will by itself: it is asked for from now on, until it is settled and written. */
  arm(): void {
    if (!this.#isClosed) this.#timer ??= setInterval(() => this.#tick(), this.#options.everyMs);
  }

  #tick(): void {
    if (this.#isWriting || performance.now() < this.#nextMs) return;
    void this.write();
    if (!this.#isWriting && !this.#isFaulty && this.#options.isSettled?.()) this.#disarm();
  }

  #disarm(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** Writes the state where it is not the one written last; resolves once that one is in the file. Never rejects. */
  write(state: T | undefined = this.#snapshot()): Promise<void> {
    if (state === undefined) return this.#writing;
    const text = JSON.stringify(state);
    if (text !== this.#written) {
      this.#written = text;
      this.#writing = this.#write(state, text);
    }
    return this.#writing;
  }

  /** Nothing may be thrown from a timer. */
  #snapshot(): T | undefined {
    try {
      return this.#options.snapshot();
    } catch (error) {
      this.#fail(error);
      return undefined;
    }
  }

  async #write(state: T, text: string): Promise<void> {
    const beganMs = performance.now();
    this.#isWriting = true;
    try {
      await this.#options.file.write(state);
      this.#isFaulty = false;
    } catch (error) {
      // Not written after all: the next time tries again.
      if (this.#written === text) this.#written = undefined;
      this.#fail(error);
    }
    const endedMs = performance.now();
    this.#isWriting = false;
    this.#nextMs = endedMs + (endedMs - beganMs) / DISK_SHARE;
  }

  #fail(error: unknown): void {
    if (!this.#isFaulty) this.#options.onFault(error);
    this.#isFaulty = true;
  }

  /** Writes the last state, or `state`, and ends. */
  close(state?: T): Promise<void> {
    this.#isClosed = true;
    this.#disarm();
    return this.write(state);
  }
}
