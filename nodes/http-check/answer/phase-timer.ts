/** How long each phase of a check took, and in which one it is. */

export type Phase = 'dns' | 'connect' | 'tls' | 'first_byte' | 'body';

export interface PhaseTimer {
  /** The phase entered last; undefined before the first. */
  readonly phase: Phase | undefined;
  /** Milliseconds by phase; over redirects they add up. */
  readonly ms: Partial<Record<Phase, number>>;
  enter(phase: Phase): void;
  /** Ends the phase under way, so that its time counts also when it failed. Returns the milliseconds of the whole. */
  end(): number;
}

/** `now` is a steady clock in milliseconds. */
export function createPhaseTimer(now: () => number): PhaseTimer {
  const started = now();
  const ms: Partial<Record<Phase, number>> = {};
  let phase: Phase | undefined;
  let since = started;
  const settle = (): number => {
    const at = now();
    if (phase !== undefined) ms[phase] = (ms[phase] ?? 0) + at - since;
    since = at;
    return at - started;
  };
  return {
    ms,
    get phase() {
      return phase;
    },
    enter(next) {
      settle();
      phase = next;
    },
    end: settle,
  };
}
