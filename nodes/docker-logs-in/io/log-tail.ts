import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';

/** The stream of a log ends within this many milliseconds of its container's death. */
const EARLY_MS = 2_000;

/** The bytes, or why they could not be read. */
export type Tail = { readonly bytes: Buffer } | { readonly error: unknown };

/** The end of one container's log: read when the container dies, and taken when the stream of the log has ended. */
export class LogTail {
  readonly #open: () => Promise<Readable>;
  #early: Promise<Tail> | undefined;
  #diedMs = Number.NEGATIVE_INFINITY;

  /** `open` asks the engine for the last lines. */
  constructor(open: () => Promise<Readable>) {
    this.#open = open;
  }

  /**
   * Reads the end at once: a container that removes itself is gone within milliseconds, and its log with it. When the
   * stream has ended it is too late.
   */
  readEarly(): void {
    this.#diedMs = performance.now();
    this.#early = this.#read();
  }

  /** The end after the container's death. One that was read a while ago is of an earlier death: it is read again. */
  take(): Promise<Tail> {
    const early = performance.now() - this.#diedMs < EARLY_MS ? this.#early : undefined;
    this.#early = undefined;
    return early ?? this.#read();
  }

  /** Never rejects: an error only matters where the container has stopped. */
  async #read(): Promise<Tail> {
    try {
      return { bytes: await buffer(await this.#open()) };
    } catch (error) {
      return { error };
    }
  }
}
