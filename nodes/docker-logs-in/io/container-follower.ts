import type { Readable } from 'node:stream';
import { Backoff } from '../../../lib/backoff.ts';
import type { DockerClient } from '../../../lib/docker/client.ts';
import { isRunning } from '../../../lib/docker/containers.ts';
import type { ContainerIdentity } from '../../../lib/docker/identity.ts';
import { WakeableWait } from '../../../lib/io/wait.ts';
import type { LimitedQueue } from '../../../lib/limited-queue.ts';
import { type LogMessage, logTemplates } from '../line/log-record.ts';
import { type LineOptions, MessageMaker } from '../line/messages.ts';
import { restOfLog } from '../log-end.ts';
import { type LogPosition, sinceOf } from '../position.ts';
import type { LogProgress } from '../progress.ts';
import { logRefusal } from '../refusals.ts';
import { ContainerLog } from './container-log.ts';
import { LogReader } from './log-reader.ts';
import { LogTail, type Tail, type TailLimits } from './log-tail.ts';

/**
 * What people should know about one container: its log cannot be read, it was gone before that, the engine says something
 * about the log, the log broke off and is read again, the pattern of a first line is too slow for its lines.
 */
export type NoticeKind = 'unreadable' | 'missed' | 'engine' | 'broken' | 'slowPattern';

export interface ContainerOptions extends LineOptions {
  readonly client: DockerClient;
  readonly host: string;
  /** Nothing before is read; nanoseconds since the epoch. */
  readonly first: string;
  /** How long a message waits for more lines, in milliseconds. */
  readonly multilineMs: number;
  /** Hands messages on; may take many turns of the event loop. */
  handOn(messages: readonly LogMessage[]): Promise<void>;
  /** `cause` is an error; for `engine` it is the text that the engine wrote. */
  notice(kind: NoticeKind, container: ContainerIdentity, cause: unknown): void;
}

export interface ContainerFollowerOptions extends ContainerOptions {
  readonly container: ContainerIdentity;
  readonly progress: LogProgress;
  readonly isPaused: boolean;
  /** What is asked of the engine about a container's log waits here: a thousand containers can start at once. */
  readonly questions: LimitedQueue;
  readonly tails: TailLimits;
  /** The container has stopped, and its log is read to its end; or there is nothing to read. */
  ended(): void;
}

/** No more is read while so many messages wait to be handed on. */
const MOST_WAITING = 1_000;

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
  #maker: MessageMaker | undefined;
  /** The name that it got since it is followed. */
  #newName: string | undefined;
  #reader: LogReader | undefined;
  #body: Readable | undefined;

  constructor(options: ContainerFollowerOptions) {
    this.#options = options;
    this.#isPaused = options.isPaused;
    const { client, container, questions, tails } = options;
    this.#log = new ContainerLog({ client, id: container.id, questions, signal: this.#signal });
    this.#tail = new LogTail(() => this.#log.readTail(this.#since()), tails);
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
    this.#newName = name;
    this.#maker?.rename(name);
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
    const { progress } = this.#options;
    this.#isStartedAgain = false;
    await this.#readOn(true);
    const [tail, details] = await Promise.all([this.#tail.take(), this.#log.inspect()]);
    if (this.#signal.aborted) return false;
    if (details !== undefined && isRunning(details)) {
      // The engine ends streams when a log driver fails; a container that starts again ends this wait.
      await this.#retry.for(this.#backoff.next());
      return true;
    }
    await this.#finish(tail, details === undefined);
    this.#advance({ ...progress.position, finished: details?.State.FinishedAt });
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
    await this.#retry.for(this.#backoff.next());
    // Where the engine is gone, that is said once and not for each of its containers.
    if (!this.#signal.aborted) notice('broken', container, error);
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
    const rest = restOfLog(tail, this.#options.progress.position, isGone);
    if (rest === 'log') await this.#readOn(false);
    if (rest === 'tail' && this.#maker !== undefined) this.#newReader(this.#maker).feed(tail);
  }

  /** Reads the log from where it was left, to its end. */
  async #readOn(follow: boolean): Promise<void> {
    const { container, host, progress } = this.#options;
    const [body, details] = await this.#log.open(follow, this.#since(), this.#maker === undefined);
    this.#setAttached();
    if (this.#signal.aborted) {
      body.destroy();
      return;
    }
    this.#body = body;
    this.#maker ??= new MessageMaker(logTemplates(container, details, host), progress.position, this.#options);
    if (this.#newName !== undefined) this.#maker.rename(this.#newName);
    const reader = this.#newReader(this.#maker);
    const followed = follow ? reader.follow(body) : reader.readToEnd(body);
    this.#pauseOrResume();
    await followed;
  }

  #newReader(maker: MessageMaker): LogReader {
    this.#reader?.close();
    this.#reader = new LogReader({
      maker,
      multilineMs: this.#options.multilineMs,
      read: (unfinished) => this.#takeMessages(maker, unfinished),
    });
    return this.#reader;
  }

  #takeMessages(maker: MessageMaker, unfinished: string | undefined): void {
    const { container, notice, progress } = this.#options;
    const messages = maker.takeMessages();
    for (const text of maker.takeEngineMessages()) notice('engine', container, text);
    if (maker.takeSlowness()) notice('slowPattern', container, '');
    this.#advance({ ...maker.position(unfinished), finished: progress.position.finished }, messages);
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
