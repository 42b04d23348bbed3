/** Runs a job at an interval: never two at once, no drift, and a late one skips the turns it missed. */

export interface Poll {
  /** Runs the job now unless it is running already; the promise is that of the run under way. */
  now(): Promise<void>;
  stop(): void;
}

/**
 * Starts polling with a first run at once. `job` must not reject: it turns its own failures into status or records.
 * An interval of 0 ms never runs by itself.
 */
export function startPoll(intervalMs: number, job: () => Promise<void>): Poll {
  let running: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;

  const now = (): Promise<void> => {
    running ??= job().finally(() => {
      running = undefined;
    });
    return running;
  };
  if (intervalMs > 0) {
    timer = setInterval(() => void now(), intervalMs);
    void now();
  }
  return {
    now,
    stop() {
      clearInterval(timer);
    },
  };
}
