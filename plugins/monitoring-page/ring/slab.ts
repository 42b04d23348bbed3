/** What is noted of a document: where it begins, its length in bytes, when it was shipped, its node, its own number. */
const HEADER_BYTES = 26;
/** A character takes at most so many bytes. */
const MOST_BYTES_PER_UNIT = 3;
/** What stands behind a document. */
const END_BYTES = 1;

export interface SlabEntry {
  readonly document: string;
  readonly shippedMs: number;
  readonly node: number;
  /** Of two records the later one has the greater number. */
  readonly number: number;
}

/**
 * A piece of memory that documents of one source are copied into, one after another from its beginning on; what is noted of
 * them stands at its end, backwards, so that many documents are copied at once. A copy costs less than a reference: a text
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

  /** How many bytes a slab needs for a document of so many bytes alone. */
  static bytesFor(length: number): number {
    return HEADER_BYTES + length + END_BYTES;
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
    const room = this.#room - HEADER_BYTES - END_BYTES;
    if (document.length * MOST_BYTES_PER_UNIT > room && Buffer.byteLength(document) > room) return false;
    const length = this.#buffer.write(document, this.#end);
    this.#note(length, shippedMs, node, number);
    return true;
  }

  /**
   * Copies documents into it, as many as there is room for. `documents` begins with them, each followed by one byte; their
   * lengths are those from `from` on. Their numbers follow `number`. Gives how many were copied.
   */
  writeAll(
    documents: Uint8Array,
    lengths: readonly number[],
    from: number,
    shippedMs: number,
    node: number,
    number: number,
  ): number {
    let room = this.#room;
    let bytes = 0;
    let to = from;
    for (; to < lengths.length; to += 1) {
      const length = lengths[to] as number;
      room -= length + END_BYTES + HEADER_BYTES;
      if (room < 0) break;
      bytes += length + END_BYTES;
    }
    if (to === from) return 0;
    this.#buffer.set(documents.subarray(0, bytes), this.#end);
    for (let at = from; at < to; at += 1) this.#note(lengths[at] as number, shippedMs, node, number + at - from);
    return to - from;
  }

  *entries(): Iterable<SlabEntry> {
    for (const place of this.places(0)) yield this.read(place);
  }

  /** The places of the documents whose numbers are greater than this, the oldest first. */
  places(afterNumber: number): number[] {
    const places: number[] = [];
    for (let place = 0; place < this.#count; place += 1) if (this.numberAt(place) > afterNumber) places.push(place);
    return places;
  }

  numberAt(place: number): number {
    return this.#view.getFloat64(this.#headerOf(place) + 18);
  }

  read(place: number): SlabEntry {
    const header = this.#headerOf(place);
    const start = this.#view.getUint32(header);
    return {
      document: this.#buffer.toString('utf8', start, start + this.#view.getUint32(header + 4)),
      shippedMs: this.#view.getFloat64(header + 8),
      node: this.#view.getUint16(header + 16),
      number: this.numberAt(place),
    };
  }

  get #room(): number {
    return this.#buffer.length - this.#end - this.#count * HEADER_BYTES;
  }

  /** Notes what the document that begins at the end is. */
  #note(length: number, shippedMs: number, node: number, number: number): void {
    const header = this.#headerOf(this.#count);
    this.#view.setUint32(header, this.#end);
    this.#view.setUint32(header + 4, length);
    this.#view.setFloat64(header + 8, shippedMs);
    this.#view.setUint16(header + 16, node);
    this.#view.setFloat64(header + 18, number);
    if (this.#count === 0) this.#firstNumber = number;
    this.#lastNumber = number;
    this.#end += length + END_BYTES;
    this.#count += 1;
    this.#lastMs = shippedMs;
  }

  #headerOf(place: number): number {
    return this.#buffer.length - (place + 1) * HEADER_BYTES;
  }
}
