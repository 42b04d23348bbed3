import type { Ignored, Judge, Sample, Verdict } from './judge.ts';

export interface AbsenceOptions {
  readonly silentMs: number;
  /** What has not been heard of for so long is forgotten; 0 never forgets. */
  readonly forgetMs: number;
  /** Whether time counts at this moment. */
  isActive(atMs: number): boolean;
}

export interface SavedAbsence {
  readonly firstMs?: number | undefined;
  readonly isArmed: boolean;
}

/** Judges that nothing comes. By arrival: a source that reads old records is not silent. */
export class AbsenceJudge implements Judge {
  readonly #options: AbsenceOptions;
  /** When the first record came, in ms since the epoch. */
  #firstMs: number | undefined;
  /** Once heard is nothing: a name that was seen by mistake cannot be missed. */
  #isArmed: boolean;
  /** When its time began to run. */
  #lastMs: number;
  #tickedMs: number;

  /** `nowMs`: its full time begins now, also after a start. */
  constructor(options: AbsenceOptions, nowMs: number, saved?: SavedAbsence) {
    this.#options = options;
    this.#firstMs = saved?.firstMs;
    this.#isArmed = saved?.isArmed ?? false;
    this.#lastMs = nowMs;
    this.#tickedMs = nowMs;
  }

  get isIdle(): boolean {
    return !this.#isArmed;
  }

  get saved(): SavedAbsence {
    return { firstMs: this.#firstMs, isArmed: this.#isArmed };
  }

  take({ arrivalMs }: Sample): Verdict | Ignored {
    this.#firstMs ??= arrivalMs;
    if (arrivalMs - this.#firstMs >= this.#options.silentMs) this.#isArmed = true;
    this.#lastMs = arrivalMs;
    return { isBad: false, atMs: arrivalMs };
  }

  tick(nowMs: number, isFiring: boolean): Verdict {
    const { silentMs, forgetMs, isActive } = this.#options;
    // Outside the active hours time stands still.
    if (!isActive(nowMs) && !isFiring) this.#lastMs += nowMs - this.#tickedMs;
    this.#tickedMs = nowMs;
    if (!this.#isArmed) return undefined;
    if (isFiring && forgetMs > 0 && nowMs - this.#lastMs >= forgetMs) {
      this.#isArmed = false;
      return { isBad: false, atMs: nowMs, reason: 'forgotten' };
    }
    return nowMs - this.#lastMs > silentMs ? { isBad: true, sinceMs: this.#lastMs } : undefined;
  }

  skip(ms: number, nowMs: number): void {
    if (this.#firstMs !== undefined) this.#firstMs += ms;
    this.#lastMs = nowMs;
    this.#tickedMs = nowMs;
  }
}
