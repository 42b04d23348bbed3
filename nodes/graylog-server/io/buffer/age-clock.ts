import { randomInt, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { uptime } from 'node:os';
import { performance } from 'node:perf_hooks';
import type { BatchKey } from './batch-key.ts';

/** Where the time comes from. */
export interface ClockSources {
  /** Names the boot of this machine: within one, `steadyMs()` only ever goes on. */
  readonly boot: string;
  steadyMs(): number;
  /** Ms since the epoch, as far as the system knows. */
  wallMs(): number;
}

/** The clock of one boot, as it is remembered for the batches that were written by it. */
export interface BootClock {
  readonly id: number;
  readonly boot: string;
  /** What its first reading says the wall clock was when its steady clock began. */
  readonly baseMs: number;
  /** How wrong that turned out to be. */
  shiftMs: number;
  /** Until when on its steady clock no age is trusted. */
  heldUntilMs: number;
}

/** A step of the wall clock, not its usual drift. */
const JUMP_MS = 60_000;
const DRIFT_MS = 1_000;
const HOLD_MS = 3_600_000;
const MAX_CLOCKS = 8;

/**
 * Tells how old a batch is, whatever was done to the wall clock. Within one boot the steady clock alone counts. A batch of
 * an earlier boot is dated by the wall clock, corrected by the steps that were seen after it was written.
 */
export class AgeClock {
  readonly #sources: ClockSources;
  readonly #current: BootClock;
  #clocks: readonly BootClock[];

  /** `saved`: what `clocks` gave in an earlier run. */
  constructor(sources: ClockSources, saved: readonly BootClock[]) {
    this.#sources = sources;
    const known = saved.find(({ boot }) => boot === sources.boot);
    this.#current = known === undefined ? newClock(sources) : { ...known };
    this.#clocks = [...saved.filter((one) => one !== known), this.#current].slice(-MAX_CLOCKS);
  }

  /** What is to be remembered. */
  get clocks(): readonly BootClock[] {
    return this.#clocks;
  }

  /** Whether the wall clock jumped within the last hour: ages may be wrong, and nothing should be dropped for them. */
  get isHeld(): boolean {
    this.#adjust();
    return this.#sources.steadyMs() < this.#current.heldUntilMs;
  }

  /** The date of a batch that is written now. */
  stamp(): { readonly atMs: number; readonly clock: number } {
    this.#adjust();
    return { atMs: Math.round(this.#current.baseMs + this.#sources.steadyMs()), clock: this.#current.id };
  }

  /** How long ago a batch was written, in ms; never below 0. */
  ageMs(key: BatchKey): number {
    this.#adjust();
    const { baseMs, shiftMs } = this.#current;
    const shift = this.#clocks.find(({ id }) => id === key.clock)?.shiftMs ?? 0;
    return Math.max(0, baseMs + shiftMs + this.#sources.steadyMs() - (key.atMs + shift));
  }

  /** Takes over what an earlier run knew of its clocks, where that is read later. */
  remember(saved: readonly BootClock[]): void {
    const known = new Set(this.#clocks.map(({ id }) => id));
    this.#clocks = [...saved.filter(({ id }) => !known.has(id)), ...this.#clocks].slice(-MAX_CLOCKS);
  }

  #adjust(): void {
    const steadyMs = this.#sources.steadyMs();
    const current = this.#current;
    const offMs = this.#sources.wallMs() - (current.baseMs + current.shiftMs + steadyMs);
    if (Math.abs(offMs) < DRIFT_MS) return;
    current.shiftMs += offMs;
    if (Math.abs(offMs) > JUMP_MS) current.heldUntilMs = steadyMs + HOLD_MS;
  }
}

function newClock({ boot, steadyMs, wallMs }: ClockSources): BootClock {
  return { id: randomInt(2 ** 31), boot, baseMs: Math.round(wallMs() - steadyMs()), shiftMs: 0, heldUntilMs: 0 };
}

/** The clocks of this machine. Where the boot has no name, each process counts as one. */
export function systemClock(): ClockSources {
  const wallMs = (): number => Date.now();
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return { boot, steadyMs: () => uptime() * 1000, wallMs };
  } catch {
    return { boot: randomUUID(), steadyMs: () => performance.now(), wallMs };
  }
}

/** Lets in what was saved of a clock. */
export function parseClock(value: unknown): BootClock | undefined {
  const { id, boot, baseMs, shiftMs, heldUntilMs } = (value ?? {}) as { [name: string]: unknown };
  if (typeof boot !== 'string' || !Number.isSafeInteger(id)) return undefined;
  if (![baseMs, shiftMs, heldUntilMs].every(Number.isFinite)) return undefined;
  return value as BootClock;
}
