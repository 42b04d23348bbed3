import { createContext, Script } from 'node:vm';
import { type PatternCost, patternCost } from '../pattern-cost.ts';

export interface TimedPatternOptions {
  readonly flags?: string;
  /** How long the pattern may take over one batch of texts, in milliseconds. */
  readonly timeoutMs?: number;
  /** Only so many characters of a text are given to the pattern. */
  readonly mostCharacters?: number;
}

/** Up to so many steps of the matcher cost less than a run with a time limit does (0.15 ms: it starts a thread). */
const PLAIN_STEPS = 100_000;
/** More steps than this are not made in one batch without a time limit; some 5 ms. */
const PLAIN_STEPS_IN_BATCH = 1_000_000;

/** A batch may cost so many time limits; what is left of it then is not tried. */
const TIMEOUTS_IN_BATCH = 4;

/** The share of all time that may go into runs that reach their limit, and how much of it may be saved up, in ms. */
const SHARE = 0.1;
const MOST_SAVED_MS = 100;
/** Once it is used up, a run has this limit, in ms: enough for harmless texts. From the second figure on nothing is tried. */
const SHORT_MS = 1;
const MOST_OWED_MS = 50;

/** The pattern of a rule as a function. Throws a SyntaxError where the source is no pattern. */
export function timedPattern(source: string, flags: string): (text: string) => boolean | undefined {
  const pattern = new TimedPattern(source, { flags });
  return (text) => pattern.test(text);
}

/**
 * A regular expression of a user's, for texts of somebody else. A pattern like `(\w+\s?)+:` needs years for a text of 50
 * characters that was made for it, and nothing else runs meanwhile. What is provably cheap runs as it is; the rest runs
 * in `vm`, which can end a script after a time limit.
 */
export class TimedPattern {
  readonly source: string;
  readonly #pattern: RegExp;
  readonly #cost: PatternCost | undefined;
  readonly #timeoutMs: number;
  readonly #mostCharacters: number;
  /** The script calls the function that its context holds. Made when it is needed: a context costs a millisecond. */
  #run: ((timeout: number) => void) | undefined;
  #texts: readonly string[] = [];
  #found: (boolean | undefined)[] = [];
  #at = 0;
  #savedMs = MOST_SAVED_MS;
  #savedAt = performance.now();

  /** Throws a SyntaxError where the source is no pattern. */
  constructor(source: string, { flags = 'u', timeoutMs = 10, mostCharacters = 4096 }: TimedPatternOptions = {}) {
    // Either flag would let one test begin where the one before ended.
    const stateless = flags.replace(/[gy]/g, '');
    this.source = source;
    this.#pattern = new RegExp(source, stateless);
    this.#cost = patternCost(source, stateless);
    this.#timeoutMs = timeoutMs;
    this.#mostCharacters = mostCharacters;
  }

  /** Whether the text fits; undefined where the pattern is too slow for it, or cannot be run. Never throws. */
  test(text: string): boolean | undefined {
    return this.testAll([text])[0];
  }

  /** As `test`, for each of the texts; they share one time limit, which a batch can reach four times. */
  testAll(texts: readonly string[]): (boolean | undefined)[] {
    const found: (boolean | undefined)[] = new Array(texts.length);
    const costly: number[] = [];
    let steps = 0;
    for (const [index, text] of texts.entries()) {
      const cut = this.#cut(text);
      const ownSteps = this.#stepsFor(cut.length);
      if (ownSteps > PLAIN_STEPS || steps + ownSteps > PLAIN_STEPS_IN_BATCH) costly.push(index);
      else {
        steps += ownSteps;
        found[index] = this.#testPlain(cut);
      }
    }
    if (costly.length > 0) {
      const results = this.#testTimed(costly.map((index) => this.#cut(texts[index] ?? '')));
      for (const [at, index] of costly.entries()) found[index] = results[at];
    }
    return found;
  }

  #cut(text: string): string {
    return text.length > this.#mostCharacters ? text.slice(0, this.#mostCharacters) : text;
  }

  #stepsFor(length: number): number {
    return this.#cost === undefined ? Number.POSITIVE_INFINITY : this.#cost.factor * (length + 1) ** this.#cost.degree;
  }

  /** A pattern can be too large, and a search too deep for the matcher's stack: it throws then. */
  #testPlain(text: string): boolean | undefined {
    try {
      return this.#pattern.test(text);
    } catch {
      return undefined;
    }
  }

  #testTimed(texts: readonly string[]): (boolean | undefined)[] {
    this.#saveUp();
    this.#texts = texts;
    this.#found = new Array(texts.length);
    this.#at = 0;
    let triedTwice = -1;
    for (let timeouts = 0; timeouts < TIMEOUTS_IN_BATCH && this.#savedMs > -MOST_OWED_MS; timeouts++) {
      const before = process.cpuUsage();
      if (this.#runWithin(this.#savedMs > 0 ? this.#timeoutMs : SHORT_MS)) break;
      const { user, system } = process.cpuUsage(before);
      // What it worked, not its limit: on a busy machine the clock ends a run that hardly ran, and another one late.
      this.#savedMs -= (user + system) / 1000;
      // The limit is one of the clock, and the system may have run something else: a text is slow the second time.
      if (triedTwice === this.#at) this.#at += 1;
      else triedTwice = this.#at;
    }
    const found = this.#found;
    this.#texts = [];
    this.#found = [];
    return found;
  }

  #saveUp(): void {
    const now = performance.now();
    this.#savedMs = Math.min(MOST_SAVED_MS, this.#savedMs + (now - this.#savedAt) * SHARE);
    this.#savedAt = now;
  }

  /** Tests the texts from `#at` on. False where the time was up. */
  #runWithin(timeout: number): boolean {
    this.#run ??= this.#prepareRun();
    try {
      this.#run(timeout);
      return true;
    } catch {
      return false;
    }
  }

  #prepareRun(): (timeout: number) => void {
    const context = createContext({ testRest: () => this.#testRest() });
    const script = new Script('testRest()');
    return (timeout) => script.runInContext(context, { timeout });
  }

  #testRest(): void {
    for (; this.#at < this.#texts.length; this.#at += 1) {
      this.#found[this.#at] = this.#testPlain(this.#texts[this.#at] ?? '');
    }
  }
}
