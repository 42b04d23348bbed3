import { LENGTH_BITS, LENGTH_MASK, PrefixCode } from './prefix-code.ts';

/** What is packed is no Deflate, or not all of it. */
export const MALFORMED = -1;
/** It becomes more than there is room for. */
export const TOO_LARGE = -2;

const END = 256;
const LITERALS = 286;
const DISTANCES = 30;
/** By the symbol behind `END`, and by that of a distance: the least it means, and how many bits of more follow. */
const LENGTHS = [3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115];
const LENGTH_BASES = Uint16Array.of(...LENGTHS, 131, 163, 195, 227, 258);
const LENGTH_EXTRAS = Uint8Array.from(LENGTH_BASES, (_, n) => (n < 4 || n === 28 ? 0 : (n >> 2) - 1));
const DISTANCE_EXTRAS = Uint8Array.from({ length: DISTANCES }, (_, n) => (n < 2 ? 0 : (n >> 1) - 1));
const DISTANCE_BASES = Uint16Array.from({ length: DISTANCES }, (_, n) =>
  n < 2 ? n + 1 : ((2 + (n & 1)) << ((n >> 1) - 1)) + 1,
);
/** The order in which the lengths of the code for lengths come. */
const ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

const FIXED_LITERALS = new PrefixCode(9);
const FIXED_DISTANCES = new PrefixCode(5);
FIXED_LITERALS.build(
  Uint8Array.from({ length: 288 }, (_, n) => (n < 144 ? 8 : n < 256 ? 9 : n < 280 ? 7 : 8)),
  0,
  288,
  true,
);
FIXED_DISTANCES.build(new Uint8Array(32).fill(5), 0, 32, true);

const BYTE = 8;
/** So many bits are at hand before a word is looked up: it has 15 at most. */
const AT_HAND = 24;

/**
 * Unpacks Deflate (RFC 1951) that becomes small. For a message of some hundred bytes zlib spends most of its time on a
 * window of 32 KiB and on what the collector has to clear away: this one keeps its memory.
 */
export class Inflater {
  /** What was unpacked last, from its start on. */
  readonly output: Uint8Array;
  #input: Uint8Array = new Uint8Array(0);
  #at = 0;
  #bits = 0;
  #count = 0;
  #length = 0;
  readonly #lengths = new Uint8Array(LITERALS + DISTANCES + 2);
  readonly #literals = new PrefixCode(9);
  readonly #distances = new PrefixCode(6);
  readonly #lengthCode = new PrefixCode(7);

  /** `output`: as large as anything may become. */
  constructor(output: Uint8Array) {
    this.output = output;
  }

  /** The place behind what was unpacked last, in its input. */
  get end(): number {
    return this.#at;
  }

  /** Unpacks what begins at `start`. Gives its length, `MALFORMED` or `TOO_LARGE`. */
  inflate(input: Uint8Array, start: number): number {
    this.#input = input;
    this.#at = start;
    this.#bits = 0;
    this.#count = 0;
    this.#length = 0;
    let isLast = false;
    while (!isLast) {
      isLast = this.#take(1) === 1;
      const failure = this.#block(this.#take(2));
      if (failure !== 0) return failure;
      if (this.#at - (this.#count >> 3) > input.length) return MALFORMED;
    }
    this.#at -= this.#count >> 3;
    return this.#length;
  }

  #block(kind: number): number {
    if (kind === 0) return this.#copyStored();
    if (kind === 1) return this.#unpack(FIXED_LITERALS, FIXED_DISTANCES);
    if (kind === 3 || !this.#readCodes()) return MALFORMED;
    return this.#unpack(this.#literals, this.#distances);
  }

  /** The next bits. Behind the end of the input they are 0: that it was passed is seen after each block. */
  #take(count: number): number {
    while (this.#count < count) {
      this.#bits |= (this.#at < this.#input.length ? (this.#input[this.#at] as number) : 0) << this.#count;
      this.#at += 1;
      this.#count += BYTE;
    }
    const taken = this.#bits & ((1 << count) - 1);
    this.#bits >>>= count;
    this.#count -= count;
    return taken;
  }

  #copyStored(): number {
    this.#take(this.#count & 7);
    const length = this.#take(16);
    if (length !== (this.#take(16) ^ 0xffff)) return MALFORMED;
    // What is at hand are whole bytes of the input.
    const from = this.#at - (this.#count >> 3);
    if (from + length > this.#input.length) return MALFORMED;
    if (this.#length + length > this.output.length) return TOO_LARGE;
    this.output.set(this.#input.subarray(from, from + length), this.#length);
    this.#length += length;
    this.#at = from + length;
    this.#bits = 0;
    this.#count = 0;
    return 0;
  }

  /** Reads the codes of a block. False where they are none. */
  #readCodes(): boolean {
    const literals = this.#take(5) + 257;
    const distances = this.#take(5) + 1;
    const described = this.#take(4) + 4;
    if (literals > LITERALS || distances > DISTANCES) return false;
    const lengths = this.#lengths;
    lengths.fill(0, 0, ORDER.length);
    for (let n = 0; n < described; n += 1) lengths[ORDER[n] as number] = this.#take(3);
    if (!this.#lengthCode.build(lengths, 0, ORDER.length, true)) return false;
    if (!this.#readLengths(literals + distances) || lengths[END] === 0) return false;
    return (
      this.#literals.build(lengths, 0, literals, false) &&
      this.#distances.build(lengths, literals, literals + distances, false)
    );
  }

  #readLengths(total: number): boolean {
    const lengths = this.#lengths;
    for (let n = 0; n < total; ) {
      const symbol = this.#word(this.#lengthCode);
      if (symbol < 0 || (symbol === 16 && n === 0)) return false;
      if (symbol < 16) {
        lengths[n] = symbol;
        n += 1;
        continue;
      }
      const value = symbol === 16 ? (lengths[n - 1] as number) : 0;
      const times = symbol === 16 ? 3 + this.#take(2) : symbol === 17 ? 3 + this.#take(3) : 11 + this.#take(7);
      if (n + times > total) return false;
      lengths.fill(value, n, n + times);
      n += times;
    }
    return true;
  }

  /** The symbol of the next word; -1 where there is none. */
  #word(code: PrefixCode): number {
    this.#fetch();
    const entry = (code.fast[this.#bits & code.fastMask] as number) || code.slow(this.#bits);
    if (entry === 0) return -1;
    this.#bits >>>= entry & LENGTH_MASK;
    this.#count -= entry & LENGTH_MASK;
    return entry >> LENGTH_BITS;
  }

  #fetch(): void {
    while (this.#count < AT_HAND) {
      this.#bits |= (this.#at < this.#input.length ? (this.#input[this.#at] as number) : 0) << this.#count;
      this.#at += 1;
      this.#count += BYTE;
    }
  }

  /** Most of the time goes here: what changes with each bit is not kept in the object meanwhile. */
  #unpack(literals: PrefixCode, distances: PrefixCode): number {
    const { output } = this;
    const input = this.#input;
    const { fast, fastMask } = literals;
    let at = this.#at;
    let bits = this.#bits;
    let count = this.#count;
    let length = this.#length;
    let result = MALFORMED;
    for (;;) {
      for (; count < AT_HAND; count += BYTE) {
        bits |= (at < input.length ? (input[at] as number) : 0) << count;
        at += 1;
      }
      const entry = (fast[bits & fastMask] as number) || literals.slow(bits);
      if (entry === 0) break;
      bits >>>= entry & LENGTH_MASK;
      count -= entry & LENGTH_MASK;
      const symbol = entry >> LENGTH_BITS;
      if (symbol < END && length < output.length) {
        output[length] = symbol;
        length += 1;
        continue;
      }
      if (symbol < END) result = TOO_LARGE;
      if (symbol === END) result = 0;
      if (symbol <= END) break;
      this.#at = at;
      this.#bits = bits;
      this.#count = count;
      const to = this.#repeat(length, symbol - END - 1, distances);
      if (to < 0) return to;
      length = to;
      at = this.#at;
      bits = this.#bits;
      count = this.#count;
    }
    this.#at = at;
    this.#bits = bits;
    this.#count = count;
    this.#length = length;
    return result;
  }

  /** Puts out once more what was put out before. Gives the length of all that was, or why it cannot. */
  #repeat(from: number, nth: number, distances: PrefixCode): number {
    if (nth >= LENGTH_BASES.length) return MALFORMED;
    const length = (LENGTH_BASES[nth] as number) + this.#take(LENGTH_EXTRAS[nth] as number);
    const far = this.#word(distances);
    if (far < 0 || far >= DISTANCES) return MALFORMED;
    const distance = (DISTANCE_BASES[far] as number) + this.#take(DISTANCE_EXTRAS[far] as number);
    const { output } = this;
    const end = from + length;
    if (distance > from) return MALFORMED;
    if (end > output.length) return TOO_LARGE;
    // Byte by byte: what is put out may be what it repeats.
    for (let to = from; to < end; to += 1) output[to] = output[to - distance] as number;
    return end;
  }
}
