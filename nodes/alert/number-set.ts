/** Slots of a new set; always a power of two. */
const SLOTS = 256;
/** A prime that spreads neighbouring numbers over all of the table (Knuth, The Art of Computer Programming, 6.4). */
const SPREAD = 0x9e3779b1;

/** Whole numbers other than 0. Nothing of it is an object that the garbage collector has to follow. */
export class NumberSet {
  /** 0 where nothing stands. A number stands at its place, or after it behind others without a gap. */
  #numbers = new Float64Array(SLOTS);
  #shift = 32 - Math.log2(SLOTS);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  has(number: number): boolean {
    return this.#numbers[this.#slotOf(number)] === number;
  }

  add(number: number): void {
    const slot = this.#slotOf(number);
    if (this.#numbers[slot] === number) return;
    this.#numbers[slot] = number;
    this.#size += 1;
    if (this.#size * 2 > this.#numbers.length) this.#grow();
  }

  /** Empties it, and keeps its memory. */
  clear(): void {
    this.#numbers.fill(0);
    this.#size = 0;
  }

  #slotOf(number: number): number {
    const numbers = this.#numbers;
    const last = numbers.length - 1;
    let slot = Math.imul(number, SPREAD) >>> this.#shift;
    while (numbers[slot] !== number && numbers[slot] !== 0) slot = (slot + 1) & last;
    return slot;
  }

  #grow(): void {
    const before = this.#numbers;
    this.#numbers = new Float64Array(before.length * 2);
    this.#shift -= 1;
    for (const number of before) if (number !== 0) this.#numbers[this.#slotOf(number)] = number;
  }
}
