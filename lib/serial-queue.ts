/** Runs jobs one after the other, in the order they came. */
export class SerialQueue {
  #last: Promise<unknown> = Promise.resolve();
  #length = 0;

  /** Jobs that wait or run. */
  get length(): number {
    return this.#length;
  }

  /** Settles when everything that was asked for so far is done. */
  get idle(): Promise<unknown> {
    return this.#last;
  }

  /** Settles as `job` does, once its turn has come. One that fails does not stop those after it. */
  run<T>(job: () => Promise<T>): Promise<T> {
    this.#length += 1;
    const result = this.#last.then(job).finally(() => {
      this.#length -= 1;
    });
    this.#last = result.catch(() => undefined);
    return result;
  }
}
