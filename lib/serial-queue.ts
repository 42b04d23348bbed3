/** Runs jobs one after the other, in the order they came. */
export interface SerialQueue {
  /** Jobs that wait or run. */
  readonly length: number;
  run<T>(job: () => Promise<T>): Promise<T>;
}

export function createSerialQueue(): SerialQueue {
  let last: Promise<unknown> = Promise.resolve();
  let length = 0;
  return {
    get length() {
      return length;
    },
    run(job) {
      length += 1;
      const result = last.then(job).finally(() => {
        length -= 1;
      });
      last = result.catch(() => undefined);
      return result;
    },
  };
}
