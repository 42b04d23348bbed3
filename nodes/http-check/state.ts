import { isPlausibleTime } from '../../lib/plausible-time.ts';

/** Whether an endpoint is up or down. */
export interface CheckState {
  state: 'up' | 'down';
  failures: number;
  /**
   * When the first failure of those in a row came; undefined while there is none. In ms: in memory on a steady clock, in a
   * file since the epoch.
   */
  failingSinceMs: number | undefined;
}

export const INITIAL: CheckState = { state: 'up', failures: 0, failingSinceMs: undefined };

export interface Verdict {
  next: CheckState;
  /** Up became down or down became up. The first result of all is a change only when it is down. */
  changed: boolean;
  /** Still down, and it is time to say so again. */
  remind: boolean;
  /** Since the first failure: how long it is down, or was down when it comes up again. Undefined while up. */
  downMs: number | undefined;
}

/**
 * The state after one more result. It is down after `retries` failures more than the first. While it is down, every
 * `resend`th failure is a reminder; with 0 there are none.
 */
export function applyResult(
  before: CheckState,
  succeeded: boolean,
  nowMs: number,
  { retries, resend }: { retries: number; resend: number },
): Verdict {
  const since = before.failingSinceMs ?? nowMs;
  if (succeeded) {
    const changed = before.state === 'down';
    return { next: INITIAL, changed, remind: false, downMs: changed ? nowMs - since : undefined };
  }
  const failures = before.failures + 1;
  const down = before.state === 'down' || failures > retries;
  const changed = down && before.state === 'up';
  const after = failures - retries - 1;
  return {
    next: { state: down ? 'down' : 'up', failures, failingSinceMs: since },
    changed,
    remind: down && !changed && resend > 0 && after > 0 && after % resend === 0,
    downMs: down ? nowMs - since : undefined,
  };
}

/** The state in a state file; undefined where there is something else, or a time after `nowMs`. */
export function parseCheckState(saved: unknown, nowMs: number): CheckState | undefined {
  if (typeof saved !== 'object' || saved === null) return undefined;
  const { state, failures, failingSinceMs } = saved as { [key in keyof CheckState]?: unknown };
  if (state === 'up') return failures === 0 && failingSinceMs === undefined ? INITIAL : undefined;
  if (state !== 'down' || typeof failures !== 'number' || !isPlausibleTime(failingSinceMs, nowMs)) return undefined;
  return Number.isSafeInteger(failures) && failures >= 0 ? { state, failures, failingSinceMs } : undefined;
}
