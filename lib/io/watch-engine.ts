import { wait } from './wait.ts';

/** How often a quiet engine is asked whether it is still there, in milliseconds. */
const WATCH_MS = 30_000;

export interface EngineWatch {
  /** Asks the engine; it rejects where the engine does not answer. */
  ask(): Promise<unknown>;
  /** Hears why the engine did not answer. */
  lost(error: unknown): void;
  readonly everyMs?: number;
}

/** Asks an engine now and then, one question at a time, until `signal` aborts; it resolves then. Never rejects. */
export async function watchEngine({ ask, lost, everyMs = WATCH_MS }: EngineWatch, signal: AbortSignal): Promise<void> {
  for (;;) {
    await wait(everyMs, signal);
    if (signal.aborted) return;
    try {
      await ask();
    } catch (error) {
      if (!signal.aborted) lost(error);
    }
  }
}
