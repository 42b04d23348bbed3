import { stampOf } from '../../../lib/docker/time.ts';
import type { FilePlace, StreamPosition } from '../position.ts';
import { LINE_LIMIT, type LineSink } from './line-assembler.ts';
import { decodeText, shownText } from './terminal.ts';

/** One line of a log of the container runtime interface. */
export interface CriLine {
  /** RFC 3339 in UTC with nine decimals. */
  readonly stamp: string;
  /** stdout is 1, stderr is 2. */
  readonly stream: 1 | 2;
  /** Whether more of the same line follows. */
  readonly isPartial: boolean;
  /** Where the text begins. */
  readonly from: number;
}

const STAMP_LENGTH = 30;
const Z = 90;
const STREAMS = new Map<string, 1 | 2>([
  ['stdout', 1],
  ['stderr', 2],
]);

/**
 * The head of a line as the runtime writes it: `<RFC 3339 time> <stdout|stderr> <tags> <text>`, the first of the tags, between
 * colons, `P` (partial) or `F` (full). Undefined where it is none. Source: "CRI: Log management for container stdout/stderr
 * streams", kubernetes/design-proposals-archive, node/kubelet-cri-logging.md.
 */
export function parseCriLine(line: string): CriLine | undefined {
  const stampEnd = line.indexOf(' ');
  const streamEnd = line.indexOf(' ', stampEnd + 1);
  if (stampEnd === -1 || streamEnd === -1) return undefined;
  const stream = STREAMS.get(line.slice(stampEnd + 1, streamEnd));
  const spaceAt = line.indexOf(' ', streamEnd + 1);
  // A text without a character may stand without its space, too.
  const tagsEnd = spaceAt === -1 ? line.length : spaceAt;
  const [tag] = line.slice(streamEnd + 1, tagsEnd).split(':', 1);
  const stamp = utcStamp(line, stampEnd);
  if (stream === undefined || stamp === undefined || (tag !== 'P' && tag !== 'F')) return undefined;
  return { stamp, stream, isPartial: tag === 'P', from: Math.min(tagsEnd + 1, line.length) };
}

/** Most stamps are in UTC with nine decimals already. */
function utcStamp(line: string, end: number): string | undefined {
  const stamp = line.slice(0, end);
  const isUtc = end === STAMP_LENGTH && stamp.charCodeAt(end - 1) === Z && /^\d{4}-\d\d-\d\dT[\d:.]{18}Z$/.test(stamp);
  return isUtc ? stamp : stampOf(stamp);
}

class StreamState {
  /** The stamp of the last line and how many lines had it. */
  stamp = '';
  count = 0;
  /** The unfinished line, a character a byte, and the stamp of its first part. */
  pieces: string[] = [];
  bytes = 0;
  pieceStamp: string | undefined;
  isCut = false;
}

/** Joins the parts of long lines, per stream, and hands on lines. */
export class CriLines {
  readonly #sink: LineSink;
  readonly #streams: readonly [undefined, StreamState, StreamState] = [undefined, new StreamState(), new StreamState()];
  /** How many lines were none of the format. */
  #foreign = 0;

  constructor(sink: LineSink) {
    this.#sink = sink;
  }

  /** Takes a line of the file, a character a byte. `isCut`: its end is missing. */
  take(line: string, isCut = false): void {
    const parsed = parseCriLine(line);
    if (parsed === undefined) {
      this.#foreign += 1;
      return;
    }
    const { stamp, stream, isPartial, from } = parsed;
    const state = this.#streams[stream];
    if (state.pieceStamp === undefined && !isPartial && !isCut) {
      this.#line(stream, stamp, line.slice(from), false);
      return;
    }
    state.pieceStamp ??= stamp;
    if (!state.isCut) {
      state.pieces.push(line.slice(from));
      state.bytes += line.length - from;
      state.isCut = isCut || state.bytes > LINE_LIMIT;
    }
    // A line that is cut ends where it ends all the same: its rest is dropped.
    if (!isPartial) this.#complete(stream);
  }

  /** Nothing more will come: a line without its last part is a line. */
  end(): void {
    this.#complete(1);
    this.#complete(2);
  }

  /** The last line of each stream. */
  get last(): Pick<FilePlace, 'out' | 'err'> {
    const [, out, err] = this.#streams;
    const lastOf = ({ stamp, count }: StreamState): StreamPosition | undefined =>
      stamp === '' ? undefined : [stamp, count];
    return { out: lastOf(out), err: lastOf(err) };
  }

  /** Reading begins anew behind these lines. */
  restart({ out, err }: Pick<FilePlace, 'out' | 'err'> = {}): void {
    for (const [state, last] of [
      [this.#streams[1], out],
      [this.#streams[2], err],
    ] as const) {
      Object.assign(state, new StreamState());
      [state.stamp, state.count] = last ?? ['', 0];
    }
  }

  /** The stamp of the oldest line that is not complete, or undefined. */
  pending(): string | undefined {
    const [, out, err] = this.#streams;
    return [out.pieceStamp, err.pieceStamp].filter((stamp) => stamp !== undefined).sort()[0];
  }

  /** How many lines since the last call were none of the format. */
  takeForeign(): number {
    const foreign = this.#foreign;
    this.#foreign = 0;
    return foreign;
  }

  #complete(stream: 1 | 2): void {
    const state = this.#streams[stream];
    if (state.pieceStamp === undefined) return;
    const { pieceStamp, isCut } = state;
    const whole = state.pieces.length === 1 ? (state.pieces[0] ?? '') : state.pieces.join('');
    state.pieces = [];
    state.bytes = 0;
    state.pieceStamp = undefined;
    state.isCut = false;
    this.#line(stream, pieceStamp, isCut ? whole.slice(0, LINE_LIMIT) : whole, isCut);
  }

  #line(stream: 1 | 2, stamp: string, bytes: string, isTruncated: boolean): void {
    const state = this.#streams[stream];
    if (state.stamp === stamp) state.count += 1;
    else {
      state.stamp = stamp;
      state.count = 1;
    }
    this.#sink.line(stream, stamp, state.count - 1, textOf(bytes, isTruncated), isTruncated);
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: what is neither a letter of ASCII nor shown as it is
const NOT_PLAIN = /[\0\x1b\r\x80-\xff]/;

/** The text that a terminal would show of these bytes. */
function textOf(bytes: string, isTruncated: boolean): string {
  if (!NOT_PLAIN.test(bytes)) return bytes;
  let end = bytes.length;
  while (!isTruncated && bytes.charCodeAt(end - 1) === 13) end -= 1;
  const buffer = Buffer.from(bytes, 'latin1');
  const text = decodeText(buffer, 0, end);
  // The limit may lie within a character.
  return shownText(isTruncated ? text.replace(/\uFFFD$/, '') : text);
}
