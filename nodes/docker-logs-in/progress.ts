import { DelayedPosition } from '../../lib/delayed-position.ts';
import { SerialQueue } from '../../lib/serial-queue.ts';
import type { LogPosition } from './position.ts';

/** How far one container's log was read, and how much of it waits to be handed on. It outlives the reading of the log. */
export class LogProgress {
  /** How far the log was read. */
  position: LogPosition;
  readonly #handedOn: DelayedPosition<LogPosition>;
  readonly #queue = new SerialQueue();
  #waiting = 0;

  /** `delayMs`: see `DelayedPosition`. */
  constructor(position: LogPosition = {}, delayMs?: () => number) {
    this.position = position;
    this.#handedOn = new DelayedPosition(delayMs);
  }

  /** How many messages wait to be handed on. */
  get waiting(): number {
    return this.#waiting;
  }

  /**
   * Runs `job`, which hands on `count` messages over as many turns of the event loop as it takes. It runs in this turn
   * where nothing waits, else after what waits, be it of an earlier connection. Calls `then` when it is done.
   */
  handOn(count: number, job: () => Promise<void>, then: () => void): void {
    this.#waiting += count;
    void this.#queue.run(async () => {
      if (count > 0) await job();
      this.#waiting -= count;
      then();
    });
  }

  /** Everything up to `position` was handed on at `nowMs` (milliseconds of any steady clock). */
  reached(position: LogPosition, nowMs: number): void {
    this.#handedOn.reached(position, nowMs);
  }

  /** Whether there is a later position that may not be kept yet. */
  get hasUnsafe(): boolean {
    return this.#handedOn.isWaiting;
  }

  /** The position that may be kept over a restart; undefined where there is none yet. */
  safePosition(nowMs: number): LogPosition | undefined {
    return this.#handedOn.safe(nowMs);
  }
}
