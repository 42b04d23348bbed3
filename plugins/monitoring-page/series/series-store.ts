import { type SeriesName, SeriesNames } from './series-names.ts';
import type { DecodedSlot } from './slot.ts';
import { SET_BACK_MS, StepClock } from './step-clock.ts';
import { type Step, StepTable } from './step-table.ts';

export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const MINUTES = 1_440;
export const HOURS = 720;
/** What is measured while the clock is wrong is held for two hours. */
const MOST_HELD = 120;

export type Unit = 'minute' | 'hour';
export const UNIT_MS: { readonly [unit in Unit]: number } = { minute: MINUTE_MS, hour: HOUR_MS };

/** A step that has changed and is not on disk. */
export interface DirtyStep {
  readonly unit: Unit;
  readonly step: number;
}

/** A step that waits for its time: the moment of its first value counts. */
interface HeldStep {
  readonly step: Step;
  readonly firstMs: number;
}

/** The series of 24 hours by the minute and of 30 days by the hour. Times are those of the monotonic clock, in ms. */
export class SeriesStore {
  readonly tables: { readonly [unit in Unit]: StepTable } = {
    minute: new StepTable(MINUTES),
    hour: new StepTable(HOURS),
  };
  readonly #clock = new StepClock();
  #names: SeriesNames;
  #held = new Map<number, Map<string, HeldStep>>();
  #dirty = new Map<string, DirtyStep>();
  #areNamesDirty = false;
  #isWaiting = false;

  constructor(names: readonly SeriesName[] = []) {
    this.#names = new SeriesNames(names);
  }

  /** The series that there are. */
  get names(): readonly SeriesName[] {
    return this.#names.all;
  }

  /** Whether samples are held until the host's clock is set. */
  get isWaiting(): boolean {
    return this.#isWaiting;
  }

  /** The end of what is stored, in ms since 1970. */
  get storedUntilMs(): number {
    return Math.max(0, this.tables.minute.newest) * MINUTE_MS;
  }

  /** Takes a slot of an earlier run. What was measured before a series had its place is another's, and left out. */
  load(unit: Unit, { step, cells }: DecodedSlot): void {
    const since = new Map(this.#names.all.map(({ place, sinceMinute }) => [place, sinceMinute]));
    for (const [place, cell] of cells) {
      const sinceMinute = since.get(place);
      if (sinceMinute !== undefined && (step + 1) * UNIT_MS[unit] > sinceMinute * MINUTE_MS)
        this.tables[unit].add(place, step, cell);
    }
  }

  /** Hears of the clocks; to be called before samples are added. What was held finds its time where the clock was set. */
  hear(monotonicMs: number, wallMs: number): void {
    this.#isWaiting = this.#clock.hear(monotonicMs, wallMs, this.storedUntilMs) === 'waiting';
    if (this.#clock.takeBelief()) {
      for (const unit of ['minute', 'hour'] as const)
        this.tables[unit].forgetAfter(Math.floor((wallMs + SET_BACK_MS) / UNIT_MS[unit]));
    }
    if (this.#isWaiting || this.#held.size === 0) return;
    const held = this.#held;
    this.#held = new Map();
    for (const steps of held.values()) {
      for (const [name, { step, firstMs }] of steps) this.#put(name, firstMs, step);
    }
  }

  /** Adds a value that was measured at a moment of the monotonic clock. */
  add(name: string, monotonicMs: number, value: number): void {
    if (!Number.isFinite(value)) return;
    const step = { sum: value, count: 1, min: value, max: value };
    if (this.#isWaiting) this.#hold(name, monotonicMs, step);
    else this.#put(name, monotonicMs, step);
  }

  /** The last steps of a series until now, the oldest first; undefined where nothing was measured. */
  range(name: string, unit: Unit, steps: number, nowMs: number): (Step | undefined)[] {
    const place = this.#names.find(name);
    const last = Math.floor(nowMs / UNIT_MS[unit]);
    return Array.from({ length: steps }, (_, index) =>
      place === undefined ? undefined : this.tables[unit].at(place, last - steps + 1 + index),
    );
  }

  /** What is not on disk yet. */
  takeDirty(): { readonly steps: readonly DirtyStep[]; readonly names: readonly SeriesName[] | undefined } {
    const steps = [...this.#dirty.values()];
    const names = this.#areNamesDirty ? this.#names.all : undefined;
    this.#dirty = new Map();
    this.#areNamesDirty = false;
    return { steps, names };
  }

  /** What was taken could not be written. */
  markDirty(steps: readonly DirtyStep[], areNamesDirty: boolean): void {
    for (const dirty of steps) this.#dirty.set(`${dirty.unit} ${dirty.step}`, dirty);
    this.#areNamesDirty ||= areNamesDirty;
  }

  #hold(name: string, monotonicMs: number, step: Step): void {
    const minute = Math.floor(monotonicMs / MINUTE_MS);
    const steps = this.#held.get(minute) ?? new Map<string, HeldStep>();
    const before = steps.get(name);
    steps.set(
      name,
      before === undefined ? { step, firstMs: monotonicMs } : { ...before, step: sum(before.step, step) },
    );
    this.#held.set(minute, steps);
    if (this.#held.size > MOST_HELD) this.#held.delete(this.#held.keys().next().value ?? 0);
  }

  #put(name: string, monotonicMs: number, step: Step): void {
    const timeMs = this.#clock.timeOf(monotonicMs);
    if (timeMs === undefined) return;
    const minute = Math.floor(timeMs / MINUTE_MS);
    const found = this.#names.place(name, minute);
    if (found === undefined) return;
    const { place, isNew } = found;
    for (const unit of ['minute', 'hour'] as const) {
      if (isNew) this.tables[unit].forget(place);
      const key = Math.floor(timeMs / UNIT_MS[unit]);
      if (key > 0 && this.tables[unit].add(place, key, step)) this.#dirty.set(`${unit} ${key}`, { unit, step: key });
    }
    this.#areNamesDirty ||= isNew;
  }
}

function sum(one: Step, other: Step): Step {
  return {
    sum: one.sum + other.sum,
    count: one.count + other.count,
    min: Math.min(one.min, other.min),
    max: Math.max(one.max, other.max),
  };
}
