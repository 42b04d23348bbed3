import { stampOfNanos } from '../../../lib/docker/time.ts';
import type { Line } from '../../../lib/file/line-splitter.ts';
import type { Position } from '../../../lib/file/position.ts';
import { CriLines } from '../line/cri-lines.ts';
import type { LineSink } from '../line/line-assembler.ts';
import type { LogMessage, LogTemplates } from '../line/log-record.ts';
import { type LineOptions, MessageMaker } from '../line/messages.ts';
import type { FilePlace, LogPosition } from '../position.ts';
import type { LogProgress } from '../progress.ts';

export interface PodLinesOptions extends LineOptions {
  readonly templates: LogTemplates;
  readonly progress: LogProgress;
  /** Lines from before are left out; nanoseconds since the epoch. */
  readonly first: string;
  /** How long a message waits for more lines, in milliseconds. */
  readonly multilineMs: number;
  handOn(messages: readonly LogMessage[]): Promise<void>;
  /** The pattern of a first line is too slow for this log. */
  slowPattern(): void;
  /** So many lines are none of the runtime's format. */
  foreign(count: number): void;
}

/**
 * The runtime marks the end of a last line without a line end as it marks a part: after so long without another one, in ms, it
 * is taken for the end; after a moment where the next run of the container has begun.
 */
const PART_MS = 30_000;
const LAST_PART_MS = 1_000;

/** Turns the lines of one pod's log into messages, each once, and knows from where the file has to be read again. */
export class PodLines {
  readonly #options: PodLinesOptions;
  readonly #maker: MessageMaker;
  readonly #assembler: CriLines;
  #timer: NodeJS.Timeout | undefined;
  #partTimer: NodeJS.Timeout | undefined;
  #hasNextRun = false;
  #isClosed = false;
  /** Up to where the file was read. */
  #readTo: FilePlace | undefined;
  /** The oldest line that is unfinished, and where the file was read to before it came. */
  #pending: { readonly stamp: string; readonly before: FilePlace | undefined } | undefined;

  constructor(options: PodLinesOptions) {
    const { templates, progress, first } = options;
    const { position } = progress;
    this.#options = options;
    this.#maker = new MessageMaker(templates, position, options);
    this.#assembler = new CriLines(linesFrom(stampOfNanos(first), this.#maker));
    this.#readTo = position.file;
    this.#begin(position.pending !== undefined);
  }

  /** What is made from now on is made of these. */
  use(templates: LogTemplates): void {
    this.#maker.use(templates);
  }

  /** Whether something waits for what follows it. */
  get isUnfinished(): boolean {
    return this.#pending !== undefined;
  }

  /** Where the file is to be read from, by somebody who begins anew. */
  get position(): Position | undefined {
    return this.#place?.position;
  }

  get #place(): FilePlace | undefined {
    return this.#pending === undefined ? this.#readTo : this.#pending.before;
  }

  /** Takes lines, a character a byte; `file` is the position after them. Resolves when their messages were handed on. */
  take(lines: readonly Line[], file: Position): Promise<void> {
    for (const { text, isCut } of lines) this.#assembler.take(text, isCut);
    const foreign = this.#assembler.takeForeign();
    if (foreign > 0) this.#options.foreign(foreign);
    return this.#handOn(file);
  }

  /** The position of the file changed without a line. */
  moved(file: Position): void {
    void this.#handOn(file);
  }

  /** Reading begins anew at `position`: what was handed on since comes again. */
  restart(): void {
    clearTimeout(this.#timer);
    const isPending = this.#pending !== undefined;
    this.#readTo = this.#place;
    this.#pending = undefined;
    this.#maker.restart();
    this.#begin(isPending);
  }

  /** Nothing more will come: what is unfinished is complete. */
  finish(): Promise<void> {
    this.#assembler.end();
    this.#maker.flush();
    return this.#handOn(this.#readTo?.position);
  }

  /** The next run of the container has begun. */
  ended(): void {
    this.#hasNextRun = true;
    this.#waitForParts();
  }

  close(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#partTimer);
    this.#isClosed = true;
  }

  /** Nothing comes again where nothing was unfinished: the clock may have been set back since, and the stamps do not tell. */
  #begin(comesAgain: boolean): void {
    this.#assembler.restart(this.#readTo);
    if (!comesAgain) this.#maker.readOn();
  }

  #handOn(file: Position | undefined): Promise<void> {
    const { progress, handOn, slowPattern, multilineMs } = this.#options;
    const messages = this.#maker.takeMessages();
    if (this.#maker.takeSlowness()) slowPattern();
    const log = this.#maker.position(this.#assembler.pending());
    this.#note(log.pending, file && { position: file, ...this.#assembler.last });
    const position: LogPosition = { ...log, file: this.#place };
    progress.position = position;
    clearTimeout(this.#timer);
    this.#waitForParts();
    if (this.#maker.isWaiting && !this.#isClosed) this.#timer = setTimeout(() => this.#flush(), multilineMs);
    return new Promise((resolve) => {
      progress.handOn(
        messages.length,
        () => handOn(messages),
        () => {
          progress.reached(position, performance.now());
          resolve();
        },
      );
    });
  }

  #waitForParts(): void {
    clearTimeout(this.#partTimer);
    if (this.#assembler.pending() === undefined || this.#isClosed) return;
    this.#partTimer = setTimeout(() => void this.finish(), this.#hasNextRun ? LAST_PART_MS : PART_MS);
  }

  #note(pending: string | undefined, place: FilePlace | undefined): void {
    if (pending === undefined) this.#pending = undefined;
    else if (this.#pending?.stamp !== pending) this.#pending = { stamp: pending, before: this.#readTo };
    this.#readTo = place;
  }

  /** A message that waits for more lines does not wait for ever. */
  #flush(): void {
    this.#maker.flush();
    void this.#handOn(this.#readTo?.position);
  }
}

/** Leaves out what is older than `floor`, a stamp, up to the first line that is not: clocks are set back. */
function linesFrom(floor: string, sink: LineSink): LineSink {
  const isOpen = [false, false, false];
  return {
    line(stream, stamp, index, text, isTruncated) {
      if (!isOpen[stream] && stamp < floor) return;
      isOpen[stream] = true;
      sink.line(stream, stamp, index, text, isTruncated);
    },
    engineMessage: (text) => sink.engineMessage(text),
  };
}
