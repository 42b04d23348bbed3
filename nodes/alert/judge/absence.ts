import type { AlertKey } from '../key.ts';
import { type Ignored, type Judge, type JudgeStart, membersOf, pastTime, type Sample, type Verdict } from './judge.ts';

export interface AbsenceOptions {
  readonly silentMs: number;
  /** What has not been heard of for so long is forgotten; 0 never forgets. */
  readonly forgetMs: number;
  /** It was typed in: it is missed though nobody ever heard of it, and never forgotten. */
  isExpected(key: AlertKey): boolean;
  /** Whether time counts at this moment. */
  isActive(atMs: number): boolean;
}

export interface SavedAbsence {
  readonly firstMs?: number | undefined;
  readonly heardMs?: number | undefined;
  readonly isArmed: boolean;
}

/** Judges that nothing comes. By arrival: a source that reads old records is not silent. */
export class AbsenceJudge implements Judge {
  readonly #options: AbsenceOptions;
  /** When the first record came, in ms since the epoch. */
  #firstMs: number | undefined;
  /** When the last one came; the start where none did. Time in which none was to come does not count. */
  #heardMs: number;
  /** Once heard is nothing: a name that was seen by mistake cannot be missed. */
  #isArmed: boolean;
  readonly #isExpected: boolean;
  /** When its time began to run. */
  #lastMs: number;
  #tickedMs: number;
  #isUnmoved = false;

  /** Its full time begins now, also after a start. */
  constructor(options: AbsenceOptions, { key, nowMs, saved }: JudgeStart) {
    const { firstMs, heardMs, isArmed } = membersOf(saved);
    this.#options = options;
    this.#firstMs = pastTime(firstMs, nowMs);
    this.#heardMs = pastTime(heardMs, nowMs) ?? nowMs;
    this.#isExpected = options.isExpected(key);
    this.#isArmed = isArmed === true || this.#isExpected;
    this.#lastMs = nowMs;
    this.#tickedMs = nowMs;
  }

  isIdle(): boolean {
    return !this.#isArmed;
  }

  valueAt(): undefined {
    return undefined;
  }

  get mostValue(): undefined {
    return undefined;
  }

  get saved(): SavedAbsence {
    // What was typed in and never came is not missed once it is no longer typed in.
    const isArmed = this.#isArmed && this.#firstMs !== undefined;
    return { firstMs: this.#firstMs, heardMs: this.#heardMs, isArmed };
  }

  get isUnmoved(): boolean {
    return this.#isUnmoved;
  }

  take({ arrivalMs }: Sample): Verdict | Ignored {
    // Before it is armed, the time counts that passed since the first one: a restart leaves out what passed since it was saved.
    this.#isUnmoved = this.#isArmed && this.#firstMs !== undefined;
    this.#firstMs ??= arrivalMs;
    if (arrivalMs - this.#firstMs >= this.#options.silentMs) this.#isArmed = true;
    this.#lastMs = arrivalMs;
    this.#heardMs = arrivalMs;
    return { isBad: false, atMs: arrivalMs };
  }

  tick(nowMs: number, isFiring: boolean): Verdict {
    const { silentMs, forgetMs, isActive } = this.#options;
    // Outside the active hours time stands still.
    if (!isActive(nowMs) && !isFiring) {
      this.#lastMs += nowMs - this.#tickedMs;
      this.#heardMs += nowMs - this.#tickedMs;
    }
    this.#tickedMs = nowMs;
    if (!isFiring) {
      return this.#isArmed && nowMs - this.#lastMs > silentMs ? { isBad: true, sinceMs: this.#lastMs } : undefined;
    }
    if (forgetMs === 0 || this.#isExpected || nowMs - this.#heardMs < Math.max(forgetMs, silentMs)) return undefined;
    this.#isArmed = false;
    this.#firstMs = undefined;
    return { isBad: false, atMs: nowMs, reason: 'forgotten' };
  }

  skip(ms: number, nowMs: number): void {
    if (this.#firstMs !== undefined) this.#firstMs = Math.min(this.#firstMs + ms, nowMs);
    this.#heardMs = Math.min(this.#heardMs + ms, nowMs);
    this.#lastMs = nowMs;
    this.#tickedMs = nowMs;
  }

  shift(ms: number, nowMs: number): void {
    // Its full time begins anew here too.
    this.skip(ms, nowMs);
  }
}
