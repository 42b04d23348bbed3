/** At once after an outage, in bytes. Few hosts have more to send. */
const FIRST_BYTES = 262_144;
/** The rate with which more goes, in bytes a second, and how long it doubles every second, in ms. */
const RATE = 524_288;
const RAMP_MS = 8_000;

/**
 * How fast a buffer is drained after an outage: slowly at first, twice as fast every second, and after some seconds as fast as
 * it goes. A receiver that comes back meets the buffers of all hosts at once.
 */
export class DrainRamp {
  readonly #startMs: number;
  #bytes = 0;

  /** `startMs` and what is given as `nowMs`: ms of a steady clock. */
  constructor(startMs: number) {
    this.#startMs = startMs;
  }

  /** Takes note of what was sent. */
  sent(bytes: number): void {
    this.#bytes += bytes;
  }

  /** How long to wait before more is sent, in ms; undefined once that is for good. */
  waitMs(nowMs: number): number | undefined {
    const passedMs = nowMs - this.#startMs;
    if (passedMs >= RAMP_MS) return undefined;
    // The rate is RATE * 2^t: what may be sent by t is its integral.
    const dueMs = 1_000 * Math.log2(1 + (Math.max(0, this.#bytes - FIRST_BYTES) * Math.LN2) / RATE);
    return Math.max(0, Math.min(dueMs, RAMP_MS) - passedMs);
  }
}
