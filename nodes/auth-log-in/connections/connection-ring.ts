/**
 * Places of a list, in a ring: the order in which what stands there is looked at. It gives them out, and each again that came
 * back. To follow an object to its neighbours takes longer than all else that is done with them, since most were used long
 * ago: the numbers of all stand close together.
 */
export class ConnectionRing {
  readonly #previous: Int32Array;
  readonly #next: Int32Array;
  #first = 0;
  #size = 0;
  /** The greatest place that was given out. */
  #last = 0;
  /** The place that came back last; the one before it is its next. */
  #free = 0;

  /** `most`: how many places there are, from 1 on. 0 stands for none. */
  constructor(most: number) {
    this.#previous = new Int32Array(most + 1);
    this.#next = new Int32Array(most + 1);
  }

  get size(): number {
    return this.#size;
  }

  /** How many places came back and were not given out again. */
  get freeCount(): number {
    return this.#last - this.#size;
  }

  /** The place that is looked at next; 0 where there is none. New ones stand before it. */
  get first(): number {
    return this.#first;
  }

  /** Goes on by one. */
  turn(): void {
    this.#first = this.#next[this.#first] as number;
  }

  /** Gives out a place. */
  append(): number {
    const place = this.#take();
    const next = this.#first === 0 ? place : this.#first;
    const previous = this.#first === 0 ? place : (this.#previous[next] as number);
    this.#next[previous] = place;
    this.#previous[place] = previous;
    this.#next[place] = next;
    this.#previous[next] = place;
    this.#first = next;
    this.#size++;
    return place;
  }

  /** Takes back a place. */
  remove(place: number): void {
    const previous = this.#previous[place] as number;
    const next = this.#next[place] as number;
    this.#next[previous] = next;
    this.#previous[next] = previous;
    if (place === this.#first) this.#first = next === place ? 0 : next;
    this.#size--;
    this.#next[place] = this.#free;
    this.#free = place;
  }

  /** Takes back all. */
  clear(): void {
    this.#first = 0;
    this.#size = 0;
    this.#last = 0;
    this.#free = 0;
  }

  /** All places that are given out, from the first on. */
  *[Symbol.iterator](): Generator<number> {
    let place = this.#first;
    for (let left = this.#size; left > 0; left--) {
      yield place;
      place = this.#next[place] as number;
    }
  }

  #take(): number {
    const place = this.#free;
    if (place === 0) return ++this.#last;
    this.#free = this.#next[place] as number;
    return place;
  }
}
