import { isBlank } from '../../../lib/blank.ts';
import type { BlankCount } from '../blank-count.ts';
import type { GateSink } from '../line-gate.ts';
import { LinesAgain, type LogPosition, type StreamPosition } from '../position.ts';
import type { Streams } from '../rules.ts';
import { JsonLines } from './json-line.ts';
import { type LogMessage, type LogTemplates, logMessage, renamedTemplates } from './log-record.ts';

/** The pattern of a first line; a `TimedPattern`. */
export interface LinePattern {
  /** Whether each text fits; undefined where the pattern was too slow for it. */
  testAll(texts: readonly string[]): (boolean | undefined)[];
}

/** What becomes of a line, as the dialog has it. */
export interface LineOptions {
  /** The first line of a message fits this; lines that do not are added to the one before. */
  readonly multilineStart: LinePattern | undefined;
  /** Lines that are JSON objects become fields. */
  readonly json: boolean;
  /** The lines of the other stream are no messages. */
  readonly streams?: Streams | undefined;
  /** Hears how many lines are blank, and no message therefore. */
  readonly blanks?: BlankCount | undefined;
}

const UNWANTED = { both: undefined, stdout: 2, stderr: 1 } as const;

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

/** A line whose turn with the pattern has not come. */
interface UntestedLine {
  readonly stream: 1 | 2;
  readonly stamp: string;
  readonly index: number;
  readonly text: string;
}

class StreamState {
  handedOn: StreamPosition | undefined;
  /** Lines up to here come again after a restart. */
  again: LinesAgain | undefined;
  group: Group | undefined;

  constructor(position: StreamPosition | undefined) {
    this.handedOn = position;
    this.readAgain();
  }

  readAgain(): void {
    this.again = this.handedOn === undefined ? undefined : new LinesAgain(this.handedOn);
  }
}

/** Makes messages of one container's lines, and knows which were handed on. */
export class MessageMaker implements GateSink {
  #templates: LogTemplates;
  readonly #multilineStart: LinePattern | undefined;
  readonly #json: JsonLines | undefined;
  readonly #blanks: BlankCount | undefined;
  readonly #unwanted: 1 | 2 | undefined;
  readonly #streams: readonly [undefined, StreamState, StreamState];
  #messages: LogMessage[] = [];
  #engineMessages: string[] = [];
  #untested: UntestedLine[] = [];
  #isPatternSlow = false;
  #count = 0;

  /** Lines that were handed on before `start` are skipped. */
  constructor(templates: LogTemplates, start: LogPosition, { multilineStart, json, blanks, streams }: LineOptions) {
    this.#templates = templates;
    this.#multilineStart = multilineStart;
    this.#json = json ? new JsonLines() : undefined;
    this.#blanks = blanks;
    this.#unwanted = UNWANTED[streams ?? 'both'];
    this.#streams = [undefined, new StreamState(start.out), new StreamState(start.err)];
  }

  /** What is made from now on has this name of the container. */
  rename(name: string): void {
    this.use(renamedTemplates(this.#templates, name));
  }

  /** What is made from now on is made of these. */
  use(templates: LogTemplates): void {
    this.#templates = templates;
  }

  /** Messages wait for more lines. */
  get isWaiting(): boolean {
    return this.#streams[1].group !== undefined || this.#streams[2].group !== undefined;
  }

  /** How many lines it took that were not handed on before. */
  get count(): number {
    return this.#count;
  }

  line(number: number, stamp: string, index: number, text: string, isTruncated: boolean): void {
    const stream = number === 2 ? 2 : 1;
    const own = this.#streams[stream];
    if (own.again !== undefined) {
      if (own.again.has(stamp, index)) return;
      own.again = undefined;
    }
    this.#count += 1;
    if (stream === this.#unwanted) {
      own.handedOn = [stamp, index + 1];
      return;
    }
    const whole = isTruncated ? text + TRUNCATED : text;
    if (this.#multilineStart !== undefined) {
      this.#untested.push({ stream, stamp, index, text: whole });
      return;
    }
    own.handedOn = [stamp, index + 1];
    // Docker's own driver does not send empty lines either, and Graylog refuses blank ones.
    if (isBlank(whole)) {
      this.#blanks?.add();
      return;
    }
    const message = logMessage(this.#templates[stream], stamp, index, whole);
    if (!isTruncated && this.#json?.read(message.payload, whole) === 'blank') this.#blanks?.add();
    else this.#messages.push(message);
  }

  passed(number: number, stamp: string, index: number): void {
    const own = this.#streams[number === 2 ? 2 : 1];
    if (own.again?.has(stamp, index)) return;
    own.again = undefined;
    own.handedOn = [stamp, index + 1];
    this.#count += 1;
  }

  engineMessage(text: string): void {
    this.#engineMessages.push(text);
  }

  /** The messages since the last call. */
  takeMessages(): LogMessage[] {
    this.#joinLines();
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

  /** Whether the pattern was too slow for a line since the last call. */
  takeSlowness(): boolean {
    const wasSlow = this.#isPatternSlow;
    this.#isPatternSlow = false;
    return wasSlow;
  }

  /** Messages that wait for more lines are complete. */
  flush(): void {
    this.#joinLines();
    this.#completeGroup(1);
    this.#completeGroup(2);
  }

  /** The log is read anew: lines that were handed on before come again, and so do those of messages that wait. */
  restart(): void {
    this.#untested = [];
    for (const stream of [this.#streams[1], this.#streams[2]]) {
      stream.readAgain();
      stream.group = undefined;
    }
  }

  /** What comes now is new: nothing that was handed on before comes again. */
  readOn(): void {
    for (const stream of [this.#streams[1], this.#streams[2]]) stream.again = undefined;
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
    const first = group.lines.find((line) => !isBlank(line));
    if (first === undefined) {
      this.#blanks?.add();
      return;
    }
    const message = logMessage(this.#templates[stream], group.stamp, group.index, first);
    if (group.lines.length > 1) message.payload.full_message = group.lines.join('\n');
    this.#messages.push(message);
  }

  /** Tests what came since the last call in one go: a pattern that needs a time limit costs by the call. */
  #joinLines(): void {
    const lines = this.#untested;
    if (this.#multilineStart === undefined || lines.length === 0) return;
    this.#untested = [];
    const found = this.#multilineStart.testAll(lines.map(({ text }) => text));
    for (const [at, line] of lines.entries()) {
      if (found[at] === undefined) this.#isPatternSlow = true;
      this.#join(line, found[at] === true);
    }
  }

  /** Adds the line to the message that waits, or lets it begin one. A blank line begins none. */
  #join({ stream, stamp, index, text }: UntestedLine, isFirst: boolean): void {
    const own = this.#streams[stream];
    const last: StreamPosition = [stamp, index + 1];
    const blank = isBlank(text);
    if (blank && own.group === undefined) {
      this.#blanks?.add();
      own.handedOn = last;
      return;
    }
    let { group } = own;
    if ((isFirst && !blank) || group === undefined || group.length + text.length > JOIN_LIMIT) {
      this.#completeGroup(stream);
      group = { stamp, index, lines: [], length: 0, last };
      own.group = group;
    }
    group.lines.push(text);
    group.length += text.length + 1;
    group.last = last;
  }
}
