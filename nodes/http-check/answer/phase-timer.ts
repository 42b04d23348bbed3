/** The parts of a check, in their order. */
export type Phase = 'dns' | 'connect' | 'tls' | 'first_byte' | 'body';

/** Measures how long each phase of a check takes, and knows in which one it is. */
export class PhaseTimer {
  readonly #now: () => number;
  #startedMs: number;
  /** Milliseconds by phase; over redirects they add up. */
  readonly ms: Partial<Record<Phase, number>> = {};
  #phase: Phase | undefined;
  #sinceMs: number;

  /** `now` is a steady clock in milliseconds. */
  constructor(now: () => number) {
    this.#now = now;
    this.#startedMs = now();
    this.#sinceMs = this.#startedMs;
  }

  /** The phase entered last; undefined before the first. */
  get phase(): Phase | undefined {
    return this.#phase;
  }

  /** Milliseconds since the start. */
  elapsed(): number {
    return this.#now() - this.#startedMs;
  }

  enter(phase: Phase): void {
    this.end();
    this.#phase = phase;
  }

  /** Counts the time of the phase under way, also of one that failed. Returns the milliseconds of the whole check. */
  end(): number {
    const nowMs = this.#now();
    if (this.#phase !== undefined) this.ms[this.#phase] = (this.ms[this.#phase] ?? 0) + nowMs - this.#sinceMs;
    this.#sinceMs = nowMs;
    return nowMs - this.#startedMs;
  }

  /** Leaves the last `ms` out: they were a wait of our own. */
  exclude(ms: number): void {
    this.#startedMs += ms;
    this.#sinceMs += ms;
  }
}
