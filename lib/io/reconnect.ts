import { Backoff } from '../backoff.ts';
import { withTimeout } from './timeout.ts';
import { wait } from './wait.ts';

/** An engine is mostly on the same host: after its restart a node is to be back within seconds. */
const MAXIMUM_MS = 5_000;

/** How long a stop waits for the session to end, in milliseconds. */
const PATIENCE_MS = 1_000;

/**
 * A session that stood for so long, in milliseconds, and was cut is no fault where the next one stands: proxies cut what is
 * quiet, day and night, and nothing is lost by it. One that is cut earlier has failed.
 */
const STOOD_MS = 2_000;

export interface ReconnectOptions {
  /**
   * Connects, and runs until the connection is lost, which it says by rejecting. It calls `established` once it is
   * connected: the back-off begins anew. `signal` aborts when it must end, and always once it has ended.
   */
  session(signal: AbortSignal, established: () => void): Promise<void>;
  /** Hears why there is no session: why one failed, or could not be followed by another one at once. */
  lost(error: unknown): void;
  readonly backoff?: Backoff;
}

/** Runs one session after another, with back-off between them, from its construction until it is stopped. */
export class Reconnector {
  readonly #options: ReconnectOptions;
  readonly #backoff: Backoff;
  readonly #controller = new AbortController();
  readonly #ended: Promise<void>;

  constructor(options: ReconnectOptions) {
    this.#options = options;
    this.#backoff = options.backoff ?? new Backoff(200, MAXIMUM_MS);
    this.#ended = this.#run();
  }

  /** Ends the session, and resolves once it has ended; one that hangs is left behind after a second. Never rejects. */
  stop(): Promise<void> {
    this.#controller.abort();
    return withTimeout(this.#ended, PATIENCE_MS, () => undefined);
  }

  async #run(): Promise<void> {
    const { signal } = this.#controller;
    while (!signal.aborted) {
      await this.#runSession();
      if (!signal.aborted) await wait(this.#backoff.next(), signal);
    }
  }

  async #runSession(): Promise<void> {
    const { signal } = this.#controller;
    const session = new AbortController();
    const end = (): void => session.abort();
    signal.addEventListener('abort', end);
    let hasStood = false;
    let timer: NodeJS.Timeout | undefined;
    const established = (): void => {
      this.#backoff.reset();
      timer ??= setTimeout(() => {
        hasStood = true;
      }, STOOD_MS);
    };
    try {
      await this.#options.session(session.signal, established);
    } catch (error) {
      if (!signal.aborted && !hasStood) this.#options.lost(error);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      end();
    }
  }
}
