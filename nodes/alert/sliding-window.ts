/** What is counted: how many hits, the sum of their amounts, or how many different values they have. */
export type Counts = 'records' | 'sum' | 'distinct';

export interface WindowOptions {
  readonly counts: Counts;
  /** The total from which it is too many. */
  readonly threshold: number;
  readonly windowMs: number;
  /** How much later than it happened a hit is still sorted in, in ms. */
  readonly allowanceMs: number;
}

export interface Hit {
  /** When it happened, in ms since the epoch. */
  readonly timeMs: number;
  /** What it adds to a sum; not negative. */
  readonly amount: number;
  /** What it is told apart by where different values are counted. */
  readonly value: string;
}

/** What became of a hit: `reached` where a window that holds it has too many. */
export type HitResult = { readonly isLate: true } | { readonly isLate: false; readonly reached: number | undefined };

/**
 * So many hits are kept at least; beyond that the older half is put together in pairs. A sum is then exact to a hundredth or two
 * of its threshold; there may be a thousand windows, so it is not more.
 */
const LEAST_KEPT = { records: 32, sum: 128, distinct: 32 } as const;
/** Of more hits the older ones are pairs, also where they are just counted. */
const MOST_KEPT = 2_048;

/** What a window is saved as. */
export interface SavedWindow {
  readonly hits: readonly (readonly [timeMs: number, amount: number, value: string])[];
}

/**
 * Counts what happened within a time that moves along: at every moment t what lies in (t - T, t], by the time of the hits and
 * not of their arrival. Hits come in any order. The newest `threshold` of them are always kept as they are, so that the
 * decision is exact; of what is older, neighbours may be one hit at the later one's time.
 */
export class SlidingWindow {
  readonly #options: WindowOptions;
  readonly #mostKept: number;
  /** From so many hits on the older ones are put together: of few values few hits are needed. */
  #tidyAt: number;
  /** By time; of equal times in the order of arrival. */
  #hits: Hit[] = [];
  /** The window that ends at the newest hit begins with this one. */
  #first = 0;
  #sum = 0;
  /** How often each value is in it, where different ones are counted. */
  readonly #values = new Map<string, number>();

  constructor(options: WindowOptions, saved?: SavedWindow) {
    this.#options = options;
    const needed = options.counts === 'sum' ? 0 : 2 * Math.ceil(options.threshold);
    this.#mostKept = Math.min(MOST_KEPT, Math.max(LEAST_KEPT[options.counts], needed));
    this.#tidyAt = options.counts === 'distinct' ? LEAST_KEPT.distinct : this.#mostKept;
    if (saved !== undefined) this.#hits = saved.hits.map(([timeMs, amount, value]) => ({ timeMs, amount, value }));
    this.#recount();
  }

  get isEmpty(): boolean {
    return this.#hits.length === 0;
  }

  get saved(): SavedWindow {
    const { counts } = this.#options;
    // Of each value the newest decides what is to come.
    const hits = counts === 'distinct' ? newestOfEach(this.#hits, this.#mostKept) : this.#hits;
    return { hits: hits.map(({ timeMs, amount, value }) => [timeMs, amount, value] as const) };
  }

  /** Takes a hit in. It is late, and not counted, where it is older than the window and the allowance. */
  add(hit: Hit): HitResult {
    const { windowMs, allowanceMs } = this.#options;
    const newestMs = this.#hits.at(-1)?.timeMs ?? Number.NEGATIVE_INFINITY;
    if (hit.timeMs <= newestMs - windowMs - allowanceMs) return { isLate: true };
    if (hit.timeMs < newestMs) {
      this.#hits.splice(this.#indexAfter(hit.timeMs), 0, hit);
      this.#recount();
      return { isLate: false, reached: this.#highestFrom(hit.timeMs) };
    }
    this.#hits.push(hit);
    this.#count(hit, 1);
    this.#leaveBehind(hit.timeMs - windowMs);
    this.#forget(hit.timeMs);
    const total = this.newestTotal;
    return { isLate: false, reached: total >= this.#options.threshold ? total : undefined };
  }

  /** Forgets what happened before a moment. */
  forgetBefore(timeMs: number): void {
    const gone = this.#indexAfter(timeMs - 1);
    if (gone === 0) return;
    this.#hits.splice(0, gone);
    this.#recount();
  }

  /** The clock was set by so much: what happened by the old one happened so much later, but not later than now. */
  shift(ms: number, nowMs: number): void {
    this.#hits = this.#hits.map((hit) => ({ ...hit, timeMs: Math.min(hit.timeMs + ms, nowMs) }));
    this.#recount();
  }

  /** The total of the window that ends at a moment. */
  totalAt(atMs: number): number {
    const { windowMs } = this.#options;
    return this.#total(this.#indexAfter(atMs - windowMs), this.#indexAfter(atMs));
  }

  /**
   * Until when there were too many, in ms since the epoch: the moment in which the last window with too many has lost enough of
   * them. Undefined where no window has, or only one that is forgotten by now.
   */
  get overUntilMs(): number | undefined {
    const { threshold, windowMs, allowanceMs } = this.#options;
    const horizonMs = (this.#hits.at(-1)?.timeMs ?? 0) - windowMs - allowanceMs;
    for (let last = this.#hits.length - 1; last >= 0; last -= 1) {
      const first = this.#indexAfter((this.#hits[last] as Hit).timeMs - windowMs);
      if (this.#total(first, last + 1) < threshold) continue;
      let from = first;
      while (from <= last && this.#total(from, last + 1) >= threshold) from += 1;
      const untilMs = (this.#hits[from - 1] as Hit).timeMs + windowMs;
      return untilMs > horizonMs ? untilMs : undefined;
    }
    return undefined;
  }

  /** The highest total of the windows that hold a hit of this time, where it is too many. */
  #highestFrom(timeMs: number): number | undefined {
    const { threshold, windowMs } = this.#options;
    let highest = 0;
    for (let at = this.#indexAfter(timeMs) - 1; at < this.#hits.length; at += 1) {
      const endMs = (this.#hits[at] as Hit).timeMs;
      if (endMs >= timeMs + windowMs) break;
      highest = Math.max(highest, this.totalAt(endMs));
    }
    return highest >= threshold ? highest : undefined;
  }

  /** The total of the window that ends at the newest hit. */
  get newestTotal(): number {
    return this.#options.counts === 'distinct' ? this.#values.size : this.#sum;
  }

  #count({ amount, value }: Hit, sign: 1 | -1): void {
    this.#sum += sign * amount;
    if (this.#options.counts !== 'distinct') return;
    const count = (this.#values.get(value) ?? 0) + sign;
    if (count === 0) this.#values.delete(value);
    else this.#values.set(value, count);
  }

  /** Takes out of the newest window what happened at this time or before. */
  #leaveBehind(untilMs: number): void {
    for (let hit = this.#hits[this.#first]; hit !== undefined && hit.timeMs <= untilMs; hit = this.#hits[this.#first]) {
      this.#count(hit, -1);
      this.#first += 1;
    }
    // Fractions that come and go would leave their rounding behind for ever.
    if (this.#first === this.#hits.length - 1) this.#sum = (this.#hits[this.#first] as Hit).amount;
  }

  #recount(): void {
    this.#sum = 0;
    this.#values.clear();
    this.#first = this.#indexAfter((this.#hits.at(-1)?.timeMs ?? 0) - this.#options.windowMs);
    for (let at = this.#first; at < this.#hits.length; at += 1) this.#count(this.#hits[at] as Hit, 1);
  }

  #total(from: number, to: number): number {
    if (this.#options.counts === 'distinct') return new Set(this.#hits.slice(from, to).map(({ value }) => value)).size;
    let sum = 0;
    for (let at = from; at < to; at += 1) sum += (this.#hits[at] as Hit).amount;
    return sum;
  }

  /** The index of the first hit that is later than this. */
  #indexAfter(timeMs: number): number {
    let [low, high] = [0, this.#hits.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#hits[middle] as Hit).timeMs <= timeMs) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Forgets what no window can hold any more, and puts older hits together where there are too many. */
  #forget(newestMs: number): void {
    const { windowMs, allowanceMs, counts } = this.#options;
    const gone = this.#indexAfter(newestMs - 2 * windowMs - allowanceMs);
    if (gone > 0) {
      this.#hits.splice(0, gone);
      this.#first -= gone;
    }
    if (this.#hits.length <= this.#tidyAt) return;
    if (counts === 'distinct') {
      this.#hits = newestOfEach(this.#hits, this.#mostKept - (this.#mostKept >>> 2));
      this.#tidyAt = Math.min(this.#mostKept, Math.max(LEAST_KEPT.distinct, 2 * this.#hits.length));
    } else {
      const half = this.#hits.length >>> 1;
      this.#hits = [...paired(this.#hits.slice(0, half)), ...this.#hits.slice(half)];
    }
    this.#recount();
  }
}

function paired(hits: readonly Hit[]): Hit[] {
  const pairs: Hit[] = [];
  for (let at = 0; at < hits.length; at += 2) {
    const [one, other] = [hits[at] as Hit, hits[at + 1]];
    pairs.push(other === undefined ? one : { ...other, amount: one.amount + other.amount });
  }
  return pairs;
}

/** The newest hit of each value; of too many values the newest. */
function newestOfEach(hits: readonly Hit[], most: number): Hit[] {
  const newest = new Map<string, Hit>();
  for (const hit of hits) {
    newest.delete(hit.value);
    newest.set(hit.value, hit);
  }
  return [...newest.values()].slice(-most);
}

/** A window as a state file has it, with nothing later than now; undefined for anything else. */
export function parseWindow(value: unknown, nowMs: number): SavedWindow | undefined {
  const { hits } = (typeof value === 'object' && value !== null ? value : {}) as { hits?: unknown };
  if (!Array.isArray(hits)) return undefined;
  const parsed = hits.slice(-MOST_KEPT).flatMap((hit: unknown) => {
    const [timeMs, amount, text] = (Array.isArray(hit) ? hit : []) as unknown[];
    const isHit = Number.isFinite(timeMs) && Number.isFinite(amount) && Number(amount) >= 0 && typeof text === 'string';
    return isHit ? [[Math.min(Number(timeMs), nowMs), Number(amount), text] as const] : [];
  });
  return { hits: parsed.toSorted(([one], [other]) => one - other) };
}
