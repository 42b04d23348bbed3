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
/** Where the hour begins, in the shorter form of a time, and the microseconds end, in the longer one. */
const [MARKED_FROM, MARKED_TO] = [7, 26];
/** So many lines of one time are remembered at once. */
const MOST_LINES = 65_536;

const [BLANK, DASH, COLON, LESS, GREATER, T] = [32, 45, 58, 60, 62, 84];
/** What the numbers of a hash begin with, and what they are multiplied by: any odd ones with their bits spread. */
const [BASIS_A, BASIS_B, PRIME_A, PRIME_B] = [0x811c9dc5, 0x2f0b4a27, 0x9e3779b1, 0x5bd0a62d];
/** Three hexadecimal digits each: to write a number by so few pieces takes a third of the time of one by digits. */
const DIGITS = Array.from({ length: 4096 }, (_, number) => number.toString(16).padStart(3, '0'));

const LAST = '0123456789abcdef';

/** The lines of one time. Most times have one line: what is needed for more is made when a second one comes. */
interface SameTime {
  time: string;
  /** Of two times that differ it nearly always differs, too: comparing texts takes longer. */
  mark: number;
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

export class LineIds {
  /** Stands for the file: made of its first line. */
  readonly #file: string;
  /** The time of the file's first line; undefined where it has none. */
  readonly #firstTime: string | undefined;
  readonly #times: SameTime[] = [];
  #time = '';
  #same: SameTime | undefined;
  /** The hash of the line that was hashed last. */
  #a = 0;
  #b = 0;
  /** How often the time was another one. */
  #uses = 0;
  #view: DataView<ArrayBufferLike> = new DataView(new ArrayBuffer(0));

  /** The first line of the file, in text and bytes. */
  constructor(firstLine: string, bytes: Uint8Array) {
    this.#hash(bytes, 0, bytes.length);
    this.#file = hex32((this.#a ^ this.#b) >>> 0);
    this.#firstTime = timeOf(firstLine);
  }

  /** Whether lines of more than one time were counted. */
  get hasSeveralTimes(): boolean {
    return this.#times.length > 1;
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
    this.#a = a >>> 0;
    this.#b = b >>> 0;
  }

  /** Four bytes are read at once by a view, which lasts for a whole chunk of lines. */
  #viewOf(bytes: Uint8Array): DataView<ArrayBufferLike> {
    const { buffer, byteOffset, length } = bytes;
    const view = this.#view;
    if (view.buffer === buffer && view.byteOffset === byteOffset && view.byteLength === length) return view;
    this.#view = new DataView(buffer, byteOffset, length);
    return this.#view;
  }

  #take(time: string): SameTime {
    const mark = markOf(time);
    const same = this.#find(time, mark) ?? this.#begin(time, mark);
    this.#uses += 1;
    same.used = this.#uses;
    this.#time = time;
    this.#same = same;
    return same;
  }

  #find(time: string, mark: number): SameTime | undefined {
    for (const one of this.#times) if (one.mark === mark && one.time === time) return one;
    return undefined;
  }

  /** The memory of a time that has no line yet: that of the time which was not needed for longest, once there are enough. */
  #begin(time: string, mark: number): SameTime {
    const times = this.#times;
    if (times.length < TIMES_KEPT) {
      const added = { time, mark, used: 0, first: 0, firstCount: 0, counts: undefined, restarts: 0 };
      times.push(added);
      return added;
    }
    let oldest = times[0] as SameTime;
    for (const one of times) if (one.used < oldest.used) oldest = one;
    oldest.time = time;
    oldest.mark = mark;
    oldest.firstCount = 0;
    oldest.counts = undefined;
    oldest.restarts = 0;
    return oldest;
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

/** A number for the part of a time in which those that follow each other differ: from the hour on. */
function markOf(time: string): number {
  let mark = 0;
  const end = Math.min(time.length, MARKED_TO);
  for (let at = MARKED_FROM; at < end; at++) mark = (Math.imul(mark, 31) + time.charCodeAt(at)) | 0;
  return mark;
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
