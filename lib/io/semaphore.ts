/**
 * A few lanes for calls that hold a thread of libuv's pool (statfs, getaddrinfo) until the system answers. The pool has
 * four threads for the whole process: with all of them held by a dead disk or a dead name server, no file is read any more.
 */
export interface Semaphore {
  /** True once a lane is free, which must then be given back; false when none became free within the patience. */
  take(): Promise<boolean>;
  give(): void;
}

export function createSemaphore(lanes = 2, patienceMs = 250): Semaphore {
  const waiting: (() => void)[] = [];
  let taken = 0;
  return {
    take() {
      if (taken < lanes) {
        taken += 1;
        return Promise.resolve(true);
      }
      return new Promise((resolve) => {
        const turn = (): void => {
          clearTimeout(timer);
          resolve(true);
        };
        const timer = setTimeout(() => {
          waiting.splice(waiting.indexOf(turn), 1);
          resolve(false);
        }, patienceMs);
        waiting.push(turn);
      });
    },
    give() {
      const next = waiting.shift();
      if (next === undefined) taken -= 1;
      else next();
    },
  };
}
