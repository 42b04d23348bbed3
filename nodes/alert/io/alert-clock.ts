import { uptime } from 'node:os';

export interface ClockOptions {
  /** Called every second. */
  tick(nowMs: number): void;
  /** For so long nothing could be heard: the machine slept, or the process was stopped. */
  skip(ms: number, nowMs: number): void;
  /** The clock was set by so much. */
  shift(ms: number, nowMs: number): void;
}

/** What tells the time; in ms. */
export interface TimeSource {
  /** The clock on the wall, since the epoch. */
  wallMs(): number;
  /** A clock that nobody sets, which runs on while the machine sleeps. */
  steadyMs(): number;
}

const TICK_MS = 1_000;
/** Clocks are corrected by less all the time. */
const STEP_MS = 2_000;
/** A busy process is late by less. */
const STOPPED_MS = 5_000;

const SYSTEM: TimeSource = {
  wallMs: () => Date.now(),
  steadyMs: () => uptime() * 1000,
};

/**
 * The time as an alert lives through it. Where the clock is set, or time passed in which nothing could be heard, whoever counts
 * durations hears of it before anything else is judged.
 */
export class AlertClock {
  readonly #options: ClockOptions;
  readonly #source: TimeSource;
  #wallMs: number;
  #steadyMs: number;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: ClockOptions, source: TimeSource = SYSTEM) {
    this.#options = options;
    this.#source = source;
    this.#wallMs = source.wallMs();
    this.#steadyMs = source.steadyMs();
  }

  start(): void {
    this.#timer = setInterval(() => this.tick(), TICK_MS);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  tick(): void {
    this.#look();
    this.#options.tick(this.#wallMs);
  }

  /** Now, in ms since the epoch. Most of the time it costs a look at the clock on the wall. */
  now(): number {
    const wallMs = this.#source.wallMs();
    const passedMs = wallMs - this.#wallMs;
    if (passedMs < 0 || passedMs > STEP_MS) this.#look();
    return wallMs;
  }

  #look(): void {
    const wallMs = this.#source.wallMs();
    const steadyMs = this.#source.steadyMs();
    const steadyPassedMs = Math.max(0, steadyMs - this.#steadyMs);
    const stepMs = wallMs - this.#wallMs - steadyPassedMs;
    this.#wallMs = wallMs;
    this.#steadyMs = steadyMs;
    if (Math.abs(stepMs) > STEP_MS) this.#options.shift(stepMs, wallMs);
    if (steadyPassedMs > STOPPED_MS) this.#options.skip(steadyPassedMs - TICK_MS, wallMs);
  }
}
