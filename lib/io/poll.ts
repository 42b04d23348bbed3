import { wait } from './wait.ts';

/** Runs a job at an interval, never twice at once. */
export class Poll {
  readonly #intervalMs: number;
  readonly #job: () => Promise<unknown>;
  readonly #phaseMs: number;
  readonly #closing = new AbortController();

  /**
   * `job` must not reject: it turns its own failures into a status or a record. An interval of 0 ms never runs it. The second
   * turn comes `phaseMs` after the first, after an interval unless given.
   */
  constructor(intervalMs: number, job: () => Promise<unknown>, phaseMs = intervalMs) {
    this.#intervalMs = intervalMs;
    this.#job = job;
    this.#phaseMs = phaseMs;
  }

  /** Runs the job at once, or after `firstMs`, then after the phase, and then at every interval. Does nothing after `stop`. */
  start(firstMs = 0): void {
    if (this.#intervalMs > 0) void this.#run(firstMs);
  }

  /** Ends the turns. A job that is running goes on to its end. */
  stop(): void {
    this.#closing.abort();
  }

  /**
   * Every turn is counted from the first ones, not from the one before it: `setInterval()` falls behind by a millisecond
   * or more a turn. A turn that comes while the job is still running is left out.
   */
  async #run(firstMs: number): Promise<void> {
    const { signal } = this.#closing;
    const origin = performance.now() + firstMs + this.#phaseMs - this.#intervalMs;
    if (firstMs > 0) await wait(firstMs, signal);
    for (let turn = 0; !signal.aborted; ) {
      await this.#job();
      const passed = Math.ceil((performance.now() - origin) / this.#intervalMs);
      turn = Math.max(turn + 1, passed);
      await wait(Math.max(0, origin + turn * this.#intervalMs - performance.now()), signal);
    }
  }
}
