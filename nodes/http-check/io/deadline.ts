import { MonitoringError } from '../../../lib/errors.ts';
import type { Stall } from '../answer/exchange.ts';
import type { PhaseTimer } from '../answer/phase-timer.ts';
import type { StallWatch } from './stall-watch.ts';

/** The time-out in each phase: what was going on is part of its words. */
const TIMEOUTS = {
  dns: 'TIMEOUT_IN_DNS',
  connect: 'TIMEOUT_IN_CONNECT',
  tls: 'TIMEOUT_IN_TLS',
  first_byte: 'TIMEOUT_IN_FIRST_BYTE',
  body: 'TIMEOUT_IN_BODY',
} as const;

/** A process that stands still so often during one check can tell nothing of it. */
const MOST_EXTENSIONS = 3;

/**
 * The time-out of one check. It is the server's: while this process stands still, the server's answer waits for us, and no
 * time passes here.
 */
export class Deadline {
  readonly #timeoutMs: number;
  readonly #timer: PhaseTimer;
  readonly #watch: { stall(): Stall; end(): void };
  readonly #expire: (error: MonitoringError) => void;
  #timeout: NodeJS.Timeout | undefined;
  #extensions = 0;

  /** Starts it. `expire` hears why it is over: a `TIMEOUT_…` of the phase, or `HELD_UP`. */
  constructor(timeoutMs: number, timer: PhaseTimer, stalls: StallWatch, expire: (error: MonitoringError) => void) {
    this.#timeoutMs = timeoutMs;
    this.#timer = timer;
    this.#watch = stalls.begin();
    this.#expire = expire;
    this.#wait(timeoutMs);
  }

  /** How long all stood still since the start. */
  stall(): Stall {
    return this.#watch.stall();
  }

  /** How much of the time-out is left, in ms. */
  leftMs(): number {
    return this.#timeoutMs - (this.#timer.elapsed() - this.stall().heldMs);
  }

  end(): void {
    clearTimeout(this.#timeout);
    this.#watch.end();
  }

  #wait(ms: number): void {
    this.#timeout = setTimeout(() => {
      const leftMs = this.leftMs();
      if (leftMs < 1) return this.#timeOut();
      this.#extensions += 1;
      if (this.#extensions > MOST_EXTENSIONS) return this.#expire(new MonitoringError('HELD_UP'));
      return this.#wait(leftMs);
    }, ms);
  }

  #timeOut(): void {
    const { phase } = this.#timer;
    const code = phase === undefined ? 'TIMEOUT_AT_START' : TIMEOUTS[phase];
    this.#expire(new MonitoringError(code, { seconds: this.#timeoutMs / 1000 }));
  }
}
