/** The delay of a source as long as no server has said how long what it takes may be unconfirmed. */
export const POSITION_DELAY_MS = 900;

/**
 * Which position a source may write into its checkpoint. What was handed on a moment ago may still be between two
 * nodes, where a redeploy drops it, or not confirmed by its receiver: a position is safe only once it was reached `delayMs`
 * ago. What is read again
 * after that carries the same `event_id`, and `graylog-server` drops what it took already.
 */
export class DelayedPosition<T> {
  readonly #delayMs: () => number;
  #waiting: { position: T; atMs: number }[] = [];
  #safe: T | undefined;

  /** `delayMs` is asked each time. What was safe stays safe when it grows. */
  constructor(delayMs: () => number = () => POSITION_DELAY_MS) {
    this.#delayMs = delayMs;
  }

  /** Whether there is a position that is not safe yet. */
  get isWaiting(): boolean {
    return this.#waiting.length > 0;
  }

  /** Everything up to `position` was handed on at `nowMs` (milliseconds, any steady clock). */
  reached(position: T, nowMs: number): void {
    const last = this.#waiting.at(-1);
    const before = this.#waiting.at(-2);
    // Positions are kept in steps of a tenth of the delay, so that a busy source costs no memory: the last one takes
    // the newer position and time until it is a step away from the one before it.
    if (last !== undefined && nowMs - (before?.atMs ?? Number.NEGATIVE_INFINITY) < this.#delayMs() / 10) {
      last.position = position;
      last.atMs = nowMs;
    } else {
      this.#waiting.push({ position, atMs: nowMs });
    }
  }

  /** The newest position that was reached at least `delayMs` before `nowMs`, or undefined where there is none yet. */
  safe(nowMs: number): T | undefined {
    const delayMs = this.#delayMs();
    const open = this.#waiting.findIndex(({ atMs }) => nowMs - atMs < delayMs);
    const done = open === -1 ? this.#waiting.length : open;
    if (done > 0) {
      this.#safe = this.#waiting[done - 1]?.position;
      this.#waiting = this.#waiting.slice(done);
    }
    return this.#safe;
  }
}
