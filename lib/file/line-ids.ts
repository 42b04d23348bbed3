import { type IdGiver, type Line, MOST_NOTED } from './line-splitter.ts';
import { timeAt, timeEndAt } from './line-time.ts';

/**
 * Gives each line an id that depends on its text alone, so that it stays the same over a rename, a copy, packing, and an
 * editor that takes out other lines. Lines that are equal are told apart by their number among their equals: those of one
 * second stand near each other, because a line begins with its time.
 */

/** So many lines stand for the end of what was read. */
export const LAST_LINES = 4;
const HASH_DIGITS = 16;
/** So many times are remembered with their lines: several writers can be a little out of order. */
const TIMES_KEPT = 8;
/** So many lines of one time are remembered at once. */
const MOST_LINES = 65_536;
/** Room for an id, in bytes, beside what all of them begin with. */
const ID_BYTES = 64;

/** What the numbers of a hash begin with, and what they are multiplied by: any odd ones with their bits spread. */
const [BASIS_A, BASIS_B, PRIME_A, PRIME_B] = [0x811c9dc5, 0x2f0b4a27, 0x9e3779b1, 0x5bd0a62d];
const HEX = Uint8Array.from('0123456789abcdef', (digit) => digit.charCodeAt(0));

/** The lines of one time. Most times have one line: what is needed for more is made when a second one comes. */
interface SameTime {
  /** The hash of the time as it stands in the line. */
  timeA: number;
  timeB: number;
  /** When it was needed last. */
  used: number;
  /** The hash of the first line, and how often it came as long as there is no other one. */
  first: number;
  firstCount: number;
  /** How often each line came, once there are several. */
  counts: Map<number, number> | undefined;
  /** How often the memory of them was begun anew. */
  restarts: number;
}

/** Its ids are written as bytes, and become one text for many lines: to put each of them together takes several times as long. */
export class LineIds implements IdGiver {
  /** What all ids begin with, in bytes. */
  readonly #start: Buffer;
  /** Stands for the file: made of its first line. */
  readonly #file: string;
  /** The hash of the time of the file's first line. */
  readonly #firstA: number;
  readonly #firstB: number;
  readonly #hasFirstTime: boolean;
  readonly #times: SameTime[] = [];
  #same: SameTime | undefined;
  /** The hash of what was hashed last. */
  #a = 0;
  #b = 0;
  /** How often the time was another one. */
  #uses = 0;
  /** Where four bytes are read at once, and what it is the view of. */
  #view: DataView<ArrayBufferLike> = new DataView(new ArrayBuffer(0));
  #viewed: Uint8Array | undefined;
  /** The ids of the lines that were noted, and where each ends. */
  #memory: Buffer;
  readonly #ends = new Int32Array(MOST_NOTED);
  #noted = 0;

  /** The first line of the file in bytes. `start`: what all ids begin with. */
  constructor(firstLine: Uint8Array, start = '') {
    const { length } = firstLine;
    this.#start = Buffer.from(start, 'latin1');
    this.#memory = Buffer.alloc(MOST_NOTED * (ID_BYTES + start.length));
    this.#hash(firstLine, 0, length);
    this.#file = hex32((this.#a ^ this.#b) >>> 0);
    this.#hasFirstTime = this.#hashTime(firstLine, 0, length);
    this.#firstA = this.#a;
    this.#firstB = this.#b;
  }

  /** Whether lines of more than one time were counted. */
  get hasSeveralTimes(): boolean {
    return this.#times.length > 1;
  }

  /**
   * Where the line has no time, its place tells it from its equals. So does its file within the first time of it: the last line
   * of the file before may be equal.
   */
  note(offset: number, bytes: Uint8Array, from: number, end: number): void {
    this.#hash(bytes, from, end);
    const [a, b] = [this.#a, this.#b];
    let at = this.#noted === 0 ? 0 : (this.#ends[this.#noted - 1] as number);
    at = putHex(this.#memory, putHex(this.#memory, this.#putStart(at), a), b);
    if (!this.#hashTime(bytes, from, end)) at = this.#put(at, `-${this.#file}-${offset}`);
    else {
      const nth = countLine(this.#sameTime(), a | 0);
      if (nth !== '') at = this.#put(at, `-${nth}`);
      const isFirst = this.#a === this.#firstA && this.#b === this.#firstB;
      if (isFirst || !this.#hasFirstTime) at = this.#put(at, `-${this.#file}`);
    }
    this.#ends[this.#noted] = at;
    this.#noted += 1;
  }

  give(lines: readonly Line[], first: number): void {
    const ends = this.#ends;
    const text = this.#memory.toString('latin1', 0, ends[this.#noted - 1]);
    for (let noted = 0, from = 0; noted < this.#noted; noted++) {
      const end = ends[noted] as number;
      (lines[first + noted] as Line).id = text.slice(from, end);
      from = end;
    }
    this.#noted = 0;
  }

  #putStart(at: number): number {
    const start = this.#start;
    for (let n = 0; n < start.length; n++) this.#memory[at + n] = start[n] as number;
    return at + start.length;
  }

  #put(at: number, text: string): number {
    return at + this.#memory.write(text, at, 'latin1');
  }

  /** The lines of the time that was hashed last. */
  #sameTime(): SameTime {
    const same = this.#same;
    if (same !== undefined && same.timeA === this.#a && same.timeB === this.#b) return same;
    return this.#take(this.#a, this.#b);
  }

  /** Hashes the time of a line. False where it has none. */
  #hashTime(bytes: Uint8Array, from: number, end: number): boolean {
    const at = timeAt(bytes, from, end);
    const timeEnd = timeEndAt(bytes, at, end);
    if (timeEnd === -1) return false;
    this.#hash(bytes, at, timeEnd);
    return true;
  }

  /**
   * Two numbers that depend on all bytes, with one multiplication for four of them. It goes over bytes, because to ask a text
   * for its characters takes several times as long. With the other number and the bytes known each step can be undone, so two
   * lines that differ in one place never have the same pair.
   */
  #hash(bytes: Uint8Array, from: number, end: number): void {
    let a = BASIS_A;
    let b = BASIS_B ^ (end - from);
    let at = from;
    const view = this.#viewOf(bytes);
    for (; at + 8 <= end; at += 8) {
      a = Math.imul(a ^ view.getInt32(at, true) ^ (b >>> 15), PRIME_A);
      b = Math.imul(b ^ view.getInt32(at + 4, true) ^ (a >>> 16), PRIME_B);
    }
    for (; at < end; at++) {
      a = Math.imul(a ^ (bytes[at] as number) ^ (b >>> 15), PRIME_A);
      b = Math.imul(b ^ (a >>> 16), PRIME_B);
    }
    // The low bits of a product depend on low bits alone.
    b ^= (b >>> 13) ^ (a >>> 7);
    a ^= (a >>> 15) ^ (b >>> 3);
    this.#a = a | 0;
    this.#b = b | 0;
  }

  /** A view lasts for a whole chunk of lines. To ask for the buffer of bytes is a call out of the compiled code. */
  #viewOf(bytes: Uint8Array): DataView<ArrayBufferLike> {
    if (bytes !== this.#viewed) {
      this.#viewed = bytes;
      this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    }
    return this.#view;
  }

  #take(timeA: number, timeB: number): SameTime {
    const same = this.#find(timeA, timeB) ?? this.#begin(timeA, timeB);
    this.#uses += 1;
    same.used = this.#uses;
    this.#same = same;
    return same;
  }

  #find(timeA: number, timeB: number): SameTime | undefined {
    for (const one of this.#times) if (one.timeA === timeA && one.timeB === timeB) return one;
    return undefined;
  }

  /** The memory of a time that has no line yet: that of the time which was not needed for longest, once there are enough. */
  #begin(timeA: number, timeB: number): SameTime {
    const times = this.#times;
    if (times.length < TIMES_KEPT) {
      const added = { timeA, timeB, used: 0, first: 0, firstCount: 0, counts: undefined, restarts: 0 };
      times.push(added);
      return added;
    }
    let oldest = times[0] as SameTime;
    for (const one of times) if (one.used < oldest.used) oldest = one;
    oldest.timeA = timeA;
    oldest.timeB = timeB;
    oldest.firstCount = 0;
    oldest.counts = undefined;
    oldest.restarts = 0;
    return oldest;
  }
}

/** The part of an id, which begins with `start`, that the text of its line makes alone. */
export function hashIn(id: string, start = ''): string {
  return id.slice(start.length, start.length + HASH_DIGITS);
}

/** Counts a line, and gives which of its equals it is; empty for the first. Where two hashes are equal no id is. */
function countLine(same: SameTime, hash: number): string {
  if (same.counts === undefined) {
    if (same.firstCount === 0) same.first = hash;
    if (same.first === hash) {
      same.firstCount += 1;
      return same.firstCount === 1 ? '' : String(same.firstCount - 1);
    }
    same.counts = new Map([[same.first, same.firstCount]]);
  }
  const count = same.counts.get(hash) ?? 0;
  if (count === 0 && same.counts.size >= MOST_LINES) {
    same.counts = new Map();
    same.restarts += 1;
  }
  same.counts.set(hash, count + 1);
  if (same.restarts > 0) return `${count}.${same.restarts}`;
  return count === 0 ? '' : String(count);
}

/** Writes the 32 bits of a number as 8 hexadecimal digits, and gives where they end. */
function putHex(memory: Uint8Array, at: number, number: number): number {
  for (let place = 0; place < 8; place++) memory[at + place] = HEX[(number >>> (28 - 4 * place)) & 15] as number;
  return at + 8;
}

/** The 32 bits of an unsigned number as 8 hexadecimal digits. */
export function hex32(number: number): string {
  return number.toString(16).padStart(8, '0');
}
