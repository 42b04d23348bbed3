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

/** Makes messages of one container's lines, and knows which were handed on. */
export interface MessageMaker extends LineSink {
  /** The messages since the last call. */
  take(): LogMessage[];
  /** What the engine itself said since the last call. */
  takeEngineMessages(): string[];
  /** Messages that wait for more lines are complete. */
  flush(): void;
  readonly isWaiting: boolean;
  /** The stream begins anew: lines that were handed on before will come again, messages that wait will too. */
  restart(): void;
  /** What was handed on; `unfinished` is the stamp of a line that is still being put together. */
  position(unfinished: string | undefined): LogPosition;
}

interface Group {
  readonly stamp: string;
  readonly index: number;
  lines: string[];
  length: number;
  last: StreamPosition;
}

interface StreamState {
  handedOn: StreamPosition | undefined;
  /** Lines up to here come again after a restart. */
  again: StreamPosition | undefined;
  group: Group | undefined;
}

export function createMessageMaker(templates: LogTemplates, start: LogPosition, options: LineOptions): MessageMaker {
  const { multilineStart, json } = options;
  const state = (position: StreamPosition | undefined): StreamState => ({
    handedOn: position,
    again: position,
    group: undefined,
  });
  const streams = [undefined, state(start.out), state(start.err)] as const;
  let messages: LogMessage[] = [];
  let engineMessages: string[] = [];

  const close = (stream: 1 | 2): void => {
    const { group } = streams[stream];
    if (group === undefined) return;
    streams[stream].group = undefined;
    streams[stream].handedOn = group.last;
    const [first = ''] = group.lines;
    const message = logMessage(templates[stream], group.stamp, group.index, first);
    if (group.lines.length > 1) message.payload.full_message = group.lines.join('\n');
    messages.push(message);
  };

  /** Adds the line to the message that waits, or lets it begin one. */
  const join = (stream: 1 | 2, stamp: string, index: number, text: string, starts: boolean): void => {
    let { group } = streams[stream];
    if (starts || group === undefined || group.length + text.length > JOIN_LIMIT) {
      close(stream);
      group = { stamp, index, lines: [], length: 0, last: [stamp, index + 1] };
      streams[stream].group = group;
    }
    group.lines.push(text);
    group.length += text.length + 1;
    group.last = [stamp, index + 1];
  };

  return {
    line(number, stamp, index, text, isTruncated) {
      const stream = number === 2 ? 2 : 1;
      const own = streams[stream];
      if (own.again !== undefined) {
        if (wasHandedOn(own.again, stamp, index)) return;
        own.again = undefined;
      }
      const whole = isTruncated ? text + TRUNCATED : text;
      if (multilineStart !== undefined) {
        // An empty line inside a message belongs to it; one that would begin a message is dropped as any other.
        if (whole !== '' || own.group !== undefined) join(stream, stamp, index, whole, multilineStart.test(whole));
        return;
      }
      own.handedOn = [stamp, index + 1];
      // Docker's own driver does not send empty lines either, and Graylog refuses them.
      if (whole === '') return;
      const message = logMessage(templates[stream], stamp, index, whole);
      if (json && !isTruncated) readJsonLine(message.payload, whole);
      messages.push(message);
    },
    engineMessage(text) {
      engineMessages.push(text);
    },
    take() {
      const taken = messages;
      messages = [];
      return taken;
    },
    takeEngineMessages() {
      if (engineMessages.length === 0) return engineMessages;
      const taken = engineMessages;
      engineMessages = [];
      return taken;
    },
    flush() {
      close(1);
      close(2);
    },
    get isWaiting() {
      return streams[1].group !== undefined || streams[2].group !== undefined;
    },
    restart() {
      for (const stream of [streams[1], streams[2]]) {
        stream.again = stream.handedOn;
        stream.group = undefined;
      }
    },
    position(unfinished) {
      const waiting = [streams[1].group?.stamp, streams[2].group?.stamp, unfinished];
      const pending = waiting.filter((stamp) => stamp !== undefined).sort()[0];
      return { out: streams[1].handedOn, err: streams[2].handedOn, pending };
    },
  };
}
