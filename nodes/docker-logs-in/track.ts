import { createSerial } from '../../lib/serial.ts';
import { createSettling, type Settling } from '../../lib/settling.ts';
import type { LogPosition } from './position.ts';

/** How far one container's log was read, kept while the container is there. */
export interface Track {
  position: LogPosition;
  readonly settling: Settling<LogPosition>;
  /** How many messages wait to be handed on. */
  readonly waiting: number;
  /**
   * Does `job`, which hands on `count` messages over as many turns of the event loop as it takes: in this turn where
   * nothing waits, else after what waits, be it of an earlier connection. Calls `then` when it is done.
   */
  hand(count: number, job: () => Promise<void>, then: () => void): void;
}

export function createTrack(position: LogPosition = {}): Track {
  const handing = createSerial();
  let waiting = 0;

  return {
    position,
    settling: createSettling<LogPosition>(),
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
