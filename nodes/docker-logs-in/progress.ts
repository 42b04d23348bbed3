import { DelayedPosition } from '../../lib/delayed-position.ts';
import { SerialQueue } from '../../lib/serial-queue.ts';
import type { LogPosition } from './position.ts';

/** How far one container's log was read, kept while the container is there. */
export interface Progress {
  position: LogPosition;
  readonly settling: DelayedPosition<LogPosition>;
  /** How many messages wait to be handed on. */
  readonly waiting: number;
  /**
   * Does `job`, which hands on `count` messages over as many turns of the event loop as it takes: in this turn where
   * nothing waits, else after what waits, be it of an earlier connection. Calls `then` when it is done.
   */
  hand(count: number, job: () => Promise<void>, then: () => void): void;
}

export function createProgress(position: LogPosition = {}): Progress {
  const handing = new SerialQueue();
  let waiting = 0;

  return {
    position,
    settling: new DelayedPosition<LogPosition>(),
    get waiting() {
      return waiting;
    },
    hand(count, job, then) {
      waiting += count;
      void handing.run(async () => {
        if (count > 0) await job();
        waiting -= count;
        then();
      });
    },
  };
}
