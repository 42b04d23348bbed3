import type { Column } from './column.ts';

/** Longer texts are rarely the same twice, and are not learned. */
const LEARNED_UNITS = 64;
/** So many values of a key are learned at one place. */
const MOST_LEARNED = 4;
/** So many texts of a key are kept until one of them is there again: a power of two. */
const SLOTS = 4;
/** Texts of which so many were not there again are ids: looking for them takes longer than it saves. */
const MOST_MISSES = 100;
/** So many bytes are written at once at most. */
const MOST_BYTES = 1_024;
/** So many keys are known at one place: more take longer to look through than to begin anew. */
const MOST_KEYS = 16;
/** So many places are learned in all. */
const MOST_STEPS = 2_000;

/** How many places of documents are known. */
export class StepCount {
  #left = MOST_STEPS;

  /** Whether one more may be kept. */
  take(): boolean {
    this.#left -= 1;
    return this.#left >= 0;
  }
}

/** A value that a key had here again and again, and the place after it. */
interface Edge<Value> {
  readonly key: string;
  readonly value: Value;
  readonly next: Step;
  readonly other: Edge<Value> | undefined;
}

/**
 * A place that documents reach which begin alike, but for values that vary. What is the same in all of them since the last of
 * those is written at once, when the next one comes: to write a few bytes takes as long as to write a hundred.
 */
export class Step {
  /** What is to be written before anything else. */
  readonly bytes: Uint8Array;
  /** Of what was written so far: its units without the values that vary, its fields, and which of `SEEN` are among them. */
  readonly units: number;
  readonly fields: number;
  readonly seen: number;
  // Chains and not arrays: nearly every place has one way on.
  #texts: Edge<string> | undefined;
  #numbers: Edge<number> | undefined;
  #branches: Branch | undefined;
  #keys = 0;
  #closing: Uint8Array | undefined;

  constructor(bytes: Uint8Array, units = 0, fields = 0, seen = 0) {
    this.bytes = bytes;
    this.units = units;
    this.fields = fields;
    this.seen = seen;
  }

  /** The place after a member that was learned, else undefined. */
  after(key: string, value: unknown): Step | undefined {
    if (typeof value === 'string') {
      for (let edge = this.#texts; edge !== undefined; edge = edge.other)
        if (edge.key === key && edge.value === value) return edge.next;
    } else if (typeof value === 'number') {
      for (let edge = this.#numbers; edge !== undefined; edge = edge.other)
        if (edge.key === key && edge.value === value) return edge.next;
    }
    return undefined;
  }

  /** How a value of this key goes on that was not learned; undefined where the key was never here. */
  branch(key: string): Branch | undefined {
    let branch = this.#branches;
    while (branch !== undefined && branch.column.key !== key) branch = branch.other;
    return branch;
  }

  /** The same, of a key that was never here. */
  grow(column: Column, count: StepCount): Branch {
    const branch = new Branch(this, column, count, this.#branches);
    if (this.#keys >= MOST_KEYS || !count.take()) return branch;
    this.#keys += 1;
    this.#branches = branch;
    return branch;
  }

  /** What is to be written where a document ends here, with its end: the same for each document of a writer. */
  closing(end: () => Uint8Array): Uint8Array {
    this.#closing ??= joined(this.bytes, end());
    return this.#closing;
  }

  learnText(column: Column, value: string, field: Uint8Array): void {
    this.#texts = { key: column.key, value, next: this.#afterField(column, field), other: this.#texts };
  }

  learnNumber(column: Column, value: number, field: Uint8Array): void {
    this.#numbers = { key: column.key, value, next: this.#afterField(column, field), other: this.#numbers };
  }

  #afterField({ seen }: Column, field: Uint8Array): Step {
    const bytes = joined(this.bytes, field);
    return new Step(bytes, this.units + field.length, this.fields + 1, this.seen | seen);
  }
}

/** A key whose values vary at some place. */
export class Branch {
  readonly column: Column;
  /** What is written before a number, or another value that is no text; and before a text, with its quote. */
  readonly start: Uint8Array;
  readonly textStart: Uint8Array;
  /** The place after the value. */
  readonly next: Step;
  readonly other: Branch | undefined;
  /** The place itself. */
  readonly step: Step;
  readonly #count: StepCount;
  readonly #texts: (string | undefined)[] = new Array(SLOTS).fill(undefined);
  #number = Number.NaN;
  #misses = 0;
  #learned = 0;

  constructor(step: Step, column: Column, count: StepCount, other: Branch | undefined) {
    this.column = column;
    this.start = joined(step.bytes, column.start);
    this.textStart = joined(step.bytes, column.textStart);
    this.next = new Step(NOTHING, step.units + column.key.length, step.fields + 1, step.seen | column.seen);
    this.other = other;
    this.step = step;
    this.#count = count;
  }

  /** Hears of a text. Its field lies in `bytes`, behind what the place has before it, from `from` up to `end`. */
  noteText(text: string, bytes: Uint8Array, from: number, end: number): void {
    if (this.#misses >= MOST_MISSES || text === '' || text.length > LEARNED_UNITS) return;
    const slot = slotOf(text);
    if (text === this.#texts[slot]) {
      if (this.#mayLearn(end - from)) this.step.learnText(this.column, text, bytes.subarray(from, end));
      return;
    }
    this.#misses += 1;
    this.#texts[slot] = text;
    // What is not looked for any more must not keep the text that it was cut out of.
    if (this.#misses >= MOST_MISSES) this.#texts.fill(undefined);
  }

  /** Hears of a number. */
  noteNumber(value: number, bytes: Uint8Array, from: number, end: number): void {
    if (this.#misses >= MOST_MISSES) return;
    if (value === this.#number && this.#mayLearn(end - from))
      this.step.learnNumber(this.column, value, bytes.subarray(from, end));
    else this.#misses += 1;
    this.#number = value;
  }

  #mayLearn(bytes: number): boolean {
    if (this.#learned >= MOST_LEARNED || this.step.bytes.length + bytes > MOST_BYTES || !this.#count.take())
      return false;
    this.#learned += 1;
    return true;
  }
}

const NOTHING = new Uint8Array();

function joined(one: Uint8Array, other: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(one.length + other.length);
  bytes.set(one);
  bytes.set(other, one.length);
  return bytes;
}

/** Words that take turns in a key mostly differ in their length, or in how they begin or end. */
function slotOf(text: string): number {
  return (text.length + text.charCodeAt(0) + text.charCodeAt(text.length - 1)) & (SLOTS - 1);
}
