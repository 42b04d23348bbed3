import type { AlertState } from '../../../lib/bus.ts';

/** An alert began or ended. */
export interface Transition {
  /** The alert's own id, the same from firing to resolved. */
  readonly id: string;
  readonly state: 'firing' | 'resolved';
  readonly name: string;
  readonly key: string;
  readonly severity: string;
  readonly sinceMs: number;
  readonly atMs: number;
}

export const MOST_TRANSITIONS = 1_000;
export const TRANSITIONS_MS = 30 * 86_400_000;
const LONGEST_TEXT = 200;

/** The transitions of the last 30 days, the oldest first. */
export class AlertLog {
  #transitions: Transition[] = [];

  get all(): readonly Transition[] {
    return this.#transitions;
  }

  restore(transitions: readonly Transition[], nowMs: number): void {
    this.#transitions = [...transitions, ...this.#transitions];
    this.#trim(nowMs);
  }

  /** Hears what an `alert` says. Gives the transition where it is one: nodes also say again what was so before. */
  hear({ id, state, name, key, severity, sinceMs }: AlertState, nowMs: number): Transition | undefined {
    const isKnown = this.#transitions.some((one) => one.id === id && (one.state === state || one.state === 'resolved'));
    if (isKnown) return undefined;
    const [shortName, shortKey] = [name.slice(0, LONGEST_TEXT), key.slice(0, LONGEST_TEXT)];
    const atMs = state === 'firing' ? sinceMs : nowMs;
    const transition = { id, state, name: shortName, key: shortKey, severity, sinceMs, atMs };
    this.#transitions.push(transition);
    this.#trim(nowMs);
    return transition;
  }

  #trim(nowMs: number): void {
    const afterMs = nowMs - TRANSITIONS_MS;
    this.#transitions = this.#transitions.filter(({ atMs }) => atMs >= afterMs).slice(-MOST_TRANSITIONS);
  }
}
