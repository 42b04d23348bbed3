import { stampOf } from '../../../lib/docker/time.ts';
import { MonitoringError } from '../../../lib/errors.ts';
import type { FrameSink } from './frames.ts';
import { decodeText, mayHaveEightBit, shownText, withBareCsi } from './terminal.ts';

/** Where the lines go. Called for each line in the order of its stream. */
export interface LineSink {
  /**
   * `stamp` is RFC 3339 in UTC with nine decimals; `index` counts the lines of this stream with the same stamp, from 0.
   * The text is as a terminal shows it: without its line end and without colours, of a progress bar the last state. It may be
   * empty.
   */
  line(stream: number, stamp: string, index: number, text: string, isTruncated: boolean): void;
  /** The engine itself has something to say about the log. */
  engineMessage(text: string): void;
}

/** The longest text of a line that is kept, in bytes. */
export const LINE_LIMIT = 256 * 1024;

const ENGINE_MESSAGES = 3;
/** The longest words of the engine that people are shown, in bytes. */
const LONGEST_WORDS = 500;
const NEWLINE = 10;
const RETURN = 13;
const SPACE = 32;
const UTC = 90;
const STAMP_LENGTH = 30;

/** The length of the stamp that a message begins with. */
function stampEnd(text: string): number {
  const end = text.charCodeAt(STAMP_LENGTH) === SPACE ? STAMP_LENGTH : text.indexOf(' ');
  // A stamp that no text follows stands alone before its line end.
  return end === -1 ? text.trimEnd().length : end;
}

/** Whether the stamp that the text begins with, of so many characters, has no fraction. */
function isWholeSecond(text: string, length: number): boolean {
  return !text.slice(0, length).includes('.');
}

/** As `line` has it: most stamps are so already. */
function utcStamp(stamp: string): string {
  if (stamp.length === STAMP_LENGTH && stamp.charCodeAt(STAMP_LENGTH - 1) === UTC) return stamp;
  const converted = stampOf(stamp);
  if (converted === undefined) throw new MonitoringError('LOG_STAMP_MISSING');
  return converted;
}

class StreamState {
  /** The stamp of the last line and how many lines had it. */
  stamp = '';
  count = 0;
  /** The unfinished line. */
  pieces: Buffer[] = [];
  bytes = 0;
  pieceStamp: string | undefined;
  /** The stamp of its last piece. */
  lastStamp = '';
  /** The unfinished line was handed on already, cut: the rest of it is dropped. */
  isCut = false;
}

/**
 * Forgets what a progress bar wrote over, so that its line does not grow without end. False where what was written last
 * is over the limit by itself.
 */
function keepLastState(state: StreamState): boolean {
  const whole = Buffer.concat(state.pieces);
  let end = whole.length;
  // A return at the end of a piece may belong to the end of the line.
  while (whole[end - 1] === RETURN) end -= 1;
  const from = end === 0 ? whole.length : whole.lastIndexOf(RETURN, end - 1) + 1;
  if (whole.length - from > LINE_LIMIT) return false;
  state.pieces = [Buffer.from(whole.subarray(from))];
  state.bytes = whole.length - from;
  return true;
}

/** Joins the pieces of long lines, per stream, and hands on lines. */
export class LineAssembler implements FrameSink {
  readonly #sink: LineSink;
  readonly #out = new StreamState();
  readonly #err = new StreamState();
  /** The bytes that were searched last, and what was found. */
  #searched: Buffer | undefined;
  #mayHaveEightBit = false;

  constructor(sink: LineSink) {
    this.#sink = sink;
  }

  /** Throws `LOG_STAMP_MISSING` where the message has no time stamp. */
  frame(stream: number, buffer: Buffer, start: number, end: number): void {
    if (stream === ENGINE_MESSAGES) {
      this.#sink.engineMessage(buffer.toString('utf8', start, Math.min(end, start + LONGEST_WORDS)).trim());
      return;
    }
    const number = stream === 2 ? 2 : 1;
    const state = number === 2 ? this.#err : this.#out;
    // A line over the limit is cut where pieces are joined, also where it comes as one.
    if (state.pieceStamp !== undefined || buffer[end - 1] !== NEWLINE || end - start > LINE_LIMIT) {
      if (end > start) this.#piece(number, state, buffer, start, end);
      return;
    }
    let message = buffer.toString('utf8', start, end);
    const isPlain = this.#isPlain(message, buffer, end - start);
    if (!isPlain) message = withBareCsi(message, buffer, start, end);
    const length = stampEnd(message);
    let textEnd = message.length - 1;
    // A terminal adds a return to the one that the program wrote.
    while (message.charCodeAt(textEnd - 1) === RETURN) textEnd -= 1;
    const line = message.slice(length + 1, textEnd);
    // Nearly every line.
    const isShown = isPlain && !message.includes('\x1b') && !line.includes('\r');
    const text = isShown ? line : shownText(line);
    this.#line(number, state, utcStamp(message.slice(0, length)), text, false);
  }

  /** The container has stopped: a last line without a line end is a line. */
  end(): void {
    this.#complete(1, this.#out);
    this.#complete(2, this.#err);
  }

  /** The stamp of the oldest line that is not complete, or undefined. */
  pending(): string | undefined {
    const stamps = [this.#out, this.#err].filter(({ isCut }) => !isCut).map(({ pieceStamp }) => pieceStamp);
    return stamps.filter((stamp) => stamp !== undefined).sort()[0];
  }

  /** Whether no 8-bit sequence can be in a message, which has so many bytes. */
  #isPlain(message: string, buffer: Buffer, bytes: number): boolean {
    // Any character that is not ASCII takes more bytes than units, or it is U+FFFD.
    if (message.length === bytes && !message.includes('\ufffd')) return true;
    // The lines of one read share a buffer.
    if (buffer !== this.#searched) {
      this.#searched = buffer;
      this.#mayHaveEightBit = mayHaveEightBit(buffer);
    }
    return !this.#mayHaveEightBit;
  }

  #line(number: number, state: StreamState, stamp: string, text: string, isTruncated: boolean): void {
    if (state.stamp === stamp) state.count += 1;
    else {
      state.stamp = stamp;
      state.count = 1;
    }
    this.#sink.line(number, stamp, state.count - 1, text, isTruncated);
  }

  #piece(number: number, state: StreamState, buffer: Buffer, start: number, end: number): void {
    const head = buffer.toString('latin1', start, Math.min(end, start + 64));
    const length = stampEnd(head);
    const stamp = utcStamp(head.slice(0, length));
    // Podman hands on what a program wrote before its line end, each part with a stamp of its own, in whole seconds.
    const goesOn = state.pieceStamp === stamp || isWholeSecond(head, length);
    if (state.pieceStamp !== undefined && !goesOn) this.#complete(number, state);
    state.pieceStamp ??= stamp;
    state.lastStamp = stamp;
    const isLast = buffer[end - 1] === NEWLINE;
    if (!state.isCut) {
      const from = Math.min(start + length + 1, end);
      const bytes = Buffer.from(buffer.subarray(from, isLast ? Math.max(from, end - 1) : end));
      state.pieces.push(bytes);
      state.bytes += bytes.length;
      if (state.bytes > LINE_LIMIT && !keepLastState(state)) {
        this.#joinPieces(number, state, true);
        state.pieces = [];
        state.isCut = true;
      }
    }
    if (isLast) this.#complete(number, state);
  }

  /** A line without its end is complete when the next message has another stamp, or none comes. */
  #complete(number: number, state: StreamState): void {
    if (state.pieceStamp !== undefined && !state.isCut) this.#joinPieces(number, state, false);
    state.pieces = [];
    state.bytes = 0;
    state.pieceStamp = undefined;
    state.isCut = false;
  }

  #joinPieces(number: number, state: StreamState, isTruncated: boolean): void {
    const whole = state.pieces.length === 1 ? state.pieces[0] : Buffer.concat(state.pieces);
    let end = Math.min(state.bytes, LINE_LIMIT);
    while (!isTruncated && whole?.[end - 1] === RETURN) end -= 1;
    const text = whole === undefined ? '' : decodeText(whole, 0, end);
    // The limit may lie within a character.
    const kept = isTruncated ? text.replace(/\uFFFD$/, '') : text;
    // Of the last part: a reading that begins within the line gives its rest the same stamp.
    this.#line(number, state, state.lastStamp, shownText(kept), isTruncated);
  }
}
