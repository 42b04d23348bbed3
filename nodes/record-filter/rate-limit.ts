/** Windows of one key that are counted at the same time: the present, and those of a backlog that is read beside it. */
const WINDOWS = 4;
/** A name that comes from outside must not grow the table for ever. */
const MOST_KEYS = 10_000;
/** Where the keys are too many, the new ones share a count. */
export const OTHERS = '(others)';

/** The counts of one key: of each window its number and how many records passed in it, the latest used one first. */
interface Counts {
  readonly windows: number[];
  readonly passed: number[];
  usedMs: number;
}

/**
 * At most so many records of a key in each window. A window is one of the records' own time, so that a backlog of an hour
 * that is read in a second loses no more than it would have lost then.
 */
export class RateLimit {
  readonly #most: number;
  readonly #windowMs: number;
  readonly #keys = new Map<string, Counts>();

  constructor(most: number, windowMs: number) {
    this.#most = most;
    this.#windowMs = windowMs;
  }

  /** Counts a record of `timeMs`. Undefined where it passes, else the key under which it was too many. */
  exceededBy(key: string, timeMs: number, nowMs: number): string | undefined {
    const known = this.#keys.get(key);
    const name = known !== undefined || this.#keys.size < MOST_KEYS ? key : OTHERS;
    const counts = known ?? this.#countsOf(name);
    counts.usedMs = nowMs;
    const window = Math.floor(timeMs / this.#windowMs);
    if (counts.windows[0] !== window) use(counts, window);
    const passed = counts.passed[0] as number;
    if (passed >= this.#most) return name;
    counts.passed[0] = passed + 1;
    return undefined;
  }

  /** Forgets keys that were not seen for two windows, by the clock. */
  forgetUnused(nowMs: number): void {
    const beforeMs = nowMs - 2 * this.#windowMs;
    for (const [key, { usedMs }] of this.#keys) if (usedMs < beforeMs) this.#keys.delete(key);
  }

  #countsOf(name: string): Counts {
    let counts = this.#keys.get(name);
    if (counts === undefined) {
      counts = { windows: [], passed: [], usedMs: 0 };
      this.#keys.set(name, counts);
    }
    return counts;
  }
}

/** Puts a window first; one that is new has no records yet, and the one that was not used for longest goes. */
function use({ windows, passed }: Counts, window: number): void {
  const at = windows.indexOf(window);
  const count = at === -1 ? 0 : (passed[at] as number);
  if (at !== -1 || windows.length >= WINDOWS) {
    const gone = at === -1 ? windows.length - 1 : at;
    windows.splice(gone, 1);
    passed.splice(gone, 1);
  }
  windows.unshift(window);
  passed.unshift(count);
}
