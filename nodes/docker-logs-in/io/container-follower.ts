import type { Readable } from 'node:stream';
import { Backoff } from '../../../lib/backoff.ts';
import type { ContainerDetails } from '../../../lib/docker/api.ts';
import { isLogPacked, isRunning } from '../../../lib/docker/containers.ts';
import { WakeableWait, wait } from '../../../lib/io/wait.ts';
import { type RestOfLog, restOfLog } from '../log-end.ts';
import { isUnread, sinceOf } from '../position.ts';
import { logRefusal } from '../refusals.ts';
import { silenceOf } from '../silence.ts';
import { ContainerLog } from './container-log.ts';
import type { ContainerFollowerOptions } from './container-options.ts';
import { GapCheck } from './gap-check.ts';
import { readIntactEnd } from './intact-end.ts';
import { LogLines } from './log-lines.ts';
import { LogReading, type ReadingRequest } from './log-reading.ts';
import { LogTail, type Tail } from './log-tail.ts';
import { QUIET_MS } from './silence-watch.ts';

/** No more is read while so many messages wait to be handed on. */
const MOST_WAITING = 1_000;

/** A stream that stood for so long, in milliseconds, was none that cannot be read. */
const STOOD_MS = 2_000;

/** How long the end of a log is waited for, in milliseconds, where an engine may wait in it for what is not there. */
const END_MS = 3_000;

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
  readonly #lines: LogLines;
  readonly #tail: LogTail;
  #setAttached: () => void = () => undefined;
  #isPaused: boolean;
  /** The container was started again since its log was opened. */
  #isStartedAgain = false;
  #quietMs: number;
  /** When the stream was opened, by `performance.now()`; undefined where it was not. */
  #openedMs: number | undefined;
  /** How many readings in a row gave no line, though the log had one. */
  #fruitless = 0;
  /** Only of a log in which the engine may lose its place unseen. */
  #gaps: GapCheck | undefined;
  #body: Readable | undefined;

  constructor(options: ContainerFollowerOptions) {
    this.#options = options;
    this.#isPaused = options.isPaused;
    this.#quietMs = options.quietMs ?? QUIET_MS;
    const { client, container, questions, tails } = options;
    this.#log = new ContainerLog({ client, id: container.id, questions, signal: this.#signal });
    this.#lines = new LogLines(options, () => this.#pauseOrResume());
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

  /** The container has another name from now. */
  renamed(name: string): void {
    this.#lines.renamed(name);
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
    this.#lines.close();
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
    const { count } = this.#lines;
    const end = await this.#readNext();
    if (this.#lines.count !== count) this.#fruitless = 0;
    else if (this.#lines.isOpen && (await this.#isOwed())) this.#fruitless += 1;
    if (end === 'silent') {
      if (!this.#signal.aborted) await this.#gaps?.mend();
      return true;
    }
    const [tail, details] = await Promise.all([this.#tail.take(), this.#log.inspect()]);
    if (this.#signal.aborted) return false;
    await this.#gaps?.mend();
    if (details !== undefined && isRunning(details)) {
      // The engine ends streams when a log driver fails; a container that starts again ends this wait.
      await this.#retry.for(this.#backoff.next());
      return true;
    }
    await this.#finish(tail, details === undefined);
    this.#lines.finished(details?.State.FinishedAt);
    return this.#isStartedAgain;
  }

  /** Gives whether the log is worth another attempt, after a wait. */
  async #retryAfter(error: unknown): Promise<boolean> {
    const { container, notice } = this.#options;
    const refusal = logRefusal(error);
    if (refusal === 'gone') {
      // What was read of it is all there is.
      if (this.#lines.isGiven) this.#finishGone();
      else notice('missed', container, error);
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
      this.#lines.finish();
    } catch (error) {
      notice('missed', container, error);
    }
  }

  /** Reads what the engine did not send any more when the container stopped, and completes what is unfinished. */
  async #finish(tail: Tail, isGone: boolean): Promise<void> {
    if ('bytes' in tail) await this.#readRest(tail.bytes, isGone);
    else if (!isGone) throw tail.error;
    if (!this.#signal.aborted) this.#lines.finish();
  }

  async #readRest(tail: Buffer, isGone: boolean): Promise<void> {
    const rest = (): RestOfLog => restOfLog(tail, this.#lines.position, isGone);
    if (rest() === 'none') return;
    if (rest() === 'log') await this.#readOn(false);
    // Nothing may have come, though there is more.
    if (rest() === 'log') await this.#readOn(false, true);
    // A log that is damaged ends before its tail; what is in both is skipped.
    if (this.#lines.isOpen && !this.#signal.aborted) this.#lines.newReader(true).feed(tail);
  }

  /** Reads the log from where it was left, or all of it: while it is followed, or to its end. */
  async #readOn(follow: boolean, isWhole = false, tail?: number): Promise<'ended' | 'silent'> {
    const { position } = this.#lines;
    let since = isWhole ? undefined : sinceOf(position, this.#options.first);
    let isChecked = since !== undefined && !isUnread(position);
    for (;;) {
      const reading = this.#newReading({ follow, since, isChecked, tail });
      const end = await reading.run();
      if (end.kind === 'silent') this.#quietMs = this.#options.quietMs ?? reading.nextQuietMs;
      if (end.kind !== 'again') return end.kind;
      since = end.since;
      isChecked = false;
    }
  }

  /**
   * Follows the log from where it was left. Where that gave nothing, all of it; and where that gave nothing either, as in a log
   * with a damaged place, which the engine does not get over, from behind that place.
   */
  async #readNext(): Promise<'ended' | 'silent'> {
    if (this.#fruitless < 2) return this.#readOn(true, this.#fruitless === 1);
    const last = await this.#log.readLast(undefined);
    const end = last && (await Promise.race([readIntactEnd(this.#log, last), wait(END_MS, this.#signal)]));
    if (!end || this.#signal.aborted) return this.#readOn(true);
    this.#lines.newReader(true).feedAll(end.bytes);
    return this.#readOn(true, true, end.messages);
  }

  async #isOwed(): Promise<boolean> {
    const { position, floor } = this.#lines;
    const last = await this.#log.readLast(undefined).catch(() => undefined);
    return silenceOf(last, position, floor) === 'behind';
  }

  #newReading(request: ReadingRequest): LogReading {
    const options = {
      log: this.#log,
      lines: this.#lines,
      signal: this.#signal,
      quietMs: this.#quietMs,
      mayHaveGaps: () => this.#gaps !== undefined,
      hasGap: async () => (await this.#gaps?.hasGap()) ?? false,
      answered: (details: ContainerDetails | undefined) => {
        this.#setAttached();
        this.#lines.answered(details);
        const isDoubted = this.#options.losesItsPlace && details !== undefined && isLogPacked(details);
        if (isDoubted) this.#gaps ??= new GapCheck(this.#log, this.#lines);
      },
      opened: (body: Readable) => {
        this.#openedMs = performance.now();
        this.#body = body;
        this.#pauseOrResume();
      },
    };
    return new LogReading(options, request);
  }

  #pauseOrResume(): void {
    if (this.#isPaused || this.#options.progress.waiting > MOST_WAITING) this.#body?.pause();
    else this.#body?.resume();
  }
}
