/** Runs a job at an interval: never two at once, no drift, and a late one skips the turns it missed. */

export interface Poll {
  /** Runs the job now unless it is running already; the promise is that of the run under way. */
  now(): Promise<void>;
  stop(): void;
}

/**
 * Starts polling with a first run at once, or after `firstMs`. Every later turn is counted from that one and not from the
 * one before it, as setInterval() does, which falls behind by a millisecond or more a turn. `job` must not reject: it
 * turns its own failures into status or records. An interval of 0 ms never runs by itself.
 */
export function startPoll(intervalMs: number, job: () => Promise<void>, firstMs = 0): Poll {
  let running: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  const first = performance.now() + firstMs;
  let turn = 0;

  const now = (): Promise<void> => {
    running ??= job().finally(() => {
      running = undefined;
    });
    return running;
  };
  const tick = (): void => {
    const passed = Math.ceil((performance.now() - first) / intervalMs);
    turn = Math.max(turn + 1, passed);
    timer = setTimeout(tick, Math.max(0, first + turn * intervalMs - performance.now()));
    void now();
  };
  if (intervalMs > 0) {
    if (firstMs > 0) timer = setTimeout(tick, firstMs);
    else tick();
  }
  return {
    now,
    stop() {
      clearTimeout(timer);
    },
  };
}
