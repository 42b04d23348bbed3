import { wait } from '../../../lib/io/wait.ts';
import type { Cursor } from '../answer/query.ts';

/** A reader is answered within this, whether there is news or not: proxies cut what is silent for longer. */
const HOLD_MS = 10_000;
const LOOK_MS = 250;
/** More than these wait at once: each is refused, nobody is pushed out. */
export const MOST_WAITING = 16;

/** Holds the questions of readers until there is news. Nothing is kept of a reader but its question. */
export class LongPoll {
  readonly #present: () => Cursor;
  #waiting = 0;

  /** `present`: where a reader who knows all would be. */
  constructor(present: () => Cursor) {
    this.#present = present;
  }

  /** Resolves once there is something that the reader does not know, or time is over. False where too many wait. */
  async hold(cursor: Cursor | undefined, signal: AbortSignal): Promise<boolean> {
    if (this.#waiting >= MOST_WAITING) return false;
    this.#waiting += 1;
    try {
      const endMs = performance.now() + HOLD_MS;
      while (!signal.aborted && !this.#hasNews(cursor)) {
        const restMs = endMs - performance.now();
        if (restMs <= 0) break;
        await wait(Math.min(LOOK_MS, restMs), signal);
      }
      return true;
    } finally {
      this.#waiting -= 1;
    }
  }

  #hasNews(cursor: Cursor | undefined): boolean {
    const present = this.#present();
    const isSame = cursor?.boot === present.boot && cursor.alerts === present.alerts;
    return !isSame || cursor.number !== present.number;
  }
}
