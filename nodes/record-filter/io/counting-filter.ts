import type { CompiledRules } from '../../../lib/rules/compile.ts';
import type { Counts, Dropped } from '../counts.ts';
import { Filter } from '../filter.ts';
import { type FilterSettings, toldMs } from '../settings.ts';
import { Later } from './later.ts';
import { UntoldCounts } from './untold-counts.ts';

export interface CountingFilterOptions {
  readonly userDir: string;
  /** That of the node. */
  readonly id: string;
  readonly settings: FilterSettings;
  readonly rules: CompiledRules;
  /** Tells what was dropped in a window; `nowMs` is its end in ms since the epoch. */
  tell(dropped: Dropped, nowMs: number): void;
  /** Shows how many passed, of how many, since the start. */
  show(passed: number, total: number): void;
}

const STATUS_MS = 1_000;

/** A filter that counts what it drops, and tells it at the end of each window, also of one before a Deploy. */
export class CountingFilter {
  readonly #options: CountingFilterOptions;
  readonly #filter: Filter;
  readonly #file: UntoldCounts;
  readonly #counts: Counts;
  readonly #tell: Later;
  readonly #show: Later;

  constructor(options: CountingFilterOptions) {
    const { userDir, id, settings, rules, show } = options;
    this.#options = options;
    this.#filter = new Filter(settings, rules);
    this.#file = new UntoldCounts(userDir, id);
    this.#counts = this.#file.take();
    this.#tell = new Later(toldMs(settings), () => this.#tellDropped());
    this.#show = new Later(STATUS_MS, () => show(this.#counts.passed, this.#counts.passed + this.#counts.dropped));
    if (this.#counts.untold !== undefined) this.#tell.schedule();
  }

  /** Whether a record passes. `nowMs`: in ms since the epoch. */
  passes(payload: unknown, nowMs: number): boolean {
    const verdict = this.#filter.judge(payload, nowMs);
    if (verdict === 'pass') {
      this.#counts.passed += 1;
      return true;
    }
    this.#counts.drop(verdict, this.#filter.key);
    this.#tell.schedule();
    return false;
  }

  /** Shows soon what has passed by then. */
  scheduleShow(): void {
    this.#show.schedule();
  }

  /** Keeps what is not told. It is not told now: the nodes behind may be closed already. Rejects with the file system's error. */
  close(isGone: boolean): Promise<void> {
    this.#tell.close();
    this.#show.close();
    return isGone ? this.#file.remove() : this.#file.keep(this.#counts);
  }

  #tellDropped(): void {
    const nowMs = Date.now();
    this.#filter.forgetUnused(nowMs);
    for (const dropped of this.#counts.takeDropped()) this.#options.tell(dropped, nowMs);
  }
}
