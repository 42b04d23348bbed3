import type { EngineOptions } from './engine-options.ts';
import type { Firing } from './firing.ts';
import type { Judge } from './judge/judge.ts';
import type { AlertKey } from './key.ts';
import { RecentEntries } from './recent-entries.ts';
import type { SavedKey } from './saved.ts';

/** One key of a rule, and how it is with it. */
export interface JudgedKey {
  readonly key: AlertKey;
  readonly judge: Judge;
  /** The alert that fires for it. */
  firing: Firing | undefined;
}

/** A key and how far it is. */
export interface KeyValue {
  readonly key: AlertKey;
  readonly value: number;
}

export type KeyOptions = Pick<EngineOptions, 'createJudge' | 'expected' | 'isStillBad' | 'mostKeys'>;

/** The keys of one rule, each with its judge and with what fires of it: at most so many. */
export class JudgedKeys {
  readonly #options: KeyOptions;
  readonly #onForgotten: () => void;
  /** In the order in which they were heard of last. */
  readonly #entries = new RecentEntries<JudgedKey>();

  /**
   * `saved` is what an earlier run of the same rule kept, `isChanged` whether it had other limits. `onForgotten` hears of each
   * key that has to go though it is not decided yet. All times: ms since the epoch.
   */
  constructor(
    options: KeyOptions,
    nowMs: number,
    onForgotten: () => void,
    {
      keys = [],
      isChanged = false,
    }: { readonly keys?: readonly SavedKey[] | undefined; readonly isChanged?: boolean } = {},
  ) {
    this.#options = options;
    this.#onForgotten = onForgotten;
    for (const one of keys) this.#restore(one, nowMs, isChanged);
    for (const key of options.expected ?? []) if (this.#entries.get(key.id) === undefined) this.#add(key, nowMs);
  }

  get size(): number {
    return this.#entries.size;
  }

  /** All of them, the one that was not heard of for longest first. */
  values(): Iterable<JudgedKey> {
    return this.#entries.values();
  }

  /** What fires. */
  get firing(): { readonly key: AlertKey; readonly firing: Firing }[] {
    const found: { readonly key: AlertKey; readonly firing: Firing }[] = [];
    for (const { key, firing } of this.#entries.values()) if (firing !== undefined) found.push({ key, firing });
    return found;
  }

  /** What is worth keeping over a restart. */
  savedAt(nowMs: number): SavedKey[] {
    const saved: SavedKey[] = [];
    for (const { key, judge, firing } of this.#entries.values()) {
      const state = judge.saved;
      if (firing === undefined && judge.isIdle(nowMs) && isBlank(state)) continue;
      saved.push({ key, judge: state, firing: firing && { ...firing } });
    }
    return saved;
  }

  /** A key by the text that people see. */
  named(text: string): AlertKey | undefined {
    for (const { key } of this.#entries.values()) if (key.text === text) return key;
    return undefined;
  }

  /** How far the keys are that do not ring: the highest value, and whose it is. */
  highest(nowMs: number): KeyValue | undefined {
    const mostOf = ({ judge }: JudgedKey): number => judge.mostValue ?? Number.NEGATIVE_INFINITY;
    const calm = [...this.#entries.values()].filter(({ firing }) => firing === undefined);
    let highest: KeyValue | undefined;
    // What a judge has at most is found at once, and mostly is what it has: few have to be looked at.
    for (const entry of calm.toSorted((one, other) => mostOf(other) - mostOf(one))) {
      const best = highest?.value ?? Number.NEGATIVE_INFINITY;
      if (mostOf(entry) <= best) break;
      const value = entry.judge.valueAt(nowMs);
      if (value !== undefined && value > best) highest = { key: entry.key, value };
    }
    return highest;
  }

  /** How far every key is, for those that have a value. */
  valuesAt(nowMs: number): KeyValue[] {
    return [...this.#entries.values()].flatMap(({ key, judge }) => {
      const value = judge.valueAt(nowMs);
      return value === undefined ? [] : { key, value };
    });
  }

  /** The entry of a key that was just heard of; a new one where there is none. Undefined where there is no room for it. */
  use(key: AlertKey, nowMs: number): JudgedKey | undefined {
    const known = this.#entries.use(key.id);
    if (known !== undefined) return known;
    if (this.#entries.size >= this.#options.mostKeys && !this.#makeRoom(nowMs)) return undefined;
    return this.#add(key, nowMs);
  }

  #add(key: AlertKey, nowMs: number): JudgedKey {
    const entry: JudgedKey = { key, judge: this.#options.createJudge({ key, nowMs }), firing: undefined };
    this.#entries.set(key.id, entry);
    return entry;
  }

  #restore({ key, judge: saved, firing }: SavedKey, nowMs: number, isChanged: boolean): void {
    const { createJudge, isStillBad } = this.#options;
    const isEnded = isChanged && firing !== undefined && isStillBad?.(firing) !== true;
    const judge = createJudge({ key, nowMs, saved, isChanged: isEnded });
    const past = firing && { ...firing, sinceMs: Math.min(firing.sinceMs, nowMs) };
    this.#entries.set(key.id, { key, judge, firing: past });
  }

  /** Forgets an idle key first, then one that is not decided yet; one that fires never. */
  #makeRoom(nowMs: number): boolean {
    let pending: string | undefined;
    for (const { key, judge, firing } of this.#entries.values()) {
      if (firing !== undefined) continue;
      if (judge.isIdle(nowMs)) return this.#entries.delete(key.id);
      pending ??= key.id;
    }
    if (pending === undefined) return false;
    this.#onForgotten();
    return this.#entries.delete(pending);
  }
}

/** Whether there is nothing in a saved state. */
function isBlank(saved: unknown): boolean {
  return Object.values(saved as object).every((value) => !value);
}
