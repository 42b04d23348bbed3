import { isClockSet } from '../../../lib/plausible-time.ts';

/** A change of the clock by less is a correction as network time makes them. */
const DRIFT_MS = 2_000;
/** A clock that lies before what is stored is waited for so long: then what is stored was wrong. */
const DISTRUST_MS = 600_000;

/** A running clock may be set back by so much: what comes joins what is stored. */
export const SET_BACK_MS = 7_200_000;

/** What the clock is worth. */
export type ClockState = 'good' | 'waiting';

/**
 * Tells at which time a moment of the monotonic clock was. A board without a battery starts in 1970 or at its last stop: until its
 * clock is set, nothing can be stamped. All in ms.
 */
export class StepClock {
  #offsetMs: number | undefined;
  #wrongSinceMs: number | undefined;
  #isBelieved = false;

  /** Hears of both clocks, and of the end of what is stored (ms since 1970; 0 where nothing is). */
  hear(monotonicMs: number, wallMs: number, storedUntilMs: number): ClockState {
    const offsetMs = wallMs - monotonicMs;
    if (this.#offsetMs !== undefined && Math.abs(offsetMs - this.#offsetMs) < DRIFT_MS) {
      this.#offsetMs = offsetMs;
      return 'good';
    }
    if (!isClockSet(wallMs) || this.#isBefore(monotonicMs, wallMs, storedUntilMs)) {
      this.#offsetMs = undefined;
      return 'waiting';
    }
    this.#wrongSinceMs = undefined;
    this.#offsetMs = offsetMs;
    return 'good';
  }

  /** Whether what is stored later than now was found to be wrong, since this was asked last. */
  takeBelief(): boolean {
    const isBelieved = this.#isBelieved;
    this.#isBelieved = false;
    return isBelieved;
  }

  /** When a moment was, in ms since 1970. Undefined while the clock is not good. */
  timeOf(monotonicMs: number): number | undefined {
    return this.#offsetMs === undefined ? undefined : monotonicMs + this.#offsetMs;
  }

  #isBefore(monotonicMs: number, wallMs: number, storedUntilMs: number): boolean {
    const isSetBack = this.#offsetMs !== undefined && wallMs >= storedUntilMs - SET_BACK_MS;
    if (wallMs >= storedUntilMs || isSetBack) return false;
    this.#wrongSinceMs ??= monotonicMs;
    if (monotonicMs - this.#wrongSinceMs < DISTRUST_MS) return true;
    this.#isBelieved = true;
    return false;
  }
}
