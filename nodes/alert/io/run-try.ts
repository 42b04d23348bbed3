import { setImmediate as turn } from 'node:timers/promises';

/** Others run after so many ms of work. */
const SLICE_MS = 10;

/** Runs a job to its end, in slices. */
export async function runInSlices<T>(job: Generator<undefined, T>): Promise<T> {
  for (;;) {
    const endMs = performance.now() + SLICE_MS;
    while (performance.now() < endMs) {
      const { done, value } = job.next();
      if (done === true) return value;
    }
    await turn();
  }
}
