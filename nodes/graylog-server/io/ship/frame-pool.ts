import { SEPARATOR } from '../buffer/batch-key.ts';

/** Not a size that anything else asks for: by it a buffer of ours is known. A full batch of ASCII text fits. */
const ROOM = 69_632;
/** Shorter ones are left to Node.js: in a room of their own a quiet system's would fill the replay window with air. */
const LEAST = 32_768;
const KEPT = 16;

/** The messages as Graylog's TCP input wants them: each followed by a NUL byte. */
export function frameOf(texts: readonly string[]): Buffer {
  return Buffer.from(framed(texts));
}

/**
 * Makes frames in memory that is used again. What a busy system sends is tens of megabytes a second, and for new memory
 * of that size the garbage collector goes through the whole heap twice a second.
 */
export class FramePool {
  readonly #rooms: ArrayBufferLike[] = [];

  frameOf(texts: readonly string[]): Buffer {
    const text = framed(texts);
    if (text.length < LEAST || text.length > ROOM) return Buffer.from(text);
    const room = Buffer.from(this.#rooms.pop() ?? new ArrayBuffer(ROOM));
    const bytes = room.write(text);
    // As many bytes as characters is ASCII, and all of it; other text may have been too long.
    if (bytes === text.length || bytes === Buffer.byteLength(text)) return room.subarray(0, bytes);
    this.recycle(room);
    return Buffer.from(text);
  }

  /** Takes back a frame that nobody will read any more. */
  recycle({ buffer }: Buffer): void {
    if (buffer.byteLength === ROOM && this.#rooms.length < KEPT) this.#rooms.push(buffer);
  }
}

function framed(texts: readonly string[]): string {
  return texts.join(SEPARATOR) + SEPARATOR;
}
