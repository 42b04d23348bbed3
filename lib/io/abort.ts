/** Settles as `job` does; rejects with the signal's reason where that aborts first. */
export function orAbort<T>(job: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    job.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

/** As `orAbort`, but resolves to undefined where the signal aborts first. What the job comes to after that is dropped. */
export function untilAborted<T>(job: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  return orAbort<T | undefined>(job, signal).catch((error) => {
    if (signal.aborted) return undefined;
    throw error;
  });
}
