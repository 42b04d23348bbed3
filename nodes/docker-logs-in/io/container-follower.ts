import type { Readable } from 'node:stream';
import { Backoff } from '../../../lib/backoff.ts';
import { isRunning } from '../../../lib/docker/containers.ts';
import { stampOfNanos } from '../../../lib/docker/time.ts';
import { WakeableWait } from '../../../lib/io/wait.ts';
import { type LogMessage, logTemplates } from '../line/log-record.ts';
import { MessageMaker } from '../line/messages.ts';
import { type RestOfLog, restOfLog } from '../log-end.ts';
import { isUnread, type LogPosition, sinceOf } from '../position.ts';
import { logRefusal } from '../refusals.ts';
import { ContainerLog } from './container-log.ts';
import type { ContainerFollowerOptions } from './container-options.ts';
import { LogReader } from './log-reader.ts';
import { LogReading, type ReadingRequest } from './log-reading.ts';
import { LogTail, type Tail } from './log-tail.ts';
import { QUIET_MS } from './silence-watch.ts';

/** No more is read while so many messages wait to be handed on. */
const MOST_WAITING = 1_000;

/** A stream that stood for so long, in milliseconds, was none that cannot be read. */
const STOOD_MS = 2_000;

/** Follows the log of one container, from its construction until the container has stopped and everything is read. */
export class ContainerFollower {
  /** Resolves when the engine has answered for the first time, whatever it said. */
  readonly attached: Promise<void>;
  readonly #options: ContainerFollowerOptions;
  readonly #controller = new AbortController();
  readonly #signal = this.#controller.signal;
  readonly #retry = new WakeableWait(this.#signal);
  readonly #backoff = new Backoff(100, 5_000);
  readonly #log: ContainerLog;
  readonly #tail: LogTail;
  #setAttached: () => void = () => undefined;
  #isPaused: boolean;
  /** The container was started again since its log was opened. */
  #isStartedAgain = false;
  /** The begin of the run that is read. */
  #started: string | undefined;
  #quietMs: number;
  /** When the stream was opened, by `performance.now()`; undefined where it was not. */
  #openedMs: number | undefined;
  #maker: MessageMaker | undefined;
  #reader: LogReader | undefined;
  #body: Readable | undefined;

  constructor(options: ContainerFollowerOptions) {
    this.#options = options;
    this.#isPaused = options.isPaused;
    this.#quietMs = options.quietMs ?? QUIET_MS;
    this.#started = options.progress.position.started;
    const { client, container, questions, tails } = options;
    this.#log = new ContainerLog({ client, id: container.id, questions, signal: this.#signal });
    this.#tail = new LogTail(() => this.#log.readTail(), tails);
    this.attached = new Promise((resolve) => {
      this.#setAttached = resolve;
    });
    void this.#run();
  }

  /** The container was started (again). */
  started(): void {
    this.#isStartedAgain = true;
    this.#backoff.reset();
    this.#retry.wake();
  }

  /** The container has died. */
  died(): void {
    this.#tail.readEarly();
  }

  pause(isPaused: boolean): void {
    this.#isPaused = isPaused;
    this.#pauseOrResume();
  }

  stop(): void {
    this.#controller.abort();
    this.#tail.close();
    this.#reader?.close();
    this.#body?.destroy();
    this.#setAttached();
  }

  async #run(): Promise<void> {
    let goesOn = true;
    while (goesOn && !this.#signal.aborted) {
      try {
        goesOn = await this.#followOnce();
      } catch (error) {
        goesOn = !this.#signal.aborted && (await this.#retryAfter(error));
      }
      this.#setAttached();
    }
    if (!this.#signal.aborted) this.#options.ended();
  }

  /** Reads the log until its stream ends. Gives whether there is more to do. */
  async #followOnce(): Promise<boolean> {
    this.#isStartedAgain = false;
    if ((await this.#readOn(true)) === 'silent') return true;
    const [tail, details] = await Promise.all([this.#tail.take(), this.#log.inspect()]);
    if (this.#signal.aborted) return false;
    if (details !== undefined && isRunning(details)) {
      // The engine ends streams when a log driver fails; a container that starts again ends this wait.
      await this.#retry.for(this.#backoff.next());
      return true;
    }
    await this.#finish(tail, details === undefined);
    this.#advance({ ...this.#options.progress.position, finished: details?.State.FinishedAt });
    return this.#isStartedAgain;
  }

  /** Gives whether the log is worth another attempt, after a wait. */
  async #retryAfter(error: unknown): Promise<boolean> {
    const { container, notice } = this.#options;
    const refusal = logRefusal(error);
    if (refusal === 'gone') {
      // What was read of it is all there is.
      if (this.#maker === undefined) notice('missed', container, error);
      else this.#finishGone();
      return false;
    }
    if (refusal === 'unreadable') {
      notice('unreadable', container, error);
      return false;
    }
    const hasStood = this.#openedMs !== undefined && performance.now() - this.#openedMs >= STOOD_MS;
    this.#openedMs = undefined;
    await this.#retry.for(this.#backoff.next());
    // A stream that stood and was cut is no fault where the next one stands. And where the engine is gone, that is said once
    // and not for each of its containers.
    if (!this.#signal.aborted && !hasStood) notice('broken', container, error);
    return true;
  }

  /** What cannot be completed of a log that is gone is told: nothing can be read again. */
  #finishGone(): void {
    const { container, notice } = this.#options;
    try {
      this.#reader?.finish();
    } catch (error) {
      notice('missed', container, error);
    }
  }

  /** Reads what the engine did not send any more when the container stopped, and completes what is unfinished. */
  async #finish(tail: Tail, isGone: boolean): Promise<void> {
    if ('bytes' in tail) await this.#readRest(tail.bytes, isGone);
    else if (!isGone) throw tail.error;
    if (!this.#signal.aborted) this.#reader?.finish();
  }

  async #readRest(tail: Buffer, isGone: boolean): Promise<void> {
    const rest = (): RestOfLog => restOfLog(tail, this.#options.progress.position, isGone);
    if (rest() === 'none') return;
    if (rest() === 'log') await this.#readOn(false);
    // Nothing may have come, though there is more.
    if (rest() === 'log') await this.#readOn(false, true);
    // A log that is damaged ends before its tail; what is in both is skipped.
    if (this.#maker !== undefined && !this.#signal.aborted) this.#newReader(this.#maker, true).feed(tail);
  }

  /** Reads the log from where it was left: while it is followed, or to its end. */
  async #readOn(follow: boolean, isWhole = false): Promise<'ended' | 'silent'> {
    let since = isWhole ? undefined : this.#since();
    let isChecked = since !== undefined && !isUnread(this.#options.progress.position);
    for (;;) {
      const reading = this.#newReading({ follow, since, isChecked });
      const end = await reading.run();
      if (end.kind === 'silent') this.#quietMs = this.#options.quietMs ?? reading.nextQuietMs;
      if (end.kind !== 'again') return end.kind;
      since = end.since;
      isChecked = false;
    }
  }

  #newReading(request: ReadingRequest): LogReading {
    const { container, host, progress, first } = this.#options;
    return new LogReading(
      {
        log: this.#log,
        signal: this.#signal,
        position: () => progress.position,
        floor: stampOfNanos(first),
        quietMs: this.#quietMs,
        answered: (details) => {
          this.#setAttached();
          this.#started = details?.State.StartedAt ?? this.#started;
          this.#maker ??= new MessageMaker(logTemplates(container, details, host), progress.position, this.#options);
        },
        newReader: (isWhole) => this.#newReader(this.#maker as MessageMaker, isWhole),
        opened: (body) => {
          this.#openedMs = performance.now();
          this.#body = body;
          this.#pauseOrResume();
        },
      },
      request,
    );
  }

  #newReader(maker: MessageMaker, isWhole: boolean): LogReader {
    const { multilineMs, progress, first } = this.#options;
    this.#reader?.close();
    this.#reader = new LogReader({
      maker,
      position: progress.position,
      floor: isWhole ? stampOfNanos(first) : '',
      multilineMs,
      read: (unfinished) => this.#takeMessages(maker, unfinished),
    });
    return this.#reader;
  }

  #takeMessages(maker: MessageMaker, unfinished: string | undefined): void {
    const { container, notice, progress } = this.#options;
    const messages = maker.takeMessages();
    for (const text of maker.takeEngineMessages()) notice('engine', container, text);
    if (maker.takeSlowness()) notice('slowPattern', container, '');
    const { finished } = progress.position;
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
        this.#pauseOrResume();
      },
    );
    this.#pauseOrResume();
  }

  #pauseOrResume(): void {
    if (this.#isPaused || this.#options.progress.waiting > MOST_WAITING) this.#body?.pause();
    else this.#body?.resume();
  }

  #since(): string {
    return sinceOf(this.#options.progress.position, this.#options.first);
  }
}
