import { asText, type CompiledRules, type Fields, isPresent } from '../../lib/rules/compile.ts';
import { keyValueOf } from '../../lib/rules/key-value.ts';
import { RateLimit } from './rate-limit.ts';
import type { FilterSettings } from './settings.ts';

/** `rules`: dropped by the rules; `limit`: one too many for its time. */
export type Verdict = 'pass' | 'rules' | 'limit';

/** The key of a record that lacks the field. */
const NONE = '(none)';
const LONGEST_KEY = 200;
/** A record from further in the future has a wrong clock, and is taken as of now. */
const FUTURE_MS = 600_000;

/** A filter: it tells of one payload after another whether it passes. Never throws. */
export class Filter {
  readonly #dropsFitting: boolean;
  readonly #rules: CompiledRules | undefined;
  readonly #each: string;
  readonly #limit: RateLimit | undefined;
  #key: string | undefined;
  /** Records of one moment follow each other: their time is read once. */
  #timeText: unknown;
  #timeMs = 0;

  /** `rules` are those of the settings, compiled. */
  constructor({ action, rules: { rules }, limit }: FilterSettings, compiled: CompiledRules) {
    this.#dropsFitting = action === 'drop';
    // A filter without rows has nothing to say: it must not drop all of what comes.
    this.#rules = rules.length === 0 ? undefined : compiled;
    this.#each = limit?.each ?? '';
    this.#limit = limit === undefined ? undefined : new RateLimit(limit.most, limit.windowMs);
  }

  /** The key under which the last `limit` was; undefined where the limit is one for all. */
  get key(): string | undefined {
    return this.#key;
  }

  /** `nowMs` in ms since 1970. */
  judge(payload: unknown, nowMs: number): Verdict {
    try {
      return this.#judge(fieldsOf(payload), nowMs);
    } catch {
      // A getter of a user's own object throws: it fits nothing and has no key.
      return this.#rules === undefined || this.#dropsFitting ? 'pass' : 'rules';
    }
  }

  forgetUnused(nowMs: number): void {
    this.#limit?.forgetUnused(nowMs);
  }

  #judge(record: Fields, nowMs: number): Verdict {
    if (isFilterRecord(record)) return 'pass';
    if (this.#rules !== undefined && this.#rules.matches(record) === this.#dropsFitting) return 'rules';
    if (this.#limit === undefined) return 'pass';
    const key = this.#each === '' ? '' : keyOf(keyValueOf(record, this.#each));
    const exceeded = this.#limit.exceededBy(key, this.#timeOf(record.time, nowMs), nowMs);
    if (exceeded === undefined) return 'pass';
    this.#key = exceeded === '' ? undefined : exceeded;
    return 'limit';
  }

  #timeOf(time: unknown, nowMs: number): number {
    if (typeof time !== 'string') return nowMs;
    if (time !== this.#timeText) {
      this.#timeText = time;
      this.#timeMs = Date.parse(time);
    }
    return this.#timeMs <= nowMs + FUTURE_MS ? this.#timeMs : nowMs;
  }
}

/** Those that fit and the others, in order. Where all of them fit, which is the rule, no list is made. */
export function parted<Of>(
  all: readonly Of[],
  fits: (one: Of) => boolean,
): Record<'fitting' | 'others', readonly Of[]> {
  const others: Of[] = [];
  let fitting: Of[] | undefined;
  for (let at = 0; at < all.length; at += 1) {
    const one = all[at] as Of;
    if (fits(one)) fitting?.push(one);
    else {
      fitting ??= all.slice(0, at);
      others.push(one);
    }
  }
  return { fitting: fitting ?? all, others };
}

/** What rules look at: the payload of a record, else a text as its `message`. */
function fieldsOf(payload: unknown): Fields {
  if (typeof payload === 'object' && payload !== null) return payload as Fields;
  return payload === undefined || payload === null ? {} : { message: String(payload) };
}

/** What a filter tells of what it dropped is never dropped by one. */
function isFilterRecord(record: Fields): boolean {
  return record.log_type === 'filter' && record.filter_name !== undefined;
}

function keyOf(value: unknown): string {
  if (!isPresent(value)) return NONE;
  const text = asText(value);
  return text.length > LONGEST_KEY ? text.slice(0, LONGEST_KEY) : text;
}
