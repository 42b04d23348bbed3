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

const [BLANK, DASH, COLON, LESS, GREATER, T] = [32, 45, 58, 60, 62, 84];
/** What the numbers of a hash begin with, and what they are multiplied by: any odd ones with their bits spread. */
const [BASIS_A, BASIS_B, PRIME_A, PRIME_B] = [0x811c9dc5, 0x2f0b4a27, 0x9e3779b1, 0x5bd0a62d];
/** Three hexadecimal digits each: to write a number by so few pieces takes a third of the time of one by digits. */
const DIGITS = Array.from({ length: 4096 }, (_, number) => number.toString(16).padStart(3, '0'));

const LAST = '0123456789abcdef';

/** The lines of one time: how often each came, and how often the memory of them was begun anew. */
interface SameTime {
  counts: Map<number, number>;
  restarts: number;
}

export class LineIds {
  /** Stands for the file: made of its first line. */
  readonly #file: string;
  /** The time of the file's first line; undefined where it has none. */
  readonly #firstTime: string | undefined;
  readonly #times = new Map<string, SameTime>();
  #time = '';
  #same: SameTime | undefined;
  /** The hash of the line that was hashed last. */
  #a = 0;
  #b = 0;

  /** The first line of the file, in text and bytes. */
  constructor(firstLine: string, bytes: Uint8Array) {
    this.#hash(bytes, 0, bytes.length);
    this.#file = hex32((this.#a ^ this.#b) >>> 0);
    this.#firstTime = timeOf(firstLine);
  }

  /** Whether lines of more than one time were counted. */
  get hasSeveralTimes(): boolean {
    return this.#times.size > 1;
  }

  /**
   * The id of the next line, which begins at `offset` in its file, and of which the bytes are those of `bytes` from `from` up
   * to `end`. Where the line has no time, its place tells it from its equals. So does its file within the first time of it:
   * the last line of the file before may be equal.
   */
  idOf(offset: number, text: string, bytes: Uint8Array, from: number, end: number): string {
    this.#hash(bytes, from, end);
    const hash = hex64(this.#a, this.#b);
    const same = this.#sameTime(text);
    if (same === undefined) return `${hash}-${this.#file}-${offset}`;
    const nth = countLine(same, this.#a | 0);
    const id = nth === '' ? hash : `${hash}-${nth}`;
    return this.#time === this.#firstTime || this.#firstTime === undefined ? `${id}-${this.#file}` : id;
  }

  /** The lines of the time of a line. Most have the time of the one before. */
  #sameTime(text: string): SameTime | undefined {
    const { length } = this.#time;
    if (length > 0 && text.charCodeAt(length) === BLANK && text.startsWith(this.#time)) return this.#same;
    const time = timeOf(text);
    return time === undefined ? undefined : this.#take(time);
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
    for (; at + 8 <= end; at += 8) {
      a = Math.imul(a ^ wordAt(bytes, at) ^ (b >>> 15), PRIME_A);
      b = Math.imul(b ^ wordAt(bytes, at + 4) ^ (a >>> 16), PRIME_B);
    }
    for (; at < end; at++) {
      a = Math.imul(a ^ (bytes[at] as number) ^ (b >>> 15), PRIME_A);
      b = Math.imul(b ^ (a >>> 16), PRIME_B);
    }
    // The low bits of a product depend on low bits alone.
    b ^= (b >>> 13) ^ (a >>> 7);
    a ^= (a >>> 15) ^ (b >>> 3);
    this.#a = a >>> 0;
    this.#b = b >>> 0;
  }

  #take(time: string): SameTime {
    const same = this.#times.get(time) ?? { counts: new Map(), restarts: 0 };
    // The one that was needed last is the last one of the map.
    this.#times.delete(time);
    this.#times.set(time, same);
    const [oldest] = this.#times.keys();
    if (this.#times.size > TIMES_KEPT && oldest !== undefined) this.#times.delete(oldest);
    this.#time = time;
    this.#same = same;
    return same;
  }
}

/** The part of an id that the text of its line makes alone. */
export function hashIn(id: string): string {
  return id.slice(0, HASH_DIGITS);
}

/** The time at the beginning of a line, as it stands there: of RFC 3164 or RFC 3339, after a priority where there is one. */
export function timeOf(text: string): string | undefined {
  let at = 0;
  if (text.charCodeAt(0) === LESS) {
    at = text.indexOf('>') + 1;
    if (at < 3 || at > 5 || text.charCodeAt(at - 1) !== GREATER) return undefined;
    if (text.startsWith('1 ', at)) at += 2;
  }
  if (text.charCodeAt(at + 9) === COLON && text.charCodeAt(at + 12) === COLON && text.charCodeAt(at + 3) === BLANK)
    return text.slice(at, at + 15);
  const isIso = text.charCodeAt(at + 4) === DASH && text.charCodeAt(at + 13) === COLON;
  if (!isIso || (text.charCodeAt(at + 10) !== T && text.charCodeAt(at + 10) !== BLANK)) return undefined;
  const end = text.indexOf(' ', at + 16);
  return text.slice(at, end === -1 ? undefined : end);
}

/** Four bytes as a number. */
function wordAt(bytes: Uint8Array, at: number): number {
  const low = (bytes[at] as number) | ((bytes[at + 1] as number) << 8);
  return low | ((bytes[at + 2] as number) << 16) | ((bytes[at + 3] as number) << 24);
}

/** Counts a line, and gives which of its equals it is; empty for the first. Where two hashes are equal no id is. */
function countLine(same: SameTime, hash: number): string {
  const count = same.counts.get(hash) ?? 0;
  if (count === 0 && same.counts.size >= MOST_LINES) {
    same.counts = new Map();
    same.restarts += 1;
  }
  same.counts.set(hash, count + 1);
  if (same.restarts > 0) return `${count}.${same.restarts}`;
  return count === 0 ? '' : String(count);
}

/** The 32 bits of an unsigned number as 8 hexadecimal digits. */
export function hex32(number: number): string {
  return hex64(0, number).slice(8);
}

/** Two unsigned numbers of 32 bits as 16 hexadecimal digits. */
function hex64(a: number, b: number): string {
  const middle = ((a & 255) << 4) | (b >>> 28);
  const high = (DIGITS[a >>> 20] as string) + DIGITS[(a >>> 8) & 4095] + DIGITS[middle];
  return high + DIGITS[(b >>> 16) & 4095] + DIGITS[(b >>> 4) & 4095] + LAST[b & 15];
}
