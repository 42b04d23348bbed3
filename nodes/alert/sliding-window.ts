import { HitList } from './hit-list.ts';
import { type Counts, type Hit, RunningTotal } from './running-total.ts';
import { MOST_KEPT, newestOfEach, type SavedWindow, type WindowSnapshot } from './saved-window.ts';

export interface WindowOptions {
  readonly counts: Counts;
  /** The total from which it is too many. */
  readonly threshold: number;
  readonly windowMs: number;
  /** How much later than it happened a hit is still sorted in, in ms. */
  readonly allowanceMs: number;
}

/** What became of a hit: `reached` where a window that holds it has too many. */
export type HitResult = { readonly isLate: true } | { readonly isLate: false; readonly reached: number | undefined };

/**
 * So many hits are kept at least; beyond that the older half is put together in pairs. A sum is then exact to a hundredth or two
 * of its threshold; there may be a thousand windows, so it is not more.
 */
const LEAST_KEPT = { records: 32, sum: 128, distinct: 32 } as const;
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
  readonly #hits: HitList;
  /** The window that ends at the newest hit begins with this one. */
  #first = 0;
  #newest: RunningTotal;
  /** When a window with too many was seen last: the time at which it ends. */
  #reachedMs = Number.NEGATIVE_INFINITY;
  /** What was found of the hits as they are. */
  #over: { readonly untilMs: number | undefined } | undefined;

  constructor(options: WindowOptions, saved?: SavedWindow) {
    this.#options = options;
    this.#newest = new RunningTotal(options.counts);
    this.#hits = new HitList(options.counts);
    const needed = options.counts === 'sum' ? 0 : 2 * Math.ceil(options.threshold);
    this.#mostKept = Math.min(MOST_KEPT, Math.max(LEAST_KEPT[options.counts], needed));
    this.#tidyAt = options.counts === 'distinct' ? LEAST_KEPT.distinct : this.#mostKept;
    for (const [timeMs, amount, value] of saved?.hits ?? []) this.#hits.insert({ timeMs, amount, value });
    this.#recount();
  }

  /** Whether nothing happened after a moment. */
  isEmptyAfter(timeMs: number): boolean {
    return this.#hits.newestMs <= timeMs;
  }

  get saved(): WindowSnapshot {
    const { counts } = this.#options;
    const [copy, mostKept] = [this.#hits.copy(), this.#mostKept];
    const kept = (hits: Hit[]): Hit[] => (counts === 'distinct' ? newestOfEach(hits, mostKept) : hits);
    return {
      toJSON: () => ({
        hits: kept(copy.toArray()).map(({ timeMs, amount, value }) => [timeMs, amount, value] as const),
      }),
    };
  }

  /** Takes a hit in. It is late, and not counted, where it is older than the window and the allowance. */
  add(hit: Hit): HitResult {
    const { windowMs, allowanceMs } = this.#options;
    const { newestMs } = this.#hits;
    if (hit.timeMs <= newestMs - windowMs - allowanceMs) return { isLate: true };
    if (hit.timeMs < newestMs) {
      this.#hits.insert(hit, this.#hits.indexAfter(hit.timeMs));
      this.#recount();
      return { isLate: false, reached: this.#highestFrom(hit.timeMs) };
    }
    this.#over = undefined;
    this.#hits.insert(hit);
    this.#newest.add(hit.amount, hit.value);
    this.#leaveBehind(hit.timeMs - windowMs);
    this.#forget(hit.timeMs);
    const total = this.newestTotal;
    if (total < this.#options.threshold) return { isLate: false, reached: undefined };
    this.#reachedMs = hit.timeMs;
    return { isLate: false, reached: total };
  }

  /** The clock was set by so much: what happened by the old one happened so much later, but not later than now. */
  shift(ms: number, nowMs: number): void {
    const hits = this.#hits.toArray();
    this.#hits.replace(hits.map((hit) => ({ ...hit, timeMs: Math.min(hit.timeMs + ms, nowMs) })));
    this.#reachedMs = Number.NEGATIVE_INFINITY;
    this.#recount();
  }

  /** The total of the window that ends at a moment. */
  totalAt(atMs: number): number {
    const { windowMs } = this.#options;
    return this.#total(this.#hits.indexAfter(atMs - windowMs), this.#hits.indexAfter(atMs));
  }

  /** Whether there still were too many at that moment or later, as far as that is known without a look at all hits. */
  isSurelyOverAt(atMs: number): boolean {
    return atMs <= this.#reachedMs;
  }

  /**
   * Until when there were too many, in ms since the epoch: the moment in which the last window with too many has lost enough of
   * them. Undefined where no window has, or only one that is forgotten by now.
   */
  get overUntilMs(): number | undefined {
    this.#over ??= { untilMs: this.#findOverUntil() };
    return this.#over.untilMs;
  }

  #findOverUntil(): number | undefined {
    const { windowMs, allowanceMs } = this.#options;
    const hits = this.#hits;
    const horizonMs = hits.newestMs - windowMs - allowanceMs;
    const total = new RunningTotal(this.#options.counts);
    // From the newest window backwards: each hit comes in and goes out once.
    let first = hits.length;
    for (let last = hits.length - 1; last >= 0; last -= 1) {
      const fromMs = hits.timeAt(last) - windowMs;
      for (; first > 0 && hits.timeAt(first - 1) > fromMs; first -= 1)
        total.add(hits.amountAt(first - 1), hits.valueAt(first - 1));
      if (this.#isTooMany(total.value, first, last + 1)) {
        let from = first;
        for (; from <= last && this.#isTooMany(total.value, from, last + 1); from += 1)
          total.take(hits.amountAt(from), hits.valueAt(from));
        const untilMs = hits.timeAt(from - 1) + windowMs;
        return untilMs > horizonMs ? untilMs : undefined;
      }
      total.take(hits.amountAt(last), hits.valueAt(last));
    }
    return undefined;
  }

  /** Fractions that come and go leave their rounding behind: what is near is looked at again. */
  #isTooMany(total: number, from: number, to: number): boolean {
    const { threshold } = this.#options;
    const isExact = Number.isInteger(total) || Math.abs(total - threshold) > threshold * 1e-9;
    return (isExact ? total : this.#total(from, to)) >= threshold;
  }

  /** The highest total of the windows that hold a hit of this time, where it is too many. */
  #highestFrom(timeMs: number): number | undefined {
    const { threshold, windowMs } = this.#options;
    let highest = 0;
    for (let at = this.#hits.indexAfter(timeMs) - 1; at < this.#hits.length; at += 1) {
      const endMs = this.#hits.timeAt(at);
      if (endMs >= timeMs + windowMs) break;
      highest = Math.max(highest, this.totalAt(endMs));
    }
    if (highest < threshold) return undefined;
    this.#reachedMs = Math.max(this.#reachedMs, timeMs);
    return highest;
  }

  /** The total of the window that ends at the newest hit. */
  get newestTotal(): number {
    return this.#newest.value;
  }

  /** Takes out of the newest window what happened at this time or before. */
  #leaveBehind(untilMs: number): void {
    const hits = this.#hits;
    for (; this.#first < hits.length && hits.timeAt(this.#first) <= untilMs; this.#first += 1)
      this.#newest.take(hits.amountAt(this.#first), hits.valueAt(this.#first));
    // Fractions that come and go would leave their rounding behind for ever.
    if (this.#first === this.#hits.length - 1) this.#recount();
  }

  #recount(): void {
    this.#over = undefined;
    this.#newest = new RunningTotal(this.#options.counts);
    const hits = this.#hits;
    this.#first = hits.indexAfter(hits.newestMs - this.#options.windowMs);
    for (let at = this.#first; at < hits.length; at += 1) this.#newest.add(hits.amountAt(at), hits.valueAt(at));
  }

  #total(from: number, to: number): number {
    const total = new RunningTotal(this.#options.counts);
    for (let at = from; at < to; at += 1) total.add(this.#hits.amountAt(at), this.#hits.valueAt(at));
    return total.value;
  }

  /** Forgets what no window can hold any more, and puts older hits together where there are too many. */
  #forget(newestMs: number): void {
    const { windowMs, allowanceMs, counts } = this.#options;
    const beforeMs = newestMs - 2 * windowMs - allowanceMs;
    if (this.#hits.timeAt(0) <= beforeMs) {
      const gone = this.#hits.indexAfter(beforeMs);
      this.#hits.dropFirst(gone);
      this.#first -= gone;
    }
    if (this.#hits.length <= this.#tidyAt) return;
    if (counts === 'distinct') {
      this.#hits.replace(newestOfEach(this.#hits.toArray(), this.#mostKept - (this.#mostKept >>> 2)));
      this.#tidyAt = Math.min(this.#mostKept, Math.max(LEAST_KEPT.distinct, 2 * this.#hits.length));
    } else this.#hits.pairFirst(this.#hits.length >>> 1);
    this.#recount();
  }
}
