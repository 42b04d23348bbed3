/**
 * Cuts the body of `GET /containers/{id}/logs?timestamps=true` into log messages, without copying them.
 * Source: https://docs.docker.com/reference/api/engine/ (ContainerAttach, "Stream format"). Without a TTY each message
 * has a header of 8 bytes: the stream's number, three zeros, the length big-endian. With a TTY the messages follow one
 * another bare; each begins with its time stamp, so that the first byte tells which of the two it is.
 */

export interface FrameSink {
  /** One message: a line, or a piece of 16 KiB of one. The bytes are only valid during the call. */
  frame(stream: number, buffer: Buffer, start: number, end: number): void;
}

export interface FrameSplitter {
  /** Throws an Error where the bytes are no log stream. */
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

/** What the engine cuts a line into, in bytes. */
export const PIECE = 16 * 1024;

/** A time stamp with nine decimals in UTC, and the space after it. */
const STAMP = 31;

function isHeader(buffer: Buffer, at: number): boolean {
  const isStream = (buffer[at] ?? LARGEST_STREAM + 1) <= LARGEST_STREAM;
  return isStream && buffer[at + 1] === 0 && buffer[at + 2] === 0 && buffer[at + 3] === 0;
}

/** The length of the frame whose header is at `at`. */
function lengthAt(buffer: Buffer, at: number): number {
  const length = isHeader(buffer, at) ? buffer.readUInt32BE(at + 4) : LARGEST_FRAME + 1;
  if (length > LARGEST_FRAME) throw new Error('the log stream holds what is no frame');
  return length;
}

export function createFrameSplitter(sink: FrameSink): FrameSplitter {
  // Only a frame that is cut by the end of a read is copied: its bytes wait here until they are complete.
  const header = Buffer.alloc(HEADER);
  let headerBytes = 0;
  let body: Buffer | undefined;
  let bodyBytes = 0;

  /** Completes what the read before left unfinished; gives the position in `chunk` after it. */
  const finish = (chunk: Buffer): number => {
    let at = 0;
    if (body === undefined) {
      at = chunk.copy(header, headerBytes, 0, HEADER - headerBytes);
      headerBytes += at;
      if (headerBytes < HEADER) return at;
      body = Buffer.allocUnsafe(lengthAt(header, 0));
      bodyBytes = 0;
    }
    const copied = chunk.copy(body, bodyBytes, at);
    bodyBytes += copied;
    if (bodyBytes < body.length) return at + copied;
    const complete = body;
    body = undefined;
    headerBytes = 0;
    sink.frame(header[0] ?? 0, complete, 0, complete.length);
    return at + copied;
  };

  return {
    push(chunk) {
      let at = headerBytes > 0 ? finish(chunk) : 0;
      while (at + HEADER <= chunk.length) {
        const start = at + HEADER;
        const end = start + lengthAt(chunk, at);
        if (end > chunk.length) break;
        sink.frame(chunk[at] ?? 0, chunk, start, end);
        at = end;
      }
      if (at < chunk.length) finish(chunk.subarray(at));
    },
    end() {},
  };
}

/** Hands on one line of a TTY as the pieces it was written in: each has the same stamp before it. */
function pieces(sink: FrameSink, buffer: Buffer, start: number, end: number): void {
  let at = start;
  let next = at + STAMP + PIECE;
  while (next + STAMP <= end && buffer.compare(buffer, start, start + STAMP, next, next + STAMP) === 0) {
    sink.frame(1, buffer, at, next);
    at = next;
    next = at + STAMP + PIECE;
  }
  sink.frame(1, buffer, at, end);
}

/** As `createFrameSplitter`, for a container with a TTY. `limit` bounds what is kept of one line, in bytes. */
export function createRawSplitter(sink: FrameSink, limit: number): FrameSplitter {
  let kept: Buffer[] = [];
  let keptBytes = 0;

  const handOn = (rest: Buffer): void => {
    const line = kept.length === 0 ? rest : Buffer.concat([...kept, rest]);
    kept = [];
    keptBytes = 0;
    pieces(sink, line, 0, line.length);
  };
  return {
    push(chunk) {
      let at = 0;
      let newline = chunk.indexOf(NEWLINE, at);
      while (newline !== -1) {
        if (kept.length > 0) handOn(chunk.subarray(at, newline + 1));
        else pieces(sink, chunk, at, newline + 1);
        at = newline + 1;
        newline = chunk.indexOf(NEWLINE, at);
      }
      // What is beyond the limit is cut anyway: one piece more than it shows that there was more.
      if (at < chunk.length && keptBytes < limit + 2 * (PIECE + STAMP)) {
        kept.push(Buffer.from(chunk.subarray(at)));
        keptBytes += chunk.length - at;
      }
    },
    end() {
      if (kept.length > 0) handOn(Buffer.alloc(0));
    },
  };
}

/** Finds out from the first byte whether the container has a TTY. */
export function createLogSplitter(sink: FrameSink, limit: number): FrameSplitter {
  let splitter: FrameSplitter | undefined;
  return {
    push(chunk) {
      if (chunk.length === 0) return;
      splitter ??= (chunk[0] ?? 0) < SPACE ? createFrameSplitter(sink) : createRawSplitter(sink, limit);
      splitter.push(chunk);
    },
    end: () => splitter?.end(),
  };
}

/** The stamp that a log stream begins with, as it is there; undefined where it begins with none, or with the engine's own words. */
export function firstStamp(bytes: Buffer): string | undefined {
  if (bytes[0] === LARGEST_STREAM) return undefined;
  const start = (bytes[0] ?? 0) < SPACE ? HEADER : 0;
  const end = bytes.indexOf(SPACE, start);
  return end === -1 ? undefined : bytes.toString('latin1', start, end);
}

/** How many messages a whole log stream has: lines and pieces of lines. Throws an Error where it is none. */
export function countMessages(bytes: Buffer): number {
  let count = 0;
  const sink: FrameSink = {
    frame() {
      count += 1;
    },
  };
  const splitter = createLogSplitter(sink, bytes.length);
  splitter.push(bytes);
  splitter.end();
  return count;
}
