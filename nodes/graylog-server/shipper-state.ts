import { explain } from '../../lib/errors.ts';

export interface ShipperState {
  readonly state: 'connecting' | 'connected' | 'away';
  /** The endpoint in use, or the one tried last. */
  readonly endpoint: string;
  /** Why the server is away. */
  readonly error?: unknown;
}

const SEVERITY = { connected: 0, connecting: 1, away: 2 };

/** Whether two states read alike. Each failed attempt has an error object of its own, with the same words. */
export function isSameState(a: ShipperState, b: ShipperState): boolean {
  return a.state === b.state && a.endpoint === b.endpoint && identity(a.error) === identity(b.error);
}

function identity(error: unknown): string {
  return explain(error, (key, values) => `${key} ${JSON.stringify(values)}`);
}

/** The state that a person should see of several; the first of equally bad ones, `connecting` where there is none. */
export function worstState(states: Iterable<ShipperState>): ShipperState {
  let worst: ShipperState | undefined;
  for (const one of states) {
    if (worst === undefined || SEVERITY[one.state] > SEVERITY[worst.state]) worst = one;
  }
  return worst ?? { state: 'connecting', endpoint: '' };
}
