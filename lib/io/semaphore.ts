/**
 * A few places for calls that hold a thread of libuv's pool (statfs, getaddrinfo) until the system answers. The pool has
 * four threads for the whole process: a dead disk or a dead name server must not hold them all. libuv itself gives
 * look-ups of names half of them.
 */
export class Semaphore {
  readonly #patienceMs: number;
  readonly #waiting: (() => void)[] = [];
  #free: number;

  /** `places` can be taken at once; a caller that finds none free waits for `patienceMs` at most. */
  constructor(places = 2, patienceMs = 250) {
    this.#free = places;
    this.#patienceMs = patienceMs;
  }

  /** True once the caller has a place, which it must release; false where none became free in time. */
  acquire(): Promise<boolean> {
    if (this.#free > 0) {
      this.#free -= 1;
      return Promise.resolve(true);
    }
    return new Promise((resolve) => {
      const turn = (): void => {
        clearTimeout(timer);
        resolve(true);
      };
      const timer = setTimeout(() => {
        this.#waiting.splice(this.#waiting.indexOf(turn), 1);
        resolve(false);
      }, this.#patienceMs);
      this.#waiting.push(turn);
    });
  }

  /** Gives a place back: to the caller that waits longest, where there is one. */
  release(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free += 1;
    else next();
  }
}
