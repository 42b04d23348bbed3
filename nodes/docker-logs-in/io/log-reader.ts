import type { Readable } from 'node:stream';
import { MonitoringError } from '../../../lib/errors.ts';
import { LogSplitter } from '../line/frames.ts';
import { LINE_LIMIT, LineAssembler } from '../line/line-assembler.ts';
import type { MessageMaker } from '../line/messages.ts';
import { LineGate } from '../line-gate.ts';
import type { LogPosition } from '../position.ts';
import type { RememberedLines } from '../remembered-lines.ts';

export interface ReadingOptions {
  readonly maker: MessageMaker;
  /** How far the log was handed on, and the stamp before which no line is wanted. */
  readonly position: LogPosition;
  readonly floor: string;
  /** Lines that are not handed on again. */
  readonly known?: RememberedLines | undefined;
  /** How long a message waits for more lines, in milliseconds. */
  readonly multilineMs: number;
  /** There may be messages to take; `unfinished` is the stamp of a line that is still being put together. */
  read(unfinished: string | undefined): void;
}

/** A log that is to end says nothing for so long at most, in milliseconds, while it is read. */
const QUIET_MS = 60_000;

/** Reads one body of a log, from its first byte on: the maker skips what it had. */
export class LogReader {
  readonly #options: ReadingOptions;
  readonly #assembler: LineAssembler;
  readonly #splitter: LogSplitter;
  #timer: NodeJS.Timeout | undefined;
  #isScheduled = false;
  #isClosed = false;

  constructor(options: ReadingOptions) {
    this.#options = options;
    this.#assembler = new LineAssembler(new LineGate(options.maker, options.position, options.floor, options.known));
    this.#splitter = new LogSplitter(this.#assembler, LINE_LIMIT);
    options.maker.restart();
  }

  /** Resolves when the body has ended; rejects when it broke off or is no log. The body is destroyed then. */
  follow(body: Readable): Promise<void> {
    const ended = new Promise<void>((resolve, reject) => {
      body.on('data', (chunk: Buffer) => this.#push(body, chunk));
      body.once('end', resolve);
      body.once('error', reject);
      body.once('close', () => reject(new MonitoringError('LOG_STREAM_BROKEN')));
      body.resume();
      // It may have broken off before anybody listened: its events are past then.
      if (body.destroyed) reject(new MonitoringError('LOG_STREAM_BROKEN'));
    });
    return ended.finally(() => this.#handOn());
  }

  /** As `follow`, for a body that ends by itself: `NO_ANSWER_WITHIN` where it says nothing for a minute. */
  readToEnd(body: Readable): Promise<void> {
    const late = new MonitoringError('NO_ANSWER_WITHIN', { seconds: QUIET_MS / 1000 });
    let readBefore = -1;
    let bytesRead = 0;
    const count = (chunk: Buffer): void => {
      bytesRead += chunk.length;
    };
    const timer = setInterval(() => {
      // What is held back by the buffer of the server is not quiet.
      if (bytesRead === readBefore && !body.isPaused()) body.destroy(late);
      readBefore = bytesRead;
    }, QUIET_MS);
    body.on('data', count);
    return this.follow(body).finally(() => clearInterval(timer));
  }

  /** Takes the bytes of a body that was read already. Throws an error where they are no log. */
  feed(bytes: Buffer): void {
    this.#splitter.push(bytes);
  }

  /** As `feed`, and hands on at once what is complete; messages do not wait for more lines. */
  feedAll(bytes: Buffer): void {
    this.feed(bytes);
    this.#flush();
  }

  /** Nothing more will come: what is unfinished is complete. Throws what the splitter does; the rest is handed on all the same. */
  finish(): void {
    try {
      this.#splitter.end();
    } finally {
      this.#assembler.end();
      this.#options.maker.flush();
      this.#handOn();
    }
  }

  /** Forgets the wait for more lines. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }

  /** The engine sends each line in an HTTP chunk of its own, and each comes as a read: those of one turn go on together. */
  #push(body: Readable, chunk: Buffer): void {
    try {
      this.#splitter.push(chunk);
    } catch (error) {
      body.destroy(error as Error);
    }
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => this.#handOn());
  }

  #handOn(): void {
    const { maker, read, multilineMs } = this.#options;
    this.#isScheduled = false;
    read(this.#assembler.pending());
    clearTimeout(this.#timer);
    if (maker.isWaiting && !this.#isClosed) this.#timer = setTimeout(() => this.#flush(), multilineMs);
  }

  /** A message that waits for more lines does not wait for ever. */
  #flush(): void {
    this.#options.maker.flush();
    this.#options.read(this.#assembler.pending());
  }
}
