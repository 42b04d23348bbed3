/** Keeps a node connected to its engine: one session after another, with back-off between them, until it is stopped. */

import { setTimeout as sleep } from 'node:timers/promises';
import { Backoff } from '../backoff.ts';

/** An engine is mostly on the same host: after its restart a node is to be back within seconds. */
const MAXIMUM_MS = 5_000;

/** How long a stop waits for the session to end, in milliseconds. */
const PATIENCE_MS = 1_000;

export interface Connection {
  /** Ends the session, and resolves once it has ended; one that waits for an engine that hangs is left behind. */
  stop(): Promise<void>;
}

/**
 * Runs `session` again and again. A session runs until its signal says stop or its connection is lost, which it says
 * by rejecting; `lost` hears why. A session that calls `established` starts the back-off anew.
 */
export function keepConnected(
  session: (signal: AbortSignal, established: () => void) => Promise<void>,
  lost: (error: unknown) => void,
  backoff: Backoff = new Backoff(200, MAXIMUM_MS),
): Connection {
  const controller = new AbortController();
  const { signal } = controller;

  const wait = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      signal.addEventListener('abort', done);
    });

  const run = async (): Promise<void> => {
    while (!signal.aborted) {
      try {
        await session(signal, () => backoff.reset());
      } catch (error) {
        if (!signal.aborted) lost(error);
      }
      if (!signal.aborted) await wait(backoff.next());
    }
  };
  const ended = run();
  return {
    stop() {
      controller.abort();
      return Promise.race([ended, sleep(PATIENCE_MS, undefined, { ref: false })]);
    },
  };
}
