import { ByteBudget } from '../../../lib/byte-budget.ts';
import { LimitedQueue } from '../../../lib/limited-queue.ts';

/** The stream of a log ends within this many milliseconds of its container's death. */
const EARLY_MS = 2_000;

/** The longest end of a log, in bytes: 500 messages of 16 KiB are the half of it. */
export const MOST_OF_TAIL = 16 * 1024 * 1024;

const READ_AT_ONCE = 8;
/** What all ends that were read early may take while they wait, in bytes. */
const MOST_WAITING = 2 * MOST_OF_TAIL;

/** What the ends of all containers' logs share: a thousand containers can die at once. */
export class TailLimits {
  readonly queue = new LimitedQueue(READ_AT_ONCE);
  readonly budget = new ByteBudget(MOST_WAITING);
}

/** The bytes, or why they could not be read. */
export type Tail = { readonly bytes: Buffer } | { readonly error: unknown };

/** The end of one container's log: read when the container dies, and taken when the stream of the log has ended. */
export class LogTail {
  readonly #readBytes: () => Promise<Buffer>;
  readonly #limits: TailLimits;
  #early: Promise<Tail | undefined> | undefined;
  /** Forgets what was read early. */
  #forget: () => void = () => undefined;

  /** `readBytes` asks the engine for the last lines. */
  constructor(readBytes: () => Promise<Buffer>, limits: TailLimits) {
    this.#readBytes = readBytes;
    this.#limits = limits;
  }

  /**
   * Reads the end at once: a container that removes itself is gone within milliseconds, and its log with it. When the
   * stream has ended it is too late. It is kept for a moment only: a later one is of a later death.
   */
  readEarly(): void {
    this.#forget();
    let isForgotten = false;
    let held = 0;
    const release = (): void => {
      this.#limits.budget.release(held);
      held = 0;
    };
    const timer = setTimeout(() => this.#forget(), EARLY_MS);
    this.#forget = () => {
      isForgotten = true;
      clearTimeout(timer);
      release();
      this.#early = undefined;
      this.#forget = () => undefined;
    };
    this.#early = this.#read().then((tail) => {
      const bytes = 'bytes' in tail ? tail.bytes.length : 0;
      // Where there is no room it is read again when it is needed.
      if (isForgotten) return tail;
      if (!this.#limits.budget.take(bytes)) return undefined;
      held = bytes;
      return tail;
    });
  }

  /** The end after the container's death. */
  async take(): Promise<Tail> {
    const early = this.#early;
    this.#early = undefined;
    const tail = await early;
    this.#forget();
    return tail ?? this.#read();
  }

  /** Nobody will take what was read early. */
  close(): void {
    this.#forget();
  }

  /** Never rejects: an error only matters where the container has stopped. */
  async #read(): Promise<Tail> {
    try {
      return { bytes: await this.#limits.queue.run(this.#readBytes) };
    } catch (error) {
      return { error };
    }
  }
}
