import { DocumentEnd } from './document-end.ts';

/** Where the bytes of frames go that are not complete. */
export interface Room {
  /** Asks for room for so many bytes more; false where there is none. */
  take(bytes: number): boolean;
  release(bytes: number): void;
}

export interface FramerOptions {
  /** The largest frame, in bytes. */
  readonly mostBytes: number;
  readonly room: Room;
  /** Hears a frame that is dropped: it is larger, or there is no room for its beginning. */
  dropped(reason: 'tooLarge' | 'full'): void;
}

/** So much of an unfinished frame counts for nothing: the rest of what arrived is nearly always smaller. */
const FREE_BYTES = 65_536;
const NUL = 0;
const NEWLINE = 10;
const OPEN_OBJECT = 123;

/**
 * Cuts a stream into frames, whatever sender it is from: a NUL ends a frame, and a newline ends what is a complete document.
 * Frames of nothing but blanks are skipped. What is larger than allowed is left out up to its end.
 */
export class Framer {
  readonly #options: FramerOptions;
  #pieces: Buffer[] = [];
  #bytes = 0;
  #taken = 0;
  #isSkipped = false;
  /** The last frame ended at a newline. */
  #isLines = false;
  #end = new DocumentEnd();

  constructor(options: FramerOptions) {
    this.#options = options;
  }

  /** Whether a frame has begun that has not ended. */
  get isInFrame(): boolean {
    return this.#bytes > 0;
  }

  /** The frames that end in these bytes. A frame is part of them, or a copy. */
  push(data: Buffer): Buffer[] {
    const frames: Buffer[] = [];
    let start = 0;
    let looked = 0;
    let nul = data.indexOf(NUL);
    let newline = data.indexOf(NEWLINE);
    while (nul !== -1 || newline !== -1) {
      const isLine = newline !== -1 && (nul === -1 || newline < nul);
      const at = isLine ? newline : nul;
      if (isLine) {
        this.#end.look(data, looked, at);
        looked = at;
        newline = data.indexOf(NEWLINE, at + 1);
        // A newline inside of a document is part of it.
        if (!this.#end.isComplete && !this.#isBroken(data[at + 1])) continue;
      } else nul = data.indexOf(NUL, at + 1);
      this.#isLines = isLine;
      this.#finish(data.subarray(start, at), frames);
      start = at + 1;
      looked = start;
    }
    if (start < data.length) {
      this.#end.look(data, looked, data.length);
      this.#keep(data, start);
    }
    return frames;
  }

  /** What came last without an end; undefined where there is none. */
  flush(): Buffer | undefined {
    const frames: Buffer[] = [];
    this.#finish(Buffer.alloc(0), frames);
    return frames[0];
  }

  /** Forgets what has no end, and gives its room back. */
  close(): void {
    this.#options.room.release(this.#taken);
    this.#pieces = [];
    this.#bytes = 0;
    this.#taken = 0;
    this.#isSkipped = false;
    this.#end = new DocumentEnd();
  }

  /** Where a document is a line, one that was cut must not take the next ones with it. `next`: the byte that follows. */
  #isBroken(next: number | undefined): boolean {
    return this.#isLines && (this.#end.isInText || next === OPEN_OBJECT);
  }

  #finish(last: Buffer, frames: Buffer[]): void {
    const { mostBytes, dropped } = this.#options;
    const isTooLarge = !this.#isSkipped && this.#bytes + last.length > mostBytes;
    if (isTooLarge) dropped('tooLarge');
    else if (!this.#isSkipped) {
      const frame = this.#pieces.length === 0 ? last : Buffer.concat([...this.#pieces, last]);
      if (!isBlank(frame)) frames.push(frame);
    }
    this.close();
  }

  #keep(data: Buffer, start: number): void {
    const { mostBytes, room, dropped } = this.#options;
    // A piece of a larger buffer would keep all of it.
    const piece = start === 0 ? data : Buffer.from(data.subarray(start));
    const bytes = this.#bytes + piece.length;
    const more = Math.max(0, bytes - FREE_BYTES) - this.#taken;
    if (this.#isSkipped) {
      this.#bytes = bytes;
      return;
    }
    if (bytes > mostBytes || (more > 0 && !room.take(more))) {
      dropped(bytes > mostBytes ? 'tooLarge' : 'full');
      room.release(this.#taken);
      this.#taken = 0;
      this.#pieces = [];
      this.#isSkipped = true;
    } else {
      this.#taken += Math.max(0, more);
      this.#pieces.push(piece);
    }
    this.#bytes = bytes;
  }
}

const SPACE = 32;

function isBlank(frame: Buffer): boolean {
  for (const byte of frame) if (byte > SPACE) return false;
  return true;
}
