/** What precedes a document: its length in bytes, when it was shipped, the number of its node. */
const HEADER_BYTES = 14;
/** A character takes at most so many bytes. */
const MOST_BYTES_PER_UNIT = 3;

export interface SlabEntry {
  readonly document: string;
  readonly shippedMs: number;
  readonly node: number;
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

  /** Makes it empty. */
  clear(): void {
    this.#end = 0;
    this.#count = 0;
  }

  /** Copies a document into it. False where there may be no room. */
  write(document: string, shippedMs: number, node: number): boolean {
    const at = this.#end;
    const start = at + HEADER_BYTES;
    if (start + document.length * MOST_BYTES_PER_UNIT > this.#buffer.length && !this.#fits(document, start))
      return false;
    const length = this.#buffer.write(document, start);
    this.#view.setUint32(at, length);
    this.#view.setFloat64(at + 4, shippedMs);
    this.#view.setUint16(at + 12, node);
    this.#end = start + length;
    this.#count += 1;
    this.#lastMs = shippedMs;
    return true;
  }

  *entries(): Iterable<SlabEntry> {
    for (let at = 0; at < this.#end; ) {
      const start = at + HEADER_BYTES;
      const end = start + this.#view.getUint32(at);
      const document = this.#buffer.toString('utf8', start, end);
      yield { document, shippedMs: this.#view.getFloat64(at + 4), node: this.#view.getUint16(at + 12) };
      at = end;
    }
  }

  #fits(document: string, start: number): boolean {
    return start === HEADER_BYTES && start + Buffer.byteLength(document) <= this.#buffer.length;
  }
}
