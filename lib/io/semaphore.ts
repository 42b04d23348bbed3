/**
 * A few places for calls that hold a thread of libuv's pool (statfs, getaddrinfo) until the system answers. The pool has
 * four threads for the whole process: with all of them held by a dead disk or a dead name server, no file is read any more.
 */
export class Semaphore {
  readonly #patienceMs: number;
  readonly #waiting: (() => void)[] = [];
  #free: number;

  /** `places` may be taken at once; who finds none waits for `patienceMs` at most. */
  constructor(places = 2, patienceMs = 250) {
    this.#free = places;
    this.#patienceMs = patienceMs;
  }

  /** True once a place is free, which must then be released; false when none became free within the patience. */
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

  release(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free += 1;
    else next();
  }
}
