import { SEPARATOR } from '../buffer/batch-key.ts';

/** The bytes of a frame of the pool. What a node hands over at once fits, and nothing else asks for memory of this size. */
const POOLED_BYTES = 135_168;
/** Shorter frames get memory of their own size: pooled ones would fill the replay window of a quiet system with nothing. */
const LEAST_POOLED = 32_768;
/** So many frames wait to be used again at most: about what may be on its way and not confirmed. */
const MOST_KEPT = 600;
/** So many of them wait for ever; of the others those go that nobody needed for so long, in ms. */
const LEAST_KEPT = 8;
const UNUSED_MS = 10_000;
/** No character takes more than three bytes for each of its UTF-16 units. */
const MOST_BYTES_PER_UNIT = 3;
const END = SEPARATOR.charCodeAt(0);

/** The messages as Graylog's TCP input wants them: each followed by a NUL byte. */
export function frameOf(texts: readonly string[]): Buffer {
  return Buffer.from([...texts, ''].join(SEPARATOR));
}

/**
 * Makes frames in memory that is used again. What a busy system sends is tens of megabytes a second, and for new memory
 * of that size the garbage collector goes through the whole heap some times a second.
 */
export class FramePool {
  readonly #free: ArrayBufferLike[] = [];
  /** The fewest that were free since the last look: nobody needed those. */
  #unused = 0;
  #timer: NodeJS.Timeout | undefined;

  frameOf(texts: readonly string[]): Buffer {
    let units = texts.length;
    for (const text of texts) units += text.length;
    if (units < LEAST_POOLED || units > POOLED_BYTES) return frameOf(texts);
    const memory = this.take();
    const end = writeAll(texts, memory);
    if (end !== -1) return memory.subarray(0, end);
    this.recycle(memory);
    return frameOf(texts);
  }

  /** Memory for a frame that is written bit by bit. To be given back by `recycle`. */
  take(): Buffer {
    // Not filled with zeros: that takes as long as writing it.
    const memory = this.#free.pop();
    this.#unused = Math.min(this.#unused, this.#free.length);
    return memory === undefined ? Buffer.allocUnsafeSlow(POOLED_BYTES) : Buffer.from(memory);
  }

  /** The frame in memory of `take()`; a short one gets memory of its own size, and its own is taken back. */
  trimmed(frame: Buffer): Buffer {
    if (frame.length >= LEAST_POOLED) return frame;
    const own = Buffer.from(frame);
    this.recycle(frame);
    return own;
  }

  /** Takes back a frame that nobody will read any more. */
  recycle({ buffer }: Buffer): void {
    if (buffer.byteLength !== POOLED_BYTES || this.#free.length >= MOST_KEPT) return;
    this.#free.push(buffer);
    if (this.#free.length > LEAST_KEPT) this.#timer ??= setTimeout(() => this.#shrink(), UNUSED_MS).unref();
  }

  /** Lets go of what nobody has needed since the last look. */
  #shrink(): void {
    const left = Math.max(LEAST_KEPT, this.#free.length - this.#unused);
    this.#free.length = Math.min(this.#free.length, left);
    this.#unused = this.#free.length;
    this.#timer = undefined;
    if (this.#free.length > LEAST_KEPT) this.#timer = setTimeout(() => this.#shrink(), UNUSED_MS).unref();
  }
}

/**
 * Writes the messages one by one: to join them first takes twice as long, and as much memory again. Gives where they end;
 * -1 where they have no room, as text that is not ASCII may.
 */
function writeAll(texts: readonly string[], memory: Buffer): number {
  let at = 0;
  for (const text of texts) {
    const room = memory.length - at - SEPARATOR.length;
    if (text.length * MOST_BYTES_PER_UNIT > room && Buffer.byteLength(text) > room) return -1;
    at += memory.write(text, at);
    memory[at] = END;
    at += 1;
  }
  return at;
}
