import type { ContainerDetails } from '../../../lib/docker/api.ts';
import { stampOfNanos } from '../../../lib/docker/time.ts';
import { type LogMessage, type LogTemplates, logTemplates } from '../line/log-record.ts';
import { MessageMaker } from '../line/messages.ts';
import type { LogPosition } from '../position.ts';
import { RememberedLines } from '../remembered-lines.ts';
import type { ContainerFollowerOptions } from './container-options.ts';
import { LogReader } from './log-reader.ts';

/** The lines of one container's log, whatever they are read from: how far they were handed on, and each of them once. */
export class LogLines {
  readonly #options: ContainerFollowerOptions;
  readonly #changed: () => void;
  #templates: LogTemplates | undefined;
  #maker: MessageMaker | undefined;
  #reader: LogReader | undefined;
  /** The name that the container got since it is followed. */
  #newName: string | undefined;
  /** The begin of the run that is read. */
  #started: string | undefined;
  /** Only of a log of which lines may have to be read again. */
  #known: RememberedLines | undefined;
  #isGiven = false;
  /** How many lines went to makers before this one. */
  #countBefore = 0;

  /** `changed` hears that more, or fewer, messages wait to be handed on. */
  constructor(options: ContainerFollowerOptions, changed: () => void) {
    this.#options = options;
    this.#changed = changed;
    this.#started = options.progress.position.started;
  }

  /** Whether the engine has given the log at least once. */
  get isGiven(): boolean {
    return this.#isGiven;
  }

  /** Whether the engine has answered for the container, so that there may be lines. */
  get isOpen(): boolean {
    return this.#maker !== undefined;
  }

  get position(): LogPosition {
    return this.#options.progress.position;
  }

  /** How many lines were taken, blank ones too. */
  get count(): number {
    return this.#countBefore + (this.#maker?.count ?? 0);
  }

  /** The stamp before which no line is wanted. */
  get floor(): string {
    return stampOfNanos(this.#options.first);
  }

  /** The engine gives the log. */
  given(): void {
    this.#isGiven = true;
  }

  /** The engine has answered for the container: `details` is what it says of it. It may refuse the log yet. */
  answered(details: ContainerDetails | undefined): void {
    const { container, host } = this.#options;
    this.#started = details?.State.StartedAt ?? this.#started;
    this.#templates ??= logTemplates(container, details, host);
    this.#maker ??= this.#newMaker(this.#templates);
  }

  renamed(name: string): void {
    this.#newName = name;
    this.#maker?.rename(name);
  }

  /** A reader that skips what was handed on; of the whole log also what is before the floor. `answered` came before. */
  newReader(isWhole: boolean): LogReader {
    const maker = this.#maker as MessageMaker;
    this.#reader?.close();
    this.#reader = new LogReader({
      maker,
      position: this.position,
      floor: isWhole ? this.floor : '',
      known: this.#known,
      multilineMs: this.#options.multilineMs,
      read: (unfinished) => this.#takeMessages(maker, unfinished),
    });
    return this.#reader;
  }

  /** Remembers lines from now on. */
  remember(): RememberedLines {
    this.#known ??= new RememberedLines();
    return this.#known;
  }

  /** Reads from `position` again: lines after it are handed on but for those that are remembered. */
  goBack(position: LogPosition): void {
    if (this.#templates === undefined) return;
    this.#countBefore = this.count;
    this.#options.progress.position = position;
    this.#maker = this.#newMaker(this.#templates);
  }

  /** Nothing more will come: what is unfinished is complete. Throws where it is no log. */
  finish(): void {
    this.#reader?.finish();
  }

  /** The run that ended at `finishedAt` was read to its end. */
  finished(finishedAt: string | undefined): void {
    this.#advance({ ...this.position, finished: finishedAt });
  }

  close(): void {
    this.#reader?.close();
  }

  #newMaker(templates: LogTemplates): MessageMaker {
    const maker = new MessageMaker(templates, this.position, this.#options);
    if (this.#newName !== undefined) maker.rename(this.#newName);
    return maker;
  }

  #takeMessages(maker: MessageMaker, unfinished: string | undefined): void {
    const { container, notice } = this.#options;
    const messages = maker.takeMessages();
    for (const text of maker.takeEngineMessages()) notice('engine', container, text);
    if (maker.takeSlowness()) notice('slowPattern', container, '');
    const { finished } = this.position;
    this.#advance({ ...maker.position(unfinished), finished, started: this.#started }, messages);
  }

  /** A position counts from when everything before it was handed on. */
  #advance(position: LogPosition, messages: readonly LogMessage[] = []): void {
    const { handOn, progress } = this.#options;
    progress.position = position;
    progress.handOn(
      messages.length,
      () => handOn(messages),
      () => {
        progress.reached(position, performance.now());
        this.#changed();
      },
    );
    this.#changed();
  }
}
