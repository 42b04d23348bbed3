import { createSettling, type Settling } from '../../lib/settling.ts';
import type { LogPosition } from './position.ts';

/** How far one container's log was read, kept while the container is there. */
export interface Track {
  position: LogPosition;
  readonly settling: Settling<LogPosition>;
  /** How many messages wait to be handed on. */
  readonly waiting: number;
  /**
   * Does `job`, which hands on `count` messages over as many turns of the event loop as it takes: at once where nothing
   * waits, else after what waits, be it of an earlier connection. Calls `then` when it is done.
   */
  hand(count: number, job: () => Promise<void>, then: () => void): void;
}

export function createTrack(position: LogPosition = {}): Track {
  let last: Promise<void> = Promise.resolve();
  let jobs = 0;
  let waiting = 0;

  return {
    position,
    settling: createSettling<LogPosition>(),
    get waiting() {
      return waiting;
    },
    hand(count, job, then) {
      const run = async (): Promise<void> => {
        if (count > 0) await job();
        waiting -= count;
        jobs -= 1;
        then();
      };
      waiting += count;
      jobs += 1;
      last = jobs === 1 ? run() : last.then(run);
    },
  };
}
