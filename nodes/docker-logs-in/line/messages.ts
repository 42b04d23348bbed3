import { type LogPosition, type StreamPosition, wasHandedOn } from '../position.ts';
import { readJsonLine } from './json-line.ts';
import type { LineSink } from './line-assembler.ts';
import { type LogMessage, type LogTemplates, logMessage } from './log-record.ts';

/** What becomes of a line, as the dialog has it. */
export interface LineOptions {
  /** The first line of a message fits this; lines that do not are added to the one before. */
  readonly multilineStart: RegExp | undefined;
  /** Lines that are JSON objects become fields. */
  readonly json: boolean;
}

/** The longest joined message, in characters. */
const JOIN_LIMIT = 256 * 1024;

const TRUNCATED = ' … (truncated)';

/** Lines that are joined to one message. */
interface Group {
  readonly stamp: string;
  readonly index: number;
  lines: string[];
  length: number;
  last: StreamPosition;
}

class StreamState {
  handedOn: StreamPosition | undefined;
  /** Lines up to here come again after a restart. */
  again: StreamPosition | undefined;
  group: Group | undefined;

  constructor(position: StreamPosition | undefined) {
    this.handedOn = position;
    this.again = position;
  }
}

/** Makes messages of one container's lines, and knows which were handed on. */
export class MessageMaker implements LineSink {
  readonly #templates: LogTemplates;
  readonly #multilineStart: RegExp | undefined;
  readonly #json: boolean;
  readonly #streams: readonly [undefined, StreamState, StreamState];
  #messages: LogMessage[] = [];
  #engineMessages: string[] = [];

  /** Lines that were handed on before `start` are skipped. */
  constructor(templates: LogTemplates, start: LogPosition, { multilineStart, json }: LineOptions) {
    this.#templates = templates;
    this.#multilineStart = multilineStart;
    this.#json = json;
    this.#streams = [undefined, new StreamState(start.out), new StreamState(start.err)];
  }

  /** Messages wait for more lines. */
  get isWaiting(): boolean {
    return this.#streams[1].group !== undefined || this.#streams[2].group !== undefined;
  }

  line(number: number, stamp: string, index: number, text: string, isTruncated: boolean): void {
    const stream = number === 2 ? 2 : 1;
    const own = this.#streams[stream];
    if (own.again !== undefined) {
      if (wasHandedOn(own.again, stamp, index)) return;
      own.again = undefined;
    }
    const whole = isTruncated ? text + TRUNCATED : text;
    if (this.#multilineStart !== undefined) {
      // An empty line inside a message belongs to it; one that would begin a message is dropped as any other.
      if (whole !== '' || own.group !== undefined)
        this.#join(stream, stamp, index, whole, this.#multilineStart.test(whole));
      return;
    }
    own.handedOn = [stamp, index + 1];
    // Docker's own driver does not send empty lines either, and Graylog refuses them.
    if (whole === '') return;
    const message = logMessage(this.#templates[stream], stamp, index, whole);
    if (this.#json && !isTruncated) readJsonLine(message.payload, whole);
    this.#messages.push(message);
  }

  engineMessage(text: string): void {
    this.#engineMessages.push(text);
  }

  /** The messages since the last call. */
  takeMessages(): LogMessage[] {
    const taken = this.#messages;
    this.#messages = [];
    return taken;
  }

  /** What the engine itself said since the last call. */
  takeEngineMessages(): string[] {
    if (this.#engineMessages.length === 0) return this.#engineMessages;
    const taken = this.#engineMessages;
    this.#engineMessages = [];
    return taken;
  }

  /** Messages that wait for more lines are complete. */
  flush(): void {
    this.#completeGroup(1);
    this.#completeGroup(2);
  }

  /** The log is read anew: lines that were handed on before come again, and so do those of messages that wait. */
  restart(): void {
    for (const stream of [this.#streams[1], this.#streams[2]]) {
      stream.again = stream.handedOn;
      stream.group = undefined;
    }
  }

  /** What was handed on; `unfinished` is the stamp of a line that is still being put together. */
  position(unfinished: string | undefined): LogPosition {
    const [, out, err] = this.#streams;
    const waiting = [out.group?.stamp, err.group?.stamp, unfinished];
    const pending = waiting.filter((stamp) => stamp !== undefined).sort()[0];
    return { out: out.handedOn, err: err.handedOn, pending };
  }

  #completeGroup(stream: 1 | 2): void {
    const { group } = this.#streams[stream];
    if (group === undefined) return;
    this.#streams[stream].group = undefined;
    this.#streams[stream].handedOn = group.last;
    const [first = ''] = group.lines;
    const message = logMessage(this.#templates[stream], group.stamp, group.index, first);
    if (group.lines.length > 1) message.payload.full_message = group.lines.join('\n');
    this.#messages.push(message);
  }

  /** Adds the line to the message that waits, or lets it begin one. */
  #join(stream: 1 | 2, stamp: string, index: number, text: string, isFirst: boolean): void {
    let { group } = this.#streams[stream];
    if (isFirst || group === undefined || group.length + text.length > JOIN_LIMIT) {
      this.#completeGroup(stream);
      group = { stamp, index, lines: [], length: 0, last: [stamp, index + 1] };
      this.#streams[stream].group = group;
    }
    group.lines.push(text);
    group.length += text.length + 1;
    group.last = [stamp, index + 1];
  }
}
