import type { Stall } from '../answer/exchange.ts';

/** How often it looks, in ms, while there is a check under way. */
const TICK_MS = 100;
/** So much later than it was due, a tick tells that the process stood still, in ms. */
const LATE_MS = 150;
/** So much more of the world's time than of the steady one: the host has slept, or its clock was set. In ms. */
const JUMP_MS = 2_000;

export interface Clocks {
  /** Goes on steadily, in ms; while the host sleeps it stands on some systems. */
  steady(): number;
  /** The time of the world, in ms since the epoch. */
  world(): number;
}

const SYSTEM: Clocks = { steady: () => performance.now(), world: () => Date.now() };

/**
 * Sees whether this process stood still: the event loop was held up, the process was stopped, or the host slept. What a check
 * measures then is not the server. It looks only while there are checks.
 */
export class StallWatch {
  readonly #clocks: Clocks;
  #users = 0;
  #timer: NodeJS.Timeout | undefined;
  #steadyMs = 0;
  #worldMs = 0;
  #heldMs = 0;
  #sleptMs = 0;

  constructor(clocks: Clocks = SYSTEM) {
    this.#clocks = clocks;
  }

  /** Begins to look, for one check. Gives how long all stood still since then; and what ends it. */
  begin(): { stall(): Stall; end(): void } {
    if (this.#users === 0) {
      this.#steadyMs = this.#clocks.steady();
      this.#worldMs = this.#clocks.world();
      this.#timer = setInterval(() => this.#look(), TICK_MS).unref();
    } else this.#look();
    this.#users += 1;
    const [heldMs, sleptMs] = [this.#heldMs, this.#sleptMs];
    const stall = (): Stall => {
      this.#look();
      return { heldMs: this.#heldMs - heldMs, sleptMs: this.#sleptMs - sleptMs };
    };
    return { stall, end: () => this.#end() };
  }

  #end(): void {
    this.#users -= 1;
    if (this.#users === 0) clearInterval(this.#timer);
  }

  #look(): void {
    const [steadyMs, worldMs] = [this.#clocks.steady(), this.#clocks.world()];
    const passedMs = steadyMs - this.#steadyMs;
    const lateMs = passedMs - TICK_MS;
    if (lateMs > LATE_MS) this.#heldMs += lateMs;
    const jumpMs = worldMs - this.#worldMs - passedMs;
    if (jumpMs > JUMP_MS) this.#sleptMs += jumpMs;
    this.#steadyMs = steadyMs;
    this.#worldMs = worldMs;
  }
}
