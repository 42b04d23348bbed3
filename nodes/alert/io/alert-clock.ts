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

/** One moment by both clocks. */
export interface Moment {
  readonly wallMs: number;
  readonly steadyMs: number;
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

/** Beats once a second for all alerts of a Node-RED, while there are any: a timer and a look at the clock for each add up. */
export class AlertBeat {
  readonly source: TimeSource;
  readonly #hearers = new Set<(now: Moment) => void>();
  #timer: NodeJS.Timeout | undefined;

  constructor(source: TimeSource = SYSTEM) {
    this.source = source;
  }

  /** Calls `beat` from now on. Returns a function that stops it. */
  hear(beat: (now: Moment) => void): () => void {
    this.#hearers.add(beat);
    this.#timer ??= setInterval(() => this.#beat(), TICK_MS);
    return () => {
      this.#hearers.delete(beat);
      if (this.#hearers.size > 0) return;
      clearInterval(this.#timer);
      this.#timer = undefined;
    };
  }

  #beat(): void {
    const now = momentOf(this.source);
    for (const beat of this.#hearers) beat(now);
  }
}

function momentOf(source: TimeSource): Moment {
  return { wallMs: source.wallMs(), steadyMs: source.steadyMs() };
}

/**
 * The time as an alert lives through it. Where the clock is set, or time passed in which nothing could be heard, whoever counts
 * durations hears of it before anything else is judged.
 */
export class AlertClock {
  readonly #options: ClockOptions;
  readonly #beat: AlertBeat;
  #last: Moment;
  #leave: (() => void) | undefined;

  constructor(options: ClockOptions, beat = new AlertBeat()) {
    this.#options = options;
    this.#beat = beat;
    this.#last = momentOf(beat.source);
  }

  start(): void {
    this.#leave ??= this.#beat.hear((now) => this.tick(now));
  }

  close(): void {
    this.#leave?.();
  }

  tick(now = momentOf(this.#beat.source)): void {
    this.#look(now);
    this.#options.tick(now.wallMs);
  }

  /** Now, in ms since the epoch. Most of the time it costs a look at the clock on the wall. */
  now(): number {
    const { source } = this.#beat;
    const wallMs = source.wallMs();
    const passedMs = wallMs - this.#last.wallMs;
    if (passedMs < 0 || passedMs > STEP_MS) this.#look({ wallMs, steadyMs: source.steadyMs() });
    return wallMs;
  }

  #look(now: Moment): void {
    const steadyPassedMs = Math.max(0, now.steadyMs - this.#last.steadyMs);
    const stepMs = now.wallMs - this.#last.wallMs - steadyPassedMs;
    this.#last = now;
    if (Math.abs(stepMs) > STEP_MS) this.#options.shift(stepMs, now.wallMs);
    if (steadyPassedMs > STOPPED_MS) this.#options.skip(steadyPassedMs - TICK_MS, now.wallMs);
  }
}
