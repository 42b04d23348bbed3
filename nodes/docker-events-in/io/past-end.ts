import type { TimedEvent } from '../../../lib/docker/events.ts';
import { isLater } from '../../../lib/docker/time.ts';
import { wait } from '../../../lib/io/wait.ts';

/** An engine sends what it remembers in one go: when nothing came for so long, in milliseconds, it has sent all of it. */
const QUIET_MS = 250;
/** It remembers 256 events. After so many times `QUIET_MS` it is waited for no longer. */
const MOST_LOOKS = 40;

/** Knows when a stream of events has told the past. Nothing in the stream says so, and it goes on with what happens now. */
export class PastEnd {
  readonly #now: string;
  #isReached = false;
  #count = 0;

  /** `now`: nanoseconds since the epoch; what is older is the past. */
  constructor(now: string) {
    this.#now = now;
  }

  isPast({ nanos }: TimedEvent): boolean {
    return isLater(this.#now, nanos);
  }

  heard(events: readonly TimedEvent[]): void {
    this.#count += 1;
    if (events.some((event) => !this.isPast(event))) this.#isReached = true;
  }

  /** Resolves when the past is told, or when `signal` aborts. The stream is open when this is called. */
  async reached(signal: AbortSignal): Promise<void> {
    for (let look = 0; look < MOST_LOOKS && !this.#isReached && !signal.aborted; look += 1) {
      const before = this.#count;
      await wait(QUIET_MS, signal);
      if (this.#count === before) return;
    }
  }
}
