/** Resolves after `ms`, or when `signal` aborts. Never rejects: who waits looks at the signal. */
export function wait(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
  });
}

/**
 * The wait of one loop, which `wake` ends early. A wake that comes while the loop is busy ends its next wait at once, so
 * that nothing that happened in between is missed. Aborting the signal ends every wait, now and later.
 */
export class WakeableWait {
  readonly #signal: AbortSignal;
  #isWoken = false;
  #end: (() => void) | undefined;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
    signal.addEventListener('abort', () => this.wake(), { once: true });
  }

  /** Whether a loop waits at this moment. */
  get isWaiting(): boolean {
    return this.#end !== undefined;
  }

  wake(): void {
    this.#isWoken = true;
    this.#end?.();
  }

  /** Waits for `wake`, and no longer than `ms` where that is given. */
  async for(ms?: number): Promise<void> {
    if (!this.#isWoken && !this.#signal.aborted) {
      await new Promise<void>((resolve) => {
        this.#end = resolve;
        if (ms !== undefined) {
          const timer = setTimeout(resolve, ms);
          this.#end = () => {
            clearTimeout(timer);
            resolve();
          };
        }
      });
      this.#end = undefined;
    }
    this.#isWoken = false;
  }
}
