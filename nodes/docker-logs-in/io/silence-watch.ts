/** How often it is looked whether bytes have come, in milliseconds. */
const LOOK_MS = 5_000;

/** A stream that is silent for so long is doubted, in milliseconds; and again after so long. */
export const QUIET_MS = 30_000;
/** To read a large log again may cost an engine much. */
const LONGEST_QUIET_MS = 600_000;
/** What an engine was kept busy with is asked for again after so many times as long. */
const REST_FACTOR = 20;

/** Where lines may be left out of a stream that goes on, they are to be found soon, at a quarter of the engine's time. */
const ALWAYS_REST_FACTOR = 3;

/** How long a stream may be silent before it is doubted again, where it took the engine `tookMs` the last time. */
export function quietMsAfter(tookMs: number): number {
  return Math.min(Math.max(QUIET_MS, tookMs * REST_FACTOR), LONGEST_QUIET_MS);
}

/** How long it may be silent where the engine had not sent anything in `quietMs`. */
export function longerQuietMs(quietMs: number): number {
  return Math.min(quietMs * 2, LONGEST_QUIET_MS);
}

export interface SilenceWatchOptions {
  /** How many bytes of the stream have come. */
  bytesRead(): number;
  /** Whether nobody reads the stream now: what does not come then is no silence. */
  isHeldBack(): boolean;
  /** Asks whether the stream owes anything. It may reject. */
  isOwed(isSilent: boolean): Promise<boolean>;
  /** Whether that is asked of a stream that is not silent as well. */
  isAskedAlways(): boolean;
  /** The stream stands still: it owes something. Called once. */
  standsStill(): void;
  /** How long it may be silent before it is asked, in milliseconds. */
  readonly quietMs: number;
  readonly lookMs?: number;
}

/**
 * Watches over a stream that may stand still for ever without an end: engines lose their place in a log that is rotated or
 * cut. It asks now and then, and only while the stream is silent.
 */
export class SilenceWatch {
  readonly #options: SilenceWatchOptions;
  readonly #timer: NodeJS.Timeout;
  #bytes = -1;
  #sinceMs = performance.now();
  #isAsking = false;
  #isClosed = false;

  constructor(options: SilenceWatchOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.#look(), options.lookMs ?? Math.min(LOOK_MS, options.quietMs));
  }

  close(): void {
    this.#isClosed = true;
    clearInterval(this.#timer);
  }

  #look(): void {
    const { bytesRead, isHeldBack, isAskedAlways, quietMs } = this.#options;
    const bytes = bytesRead();
    const nowMs = performance.now();
    const isSilent = bytes === this.#bytes && !isHeldBack();
    this.#bytes = bytes;
    if (!isSilent && !isAskedAlways()) {
      this.#sinceMs = nowMs;
    } else if (nowMs - this.#sinceMs >= quietMs && !this.#isAsking) {
      void this.#ask(isSilent);
    }
  }

  async #ask(isSilent: boolean): Promise<void> {
    const { bytesRead, isOwed, isAskedAlways, standsStill } = this.#options;
    const beganMs = performance.now();
    const bytes = this.#bytes;
    this.#isAsking = true;
    // An engine that does not answer is the business of others.
    const owed = await isOwed(isSilent).catch(() => false);
    this.#isAsking = false;
    const nowMs = performance.now();
    // What costs the engine much is asked seldom.
    const tookMs = nowMs - beganMs;
    const restMs = isAskedAlways() ? tookMs * ALWAYS_REST_FACTOR : quietMsAfter(tookMs) - QUIET_MS;
    this.#sinceMs = nowMs + restMs;
    // What came meanwhile is what was asked for.
    if (!owed || this.#isClosed || (isSilent && bytesRead() !== bytes)) return;
    this.close();
    standsStill();
  }
}
