const DAY_MS = 86_400_000;
/** A clock that shows an earlier time was never set, as on a board without a battery before its network is up: 2024-01-01. */
const CLOCK_IS_SET_MS = 1_704_067_200_000;

/**
 * Whether a saved time (ms since the epoch) can have been the present when it was saved. A clock may have been set back
 * since, by less than a day: a time zone, or a board that starts with the hour of its last stop.
 */
export function isPlausibleTime(ms: unknown, nowMs: number): ms is number {
  if (typeof ms !== 'number' || !Number.isFinite(ms) || ms < 0) return false;
  return ms <= Math.max(nowMs, 0) + DAY_MS || (nowMs < CLOCK_IS_SET_MS && ms < CLOCK_IS_SET_MS * 2);
}

/** Whether a clock that showed this time (ms since the epoch) had been set at all. */
export function isClockSet(ms: number): boolean {
  return ms >= CLOCK_IS_SET_MS;
}
