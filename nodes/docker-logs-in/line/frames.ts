/**
 * Cuts the body of `GET /containers/{id}/logs?timestamps=true` into log messages, without copying them.
 * Source: https://docs.docker.com/reference/api/engine/ (ContainerAttach, "Stream format"). Without a TTY each message
 * has a header of 8 bytes: the stream's number, three zeros, the length big-endian. With a TTY the messages follow one
 * another bare; each begins with its time stamp, so that the first byte tells which of the two it is.
 */

import { MonitoringError } from '../../../lib/errors.ts';
import { endOfPiece, PIECE, STAMP } from './pieces.ts';

export interface FrameSink {
  /** One message: a line, or a piece of 16 KiB of one. The bytes are only valid during the call. */
  frame(stream: number, buffer: Buffer, start: number, end: number): void;
}

/** Takes a log stream as it is read, and hands its messages to a sink. */
interface Splitter {
  /** Throws `LOG_FRAME_MALFORMED` where the bytes are no log stream, and what the sink throws. */
  push(chunk: Buffer): void;
  /** The stream has ended as it should: a last message without an end is handed on. */
  end(): void;
}

const HEADER = 8;
const LARGEST_STREAM = 3;
/** The engine writes pieces of 16 KiB; more than this is no length but garbage. */
const LARGEST_FRAME = 16 * 1024 * 1024;
const NEWLINE = 10;
const SPACE = 32;

/** With so many bytes of a line it is seen whether its first piece is complete. */
const PIECE_SEEN = STAMP + PIECE + STAMP;

/** What is kept of a line of which `limit` bytes are wanted: one piece more than the limit shows that there was more. */
function keptOf(limit: number): number {
  return limit + 2 * (PIECE + STAMP);
}

function isHeader(buffer: Buffer, at: number): boolean {
  const isStream = (buffer[at] ?? LARGEST_STREAM + 1) <= LARGEST_STREAM;
  return isStream && buffer[at + 1] === 0 && buffer[at + 2] === 0 && buffer[at + 3] === 0;
}

/** The length of the frame whose header is at `at`. */
function lengthAt(buffer: Buffer, at: number): number {
  const length = isHeader(buffer, at) ? buffer.readUInt32BE(at + 4) : LARGEST_FRAME + 1;
  if (length > LARGEST_FRAME) throw new MonitoringError('LOG_FRAME_MALFORMED');
  return length;
}

/** Reads the stream of a container without a TTY. */
export class FrameSplitter implements Splitter {
  readonly #sink: FrameSink;
  readonly #limit: number;
  // Only a frame that is cut by the end of a read is copied: its bytes wait here until they are complete.
  readonly #header = Buffer.alloc(HEADER);
  #headerBytes = 0;
  #body: Buffer | undefined;
  #bodyBytes = 0;
  /** How many bytes of the frame come after those in `#body`. */
  #beyond = 0;

  /** `limit` bounds what is kept of one line, in bytes. */
  constructor(sink: FrameSink, limit: number) {
    this.#sink = sink;
    this.#limit = keptOf(limit);
  }

  push(chunk: Buffer): void {
    let at = this.#headerBytes > 0 ? this.#finish(chunk) : 0;
    while (at + HEADER <= chunk.length) {
      const start = at + HEADER;
      const length = lengthAt(chunk, at);
      const end = start + length;
      if (length > this.#limit) at = this.#finish(chunk.subarray(at)) + at;
      else if (end > chunk.length) break;
      else {
        this.#sink.frame(chunk[at] ?? 0, chunk, start, end);
        at = end;
      }
    }
    if (at < chunk.length) this.#finish(chunk.subarray(at));
  }

  /** A frame that is not complete is read again. */
  end(): void {}

  /** Completes what the read before left unfinished; gives the position in `chunk` after it. */
  #finish(chunk: Buffer): number {
    let at = 0;
    if (this.#body === undefined) {
      at = chunk.copy(this.#header, this.#headerBytes, 0, HEADER - this.#headerBytes);
      this.#headerBytes += at;
      if (this.#headerBytes < HEADER) return at;
      const length = lengthAt(this.#header, 0);
      // What is beyond the limit is cut anyway, and a header is no reason to set so much memory aside.
      this.#body = Buffer.allocUnsafe(Math.min(length, this.#limit));
      this.#bodyBytes = 0;
      this.#beyond = length - this.#body.length;
    }
    const copied = chunk.copy(this.#body, this.#bodyBytes, at);
    this.#bodyBytes += copied;
    at += copied;
    const skipped = this.#bodyBytes < this.#body.length ? 0 : Math.min(this.#beyond, chunk.length - at);
    this.#beyond -= skipped;
    at += skipped;
    if (this.#bodyBytes < this.#body.length || this.#beyond > 0) return at;
    const complete = this.#body;
    // The end of the frame tells whether the line has ended.
    if (skipped > 0) complete[complete.length - 1] = chunk[at - 1] ?? 0;
    this.#body = undefined;
    this.#headerBytes = 0;
    this.#sink.frame(this.#header[0] ?? 0, complete, 0, complete.length);
    return at;
  }
}

/** Hands on the pieces of a line of a TTY that another follows, with the same stamp before it; gives where the last begins. */
function handOnPieces(sink: FrameSink, buffer: Buffer, start: number, end: number): number {
  let at = start;
  let next = endOfPiece(buffer, at, end);
  while (next !== undefined) {
    sink.frame(1, buffer, at, next);
    at = next;
    next = endOfPiece(buffer, at, end);
  }
  return at;
}

/** Hands on one line of a TTY as the pieces it was written in. */
function handOnLine(sink: FrameSink, buffer: Buffer, start: number, end: number): void {
  sink.frame(1, buffer, handOnPieces(sink, buffer, start, end), end);
}

/** Reads the stream of a container with a TTY. */
class TerminalSplitter implements Splitter {
  readonly #sink: FrameSink;
  readonly #limit: number;
  #kept: Buffer[] = [];
  #keptBytes = 0;
  /** With so many bytes a first piece of the line is complete. */
  #pieceFrom = PIECE_SEEN;

  /** `limit` bounds what is kept of one line, in bytes. */
  constructor(sink: FrameSink, limit: number) {
    this.#sink = sink;
    this.#limit = limit;
  }

  push(chunk: Buffer): void {
    let at = 0;
    let newline = chunk.indexOf(NEWLINE, at);
    while (newline !== -1) {
      if (this.#kept.length > 0) this.#complete(chunk.subarray(at, newline + 1));
      else handOnLine(this.#sink, chunk, at, newline + 1);
      at = newline + 1;
      newline = chunk.indexOf(NEWLINE, at);
    }
    // What is beyond the limit is cut anyway.
    if (at < chunk.length && this.#keptBytes < keptOf(this.#limit)) {
      this.#keep(Buffer.from(chunk.subarray(at)));
    }
  }

  end(): void {
    // A line that was cut within its stamp has no text that could be handed on.
    if (this.#kept.some((bytes) => bytes.includes(SPACE))) this.#complete(Buffer.alloc(0));
    this.#forget();
  }

  /** What is complete of a line goes on before its end is here: a progress bar writes on one line for hours. */
  #keep(bytes: Buffer): void {
    this.#kept.push(bytes);
    this.#keptBytes += bytes.length;
    if (this.#keptBytes < this.#pieceFrom) return;
    const line = Buffer.concat(this.#kept);
    const at = handOnPieces(this.#sink, line, 0, line.length);
    this.#kept = [at === 0 ? line : Buffer.from(line.subarray(at))];
    this.#keptBytes = line.length - at;
    // A line that did not come in pieces is not searched for them again.
    if (at === 0) this.#pieceFrom = Number.POSITIVE_INFINITY;
  }

  #forget(): void {
    this.#kept = [];
    this.#keptBytes = 0;
    this.#pieceFrom = PIECE_SEEN;
  }

  /** Hands on the line that began in an earlier read and ends with `rest`. */
  #complete(rest: Buffer): void {
    const line = Buffer.concat([...this.#kept, rest]);
    this.#forget();
    handOnLine(this.#sink, line, 0, line.length);
  }
}

/** Reads the stream of any container: its first byte tells whether it has a TTY. */
export class LogSplitter implements Splitter {
  readonly #sink: FrameSink;
  readonly #limit: number;
  #splitter: Splitter | undefined;

  /** `limit` bounds what is kept of one line, in bytes. */
  constructor(sink: FrameSink, limit: number) {
    this.#sink = sink;
    this.#limit = limit;
  }

  push(chunk: Buffer): void {
    if (chunk.length === 0) return;
    this.#splitter ??=
      (chunk[0] ?? 0) < SPACE
        ? new FrameSplitter(this.#sink, this.#limit)
        : new TerminalSplitter(this.#sink, this.#limit);
    this.#splitter.push(chunk);
  }

  end(): void {
    this.#splitter?.end();
  }
}

/** The stamp that a log stream begins with, as it is there; undefined where it begins with none, or with the engine's own words. */
export function firstStamp(bytes: Buffer): string | undefined {
  if (bytes[0] === LARGEST_STREAM) return undefined;
  const start = (bytes[0] ?? 0) < SPACE ? HEADER : 0;
  const end = bytes.indexOf(SPACE, start);
  return end === -1 ? undefined : bytes.toString('latin1', start, end);
}

/** How many messages a whole log stream has: lines and pieces of lines. Throws `LOG_FRAME_MALFORMED` where it is none. */
export function countMessages(bytes: Buffer): number {
  let count = 0;
  const sink: FrameSink = {
    frame() {
      count += 1;
    },
  };
  const splitter = new LogSplitter(sink, bytes.length);
  splitter.push(bytes);
  splitter.end();
  return count;
}
