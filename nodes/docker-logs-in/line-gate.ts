import type { LineSink } from './line/line-assembler.ts';
import { LinesAgain, type LogPosition, type StreamPosition } from './position.ts';
import type { RememberedLines } from './remembered-lines.ts';

/** All stamps of a clock that counts microseconds or seconds end so: two of its lines may really have the same. */
const COARSE = '000Z';

/** What becomes of the lines that a gate lets through. */
export interface GateSink extends LineSink {
  /** A line that was taken before is behind the reader: it is not handed on again. */
  passed(stream: number, stamp: string, index: number): void;
}

class StreamState {
  stamp = '';
  text = '';
  /** The stamp before this one. */
  stampBefore = '';
  /** How many lines with this stamp were dropped. */
  dropped = 0;
  isOpen: boolean;
  /** Lines up to the position: the sink knows them. */
  again: LinesAgain | undefined;

  constructor(position: StreamPosition | undefined, floor: string) {
    this.isOpen = floor === '' || position !== undefined;
    this.again = position === undefined ? undefined : new LinesAgain(position);
  }
}

function isOfCoarseClock({ stamp, stampBefore }: StreamState): boolean {
  return stamp.endsWith(COARSE) && (stampBefore === '' || stampBefore.endsWith(COARSE));
}

/**
 * Stands between the lines of a log as they are read and what becomes of them.
 * Engine 20.10 sends a line twice at some rotations. A clock of nanoseconds gives no two lines of a stream the same stamp: a
 * line with the stamp and the text of the one before it is dropped, so that an id stays that of its line.
 * And a log that is read from its beginning has lines from before this node began to watch.
 */
export class LineGate implements LineSink {
  readonly #sink: GateSink;
  readonly #known: RememberedLines | undefined;
  readonly #floor: string;
  readonly #out: StreamState;
  readonly #err: StreamState;

  /** Of a stream without a position, lines before `floor` (a stamp; empty: none) are dropped. */
  constructor(sink: GateSink, position: LogPosition, floor: string, known?: RememberedLines) {
    this.#sink = sink;
    this.#known = known;
    this.#floor = floor;
    this.#out = new StreamState(position.out, floor);
    this.#err = new StreamState(position.err, floor);
  }

  line(streamNumber: number, stamp: string, index: number, text: string, isTruncated: boolean): void {
    const stream = streamNumber === 2 ? this.#err : this.#out;
    if (!stream.isOpen) {
      if (stamp < this.#floor) return;
      stream.isOpen = true;
    }
    if (index === 0) {
      stream.stampBefore = stream.stamp;
      stream.stamp = stamp;
      stream.dropped = 0;
    } else if (stream.text === text && !isOfCoarseClock(stream)) {
      stream.dropped += 1;
      return;
    }
    stream.text = text;
    const number = index - stream.dropped;
    if (this.#known !== undefined && this.#isKnown(stream, streamNumber, number)) {
      this.#sink.passed(streamNumber, stamp, number);
    } else this.#sink.line(streamNumber, stamp, number, text, isTruncated);
  }

  #isKnown(stream: StreamState, streamNumber: number, index: number): boolean {
    if (this.#known === undefined || stream.again?.has(stream.stamp, index)) return false;
    stream.again = undefined;
    return this.#known.isKnown(streamNumber, stream.stamp, index);
  }

  engineMessage(text: string): void {
    this.#sink.engineMessage(text);
  }
}
