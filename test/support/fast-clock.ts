import { wait } from '../../lib/io/wait.ts';
import type { Clock } from '../../nodes/notify/io/sending.ts';

/** A clock that runs `speed` times as fast as the real one, from a moment on (ms since the epoch). */
export function fastClock(speed: number, startMs: number): Clock {
  const origin = performance.now();
  return {
    nowMs: () => startMs + (performance.now() - origin) * speed,
    wait: (ms, signal) => wait(ms / speed, signal),
  };
}
