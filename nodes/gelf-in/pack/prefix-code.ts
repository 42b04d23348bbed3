/** The codes of Deflate, RFC 1951: of each only the lengths of its words are told. */

/** The longest word, in bits. */
const MOST_BITS = 15;
const MOST_SYMBOLS = 288;
export const LENGTH_BITS = 4;
export const LENGTH_MASK = (1 << LENGTH_BITS) - 1;

/** Words arrive with their first bit lowest: each number of 16 bits is turned round by its two bytes. */
const TURNED = Uint8Array.from({ length: 256 }, (_, byte) => {
  let turned = 0;
  for (let bit = 0; bit < 8; bit += 1) turned = (turned << 1) | ((byte >> bit) & 1);
  return turned;
});

/** A prefix code, made again for each block without new memory. */
export class PrefixCode {
  /** By the next `fastBits`: the symbol times 16 plus the length of its word; 0 where the word is longer, or there is none. */
  readonly fast: Uint16Array;
  readonly fastMask: number;
  readonly #fastBits: number;
  readonly #counts = new Uint16Array(MOST_BITS + 1);
  /** Of the words of a length: the first, and where its symbol is. */
  readonly #firsts = new Uint16Array(MOST_BITS + 1);
  readonly #places = new Uint16Array(MOST_BITS + 1);
  /** The word of each length that comes next while they are given out. */
  readonly #next = new Uint16Array(MOST_BITS + 1);
  readonly #symbols = new Uint16Array(MOST_SYMBOLS);

  /** `fastBits`: words that are longer are rare, and take longer to look up. */
  constructor(fastBits: number) {
    this.#fastBits = fastBits;
    this.fast = new Uint16Array(1 << fastBits);
    this.fastMask = this.fast.length - 1;
  }

  /**
   * Takes the lengths of the words of all symbols. False where no code has them. `isWhole`: no bits may be without a symbol;
   * else one word of a single bit is a code, and so is none at all.
   */
  build(lengths: Uint8Array, start: number, end: number, isWhole: boolean): boolean {
    const counts = this.#counts.fill(0);
    for (let n = start; n < end; n += 1) counts[lengths[n] as number] = (counts[lengths[n] as number] as number) + 1;
    counts[0] = 0;
    let left = 1;
    let longest = 0;
    for (let length = 1; length <= MOST_BITS; length += 1) {
      const count = counts[length] as number;
      left = left * 2 - count;
      if (left < 0) return false;
      if (count > 0) longest = length;
    }
    if (left > 0 && (isWhole || longest > 1)) return false;
    this.#place(lengths, start, end);
    return true;
  }

  /** As `fast` has it, for words of any length: `bits` are the next ones. */
  slow(bits: number): number {
    let word = 0;
    for (let length = 1; length <= MOST_BITS; length += 1) {
      word = (word << 1) | ((bits >>> (length - 1)) & 1);
      const nth = word - (this.#firsts[length] as number);
      if (nth >= 0 && nth < (this.#counts[length] as number)) {
        return ((this.#symbols[(this.#places[length] as number) + nth] as number) << LENGTH_BITS) | length;
      }
    }
    return 0;
  }

  #place(lengths: Uint8Array, start: number, end: number): void {
    let word = 0;
    let place = 0;
    for (let length = 1; length <= MOST_BITS; length += 1) {
      word = (word + (this.#counts[length - 1] as number)) << 1;
      this.#firsts[length] = word;
      this.#places[length] = place;
      place += this.#counts[length] as number;
    }
    const next = this.#next;
    next.set(this.#firsts);
    this.fast.fill(0);
    for (let n = start; n < end; n += 1) {
      const length = lengths[n] as number;
      if (length === 0) continue;
      const own = next[length] as number;
      next[length] = own + 1;
      this.#symbols[(this.#places[length] as number) + own - (this.#firsts[length] as number)] = n - start;
      if (length <= this.#fastBits) this.#fill(own, length, ((n - start) << LENGTH_BITS) | length);
    }
  }

  /** Whatever bits follow a word, it is the same. */
  #fill(word: number, length: number, entry: number): void {
    const { fast } = this;
    const turned = ((TURNED[word & 255] as number) << 8) | (TURNED[word >> 8] as number);
    for (let bits = turned >> (16 - length); bits < fast.length; bits += 1 << length) fast[bits] = entry;
  }
}
