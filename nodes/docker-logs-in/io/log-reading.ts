import type { Readable } from 'node:stream';
import type { ContainerDetails } from '../../../lib/docker/api.ts';
import { sinceNanos } from '../../../lib/docker/time.ts';
import { wait } from '../../../lib/io/wait.ts';
import { firstStamp } from '../line/frames.ts';
import { beginsAfter, earlierRun, isUnread, reachesBack } from '../position.ts';
import { silenceOf } from '../silence.ts';
import { type ContainerLog, discard } from './container-log.ts';
import { readBeginning } from './first-stamp.ts';
import type { LogLines } from './log-lines.ts';
import { longerQuietMs, QUIET_MS, quietMsAfter, SilenceWatch } from './silence-watch.ts';

export interface ReadingRequest {
  /** Whether the log is read on for ever, or to its end. */
  readonly follow: boolean;
  /** The engine's parameter; undefined: the whole log. */
  readonly since: string | undefined;
  /** Whether an answer that does not reach back to the position is distrusted. */
  readonly isChecked: boolean;
  /** Only so many of the last messages, and what comes after them. */
  readonly tail?: number | undefined;
}

/**
 * How a reading ended. `ended`: the stream did. `silent`: it stands still, and owes something. `again`: the log is to be read
 * from elsewhere (`since` as in the request), nothing of this reading was handed on.
 */
export type ReadingEnd =
  | { readonly kind: 'ended' | 'silent' }
  | { readonly kind: 'again'; readonly since: string | undefined };

export interface LogReadingOptions {
  readonly log: ContainerLog;
  readonly lines: LogLines;
  readonly signal: AbortSignal;
  /** How long the stream may be silent before it is doubted, in milliseconds. */
  readonly quietMs: number;
  /** The engine has answered. */
  answered(details: ContainerDetails | undefined): void;
  /** Whether the engine may leave lines out. */
  mayHaveGaps(): boolean;
  /** Asks whether it did. */
  hasGap(): Promise<boolean>;
  /** The body is read from now on. */
  opened(body: Readable): void;
}

const ENDED: ReadingEnd = { kind: 'ended' };

/** How long the last lines are waited for, in milliseconds. */
const TAIL_MS = 3_000;

/** The whole log is to be read. */
const ALL: ReadingEnd = { kind: 'again', since: undefined };

/** Reads a container's log once, from the request to the end of the answer. */
export class LogReading {
  readonly #options: LogReadingOptions;
  readonly #request: ReadingRequest;
  readonly #attempt = new AbortController();
  readonly #signal: AbortSignal;
  #body: Readable | undefined;
  #end: ReadingEnd | undefined;
  /** The engine's clock was set back: it leaves out lines that are new. */
  #isSetBack = false;
  #askedMs = 0;
  /** How long the engine took for the first byte, in milliseconds. */
  #tookMs: number | undefined;
  /** Whether it was ever found that the stream owes nothing. */
  #wasQuiet = false;

  constructor(options: LogReadingOptions, request: ReadingRequest) {
    this.#options = options;
    this.#request = request;
    this.#signal = AbortSignal.any([options.signal, this.#attempt.signal]);
  }

  /** How long the next stream may be silent before it is doubted, in milliseconds: what costs the engine much is done seldom. */
  get nextQuietMs(): number {
    if (this.#tookMs !== undefined) return quietMsAfter(this.#tookMs);
    // It may still look for the first line, which the next stream has to wait for as well.
    return this.#wasQuiet ? QUIET_MS : longerQuietMs(this.#options.quietMs);
  }

  /** Rejects as the client and the reader do. */
  async run(): Promise<ReadingEnd> {
    const watch = this.#request.follow ? this.#newWatch() : undefined;
    try {
      return await this.#read();
    } catch (error) {
      // It was given up.
      if (this.#end !== undefined) return this.#end;
      throw error;
    } finally {
      watch?.close();
    }
  }

  async #read(): Promise<ReadingEnd> {
    const { log, lines, signal, answered, opened } = this.#options;
    this.#askedMs = performance.now();
    const { details, body: opening } = await log.open({ ...this.#request, signal: this.#signal });
    const earlier = this.#earlierRun(details);
    if (earlier !== undefined) {
      discard(opening);
      return earlier;
    }
    answered(details);
    const body = await opening;
    lines.given();
    this.#body = body;
    // Before its first byte nobody else knows of it.
    const end = (): unknown => body.destroy();
    this.#signal.addEventListener('abort', end, { once: true });
    body.once('close', () => this.#signal.removeEventListener('abort', end));
    if (signal.aborted || this.#end !== undefined) {
      body.destroy();
      return this.#end ?? ENDED;
    }
    const { rest, stamp } = await readBeginning(body);
    this.#tookMs = performance.now() - this.#askedMs;
    if (stamp !== undefined && this.#request.isChecked && beginsAfter(lines.position, stamp)) {
      // What is missing is mostly short: after it this stream goes on as it is.
      if (!(await this.#readTail())) {
        body.destroy();
        return ALL;
      }
    }
    const reader = lines.newReader(this.#request.since === undefined);
    if (rest !== undefined) {
      reader.feed(rest);
      return ENDED;
    }
    const followed = this.#request.follow ? reader.follow(body) : reader.readToEnd(body);
    opened(body);
    await followed;
    return ENDED;
  }

  /** Reads the last lines where they reach back to what was handed on, and gives whether they did. */
  async #readTail(): Promise<boolean> {
    const { log, lines } = this.#options;
    const tail = await Promise.race([log.readTail().catch(() => undefined), wait(TAIL_MS, this.#signal)]);
    const from = tail && firstStamp(tail);
    if (tail === undefined || from === undefined || !reachesBack(lines.position, from)) return false;
    lines.newReader(true).feedAll(tail);
    return true;
  }

  /** The engine's clock may have been set back before the container was started: its run begins before what was read. */
  #earlierRun(details: ContainerDetails | undefined): ReadingEnd | undefined {
    const started = details && earlierRun(this.#options.lines.position, details.State.StartedAt);
    const { since } = this.#request;
    if (started === undefined || since === undefined || Number(sinceNanos(started)) >= Number(since)) return undefined;
    return { kind: 'again', since: sinceNanos(started) };
  }

  #newWatch(): SilenceWatch {
    return new SilenceWatch({
      bytesRead: () => bytesReadOf(this.#body),
      isHeldBack: () => this.#body?.isPaused() ?? false,
      isOwed: (isSilent) => this.#isOwed(isSilent),
      standsStill: () => {
        this.#end = this.#isSetBack ? ALL : { kind: 'silent' };
        this.#attempt.abort();
      },
      quietMs: this.#options.quietMs,
      isAskedAlways: () => this.#options.mayHaveGaps(),
    });
  }

  /** Whether the log has, or may have, what the stream did not send. */
  async #isOwed(isSilent: boolean): Promise<boolean> {
    const { log, lines, hasGap } = this.#options;
    if (await hasGap()) return true;
    if (!isSilent) return false;
    const { since } = this.#request;
    const { position: before, floor } = lines;
    let silence = silenceOf(await log.readLast(isUnread(before) ? undefined : since), before, floor);
    // The engine leaves out what is before `since`: the last line is looked for without it.
    if (silence === 'unknown' && !isUnread(before)) silence = silenceOf(await log.readLast(undefined), before, floor);
    this.#isSetBack = silence === 'setBack';
    const owes = silence === 'unknown' ? !(await log.isEmpty()) : silence !== 'quiet';
    this.#wasQuiet ||= !owes;
    return owes;
  }
}

/** How many bytes came over the connection of a body. */
function bytesReadOf(body: Readable | undefined): number {
  const { bytesRead, socket } = (body ?? {}) as { bytesRead?: number; socket?: { bytesRead?: number } | null };
  return bytesRead ?? socket?.bytesRead ?? 0;
}
