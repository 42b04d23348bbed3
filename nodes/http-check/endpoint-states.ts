import { applyResult, type CheckState, INITIAL, parseCheckState, type Verdict } from './state.ts';

/** The state of a node's own endpoint, as its state file has it. */
export interface SavedEndpoint {
  url: string;
  state: CheckState;
}

/** What a state file holds; undefined where there is something else, or a time after `nowMs`. */
export function parseEndpoint(saved: unknown, nowMs: number): SavedEndpoint | undefined {
  if (typeof saved !== 'object' || saved === null) return undefined;
  const { url, state: savedState } = saved as { [key in keyof SavedEndpoint]?: unknown };
  const state = parseCheckState(savedState, nowMs);
  return typeof url === 'string' && state !== undefined ? { url, state } : undefined;
}

/** The same state, its times on another clock, which shows `toMs` while that of the state shows `fromMs`. In ms. */
export function onClock(state: CheckState, fromMs: number, toMs: number): CheckState {
  if (state.failingSinceMs === undefined) return state;
  // A clock that was set back since has no times to come.
  return { ...state, failingSinceMs: Math.round(toMs - Math.max(0, fromMs - state.failingSinceMs)) };
}

/** More than this many endpoints by msg are not told apart; the oldest is forgotten first. */
const MOST_ENDPOINTS = 1_000;

/** The states of the endpoints that one node checks: its own, and those that msgs ask for. */
export class EndpointStates {
  readonly #policy: { retries: number; resend: number };
  readonly #states = new Map<string, CheckState>();

  /** `saved` is what was down before a restart, so that its return is told. */
  constructor(policy: { retries: number; resend: number }, saved: SavedEndpoint | undefined) {
    this.#policy = policy;
    if (saved !== undefined) this.#states.set(saved.url, saved.state);
  }

  /** Takes the result of one check. `nowMs` is its time on a steady clock: spans do not follow a clock that is set. */
  applyResult(url: string, succeeded: boolean, nowMs: number): Verdict {
    const verdict = applyResult(this.#states.get(url) ?? INITIAL, succeeded, nowMs, this.#policy);
    this.#states.delete(url);
    this.#states.set(url, verdict.next);
    if (this.#states.size > MOST_ENDPOINTS) this.#states.delete(this.#states.keys().next().value ?? '');
    return verdict;
  }

  /** What stands where a check told nothing about the endpoint. */
  verdictNow(url: string, nowMs: number): Verdict {
    const state = this.#states.get(url) ?? INITIAL;
    const downMs = state.state === 'down' ? nowMs - (state.failingSinceMs ?? nowMs) : undefined;
    return { next: state, changed: false, remind: false, downMs };
  }
}
