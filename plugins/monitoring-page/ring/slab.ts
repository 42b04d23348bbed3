/** What precedes a document: its length in bytes, when it was shipped, the number of its node, its own number. */
const HEADER_BYTES = 22;
/** A character takes at most so many bytes. */
const MOST_BYTES_PER_UNIT = 3;

export interface SlabEntry {
  readonly document: string;
  readonly shippedMs: number;
  readonly node: number;
  /** Of two records the later one has the greater number. */
  readonly number: number;
}

/**
 * A piece of memory that documents of one source are copied into, one after another. A copy costs less than a reference: a text
 * that outlives its moment is copied twice by the collector, and looked at again by each collection.
 */
export class Slab {
  readonly #buffer: Buffer;
  readonly #view: DataView;
  #end = 0;
  #count = 0;
  #lastMs = 0;
  #firstNumber = 0;
  #lastNumber = 0;

  constructor(bytes: number) {
    this.#buffer = Buffer.allocUnsafeSlow(bytes);
    this.#view = new DataView(this.#buffer.buffer);
  }

  /** How many bytes a slab needs for this document alone. */
  static bytesFor(document: string): number {
    return HEADER_BYTES + Buffer.byteLength(document);
  }

  get bytes(): number {
    return this.#buffer.length;
  }

  get count(): number {
    return this.#count;
  }

  /** When its youngest document was shipped. */
  get lastMs(): number {
    return this.#lastMs;
  }

  get firstNumber(): number {
    return this.#firstNumber;
  }

  get lastNumber(): number {
    return this.#lastNumber;
  }

  /** Makes it empty. */
  clear(): void {
    this.#end = 0;
    this.#count = 0;
  }

  /** Copies a document into it. False where there may be no room. */
  write(document: string, shippedMs: number, node: number, number: number): boolean {
    const at = this.#end;
    const start = at + HEADER_BYTES;
    if (start + document.length * MOST_BYTES_PER_UNIT > this.#buffer.length && !this.#fits(document, start))
      return false;
    const length = this.#buffer.write(document, start);
    this.#view.setUint32(at, length);
    this.#view.setFloat64(at + 4, shippedMs);
    this.#view.setUint16(at + 12, node);
    this.#view.setFloat64(at + 14, number);
    if (this.#count === 0) this.#firstNumber = number;
    this.#lastNumber = number;
    this.#end = start + length;
    this.#count += 1;
    this.#lastMs = shippedMs;
    return true;
  }

  *entries(): Iterable<SlabEntry> {
    for (const place of this.places(0)) yield this.read(place);
  }

  /** Where the documents are whose numbers are greater than this, the oldest first. */
  places(afterNumber: number): number[] {
    const places: number[] = [];
    for (let at = 0; at < this.#end; at += HEADER_BYTES + this.#view.getUint32(at)) {
      if (this.numberAt(at) > afterNumber) places.push(at);
    }
    return places;
  }

  numberAt(place: number): number {
    return this.#view.getFloat64(place + 14);
  }

  read(place: number): SlabEntry {
    const start = place + HEADER_BYTES;
    return {
      document: this.#buffer.toString('utf8', start, start + this.#view.getUint32(place)),
      shippedMs: this.#view.getFloat64(place + 4),
      node: this.#view.getUint16(place + 12),
      number: this.numberAt(place),
    };
  }

  #fits(document: string, start: number): boolean {
    return start === HEADER_BYTES && start + Buffer.byteLength(document) <= this.#buffer.length;
  }
}
