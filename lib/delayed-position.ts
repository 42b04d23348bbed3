/**
 * Which position a source may write into its checkpoint. What was handed on a moment ago may still be between two
 * nodes, where a redeploy drops it: a position counts only once it has been handed on for `delayMs`. What is read again
 * after that carries the same `event_id`, and `graylog-server` drops what it took already.
 */
export interface DelayedPosition<T> {
  /** Everything up to `position` was handed on at `nowMs` (milliseconds, any steady clock). */
  advance(position: T, nowMs: number): void;
  /** The newest position that was handed on at least `delayMs` before `nowMs`, or undefined where there is none yet. */
  settled(nowMs: number): T | undefined;
}

export const POSITION_DELAY_MS = 900;

/** Positions are kept in steps of a tenth of `delayMs`, so that a busy source costs no memory. */
export function createDelayedPosition<T>(delayMs: number = POSITION_DELAY_MS): DelayedPosition<T> {
  const step = delayMs / 10;
  let waiting: { position: T; atMs: number }[] = [];
  let newest: T | undefined;

  return {
    advance(position, nowMs) {
      const last = waiting.at(-1);
      const before = waiting.at(-2);
      // The last entry takes the newer position and time until it is a step away from the one before it.
      if (last !== undefined && nowMs - (before?.atMs ?? Number.NEGATIVE_INFINITY) < step) {
        last.position = position;
        last.atMs = nowMs;
      } else {
        waiting.push({ position, atMs: nowMs });
      }
    },
    settled(nowMs) {
      const open = waiting.findIndex(({ atMs }) => nowMs - atMs < delayMs);
      const done = open === -1 ? waiting.length : open;
      if (done > 0) {
        newest = waiting[done - 1]?.position;
        waiting = waiting.slice(done);
      }
      return newest;
    },
  };
}
