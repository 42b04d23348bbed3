import { advance, type CheckState, INITIAL, restoredState, type Verdict } from './state.ts';

/** The states of the endpoints that one node checks: its own, and those that msgs ask for. */
export interface EndpointStates {
  advance(url: string, succeeded: boolean, nowMs: number): Verdict;
}

interface Saved {
  url: string;
  state: CheckState;
}

/** More than this many endpoints by msg are not told apart; the oldest is forgotten first. */
const MOST_ENDPOINTS = 1_000;

/**
 * What is down stays down over a restart, so that its return is told: `saved` is what a state file held, `save` writes
 * it at each change. Only the node's own URL is kept like that.
 */
export function createEndpointStates(
  own: () => string,
  policy: { retries: number; resend: number },
  saved: unknown,
  save: (saved: Saved) => void,
): EndpointStates {
  const states = new Map<string, CheckState>();
  const { url: savedUrl, state: savedState } = (saved ?? {}) as Partial<Saved>;
  const restored = restoredState(savedState);
  if (typeof savedUrl === 'string' && restored !== undefined) states.set(savedUrl, restored);
  return {
    advance(url, succeeded, nowMs) {
      const verdict = advance(states.get(url) ?? INITIAL, succeeded, nowMs, policy);
      states.delete(url);
      states.set(url, verdict.next);
      if (states.size > MOST_ENDPOINTS) states.delete(states.keys().next().value ?? '');
      if (verdict.changed && url === own()) save({ url, state: verdict.next });
      return verdict;
    },
  };
}
