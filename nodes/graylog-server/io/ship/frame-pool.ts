import { SEPARATOR } from '../buffer/batch-key.ts';

/** The bytes of a frame of the pool. A full batch of ASCII text fits, and nothing else asks for memory of this size. */
const POOLED_BYTES = 69_632;
/** Shorter frames get memory of their own size: pooled ones would fill the replay window of a quiet system with nothing. */
const LEAST_POOLED = 32_768;
/** So many frames wait to be used again. */
const KEPT = 128;

/** The messages as Graylog's TCP input wants them: each followed by a NUL byte. */
export function frameOf(texts: readonly string[]): Buffer {
  return Buffer.from(framed(texts));
}

/**
 * Makes frames in memory that is used again. What a busy system sends is tens of megabytes a second, and for new memory
 * of that size the garbage collector goes through the whole heap twice a second.
 */
export class FramePool {
  readonly #free: ArrayBufferLike[] = [];

  frameOf(texts: readonly string[]): Buffer {
    const text = framed(texts);
    if (text.length < LEAST_POOLED || text.length > POOLED_BYTES) return Buffer.from(text);
    const memory = Buffer.from(this.#free.pop() ?? new ArrayBuffer(POOLED_BYTES));
    const bytes = memory.write(text);
    // As many bytes as characters is ASCII, and all of it; other text may have been too long.
    if (bytes === text.length || bytes === Buffer.byteLength(text)) return memory.subarray(0, bytes);
    this.recycle(memory);
    return Buffer.from(text);
  }

  /** Takes back a frame that nobody will read any more. */
  recycle({ buffer }: Buffer): void {
    if (buffer.byteLength === POOLED_BYTES && this.#free.length < KEPT) this.#free.push(buffer);
  }
}

function framed(texts: readonly string[]): string {
  return texts.join(SEPARATOR) + SEPARATOR;
}
