import { wait } from '../../lib/io/wait.ts';
import type { Clock } from '../../nodes/notify/io/sending.ts';

/**
 * A clock that goes on only while it is waited for, `speed` times as fast as the real one, from a moment on (ms since the
 * epoch). It stands still while anything else is done, so that it tells the same times on a busy machine.
 */
export function fastClock(speed: number, startMs: number): Clock {
  let nowMs = startMs;
  return {
    nowMs: () => nowMs,
    async wait(ms, signal) {
      const endMs = nowMs + ms;
      await wait(ms / speed, signal);
      if (!signal.aborted) nowMs = Math.max(nowMs, endMs);
    },
  };
}
