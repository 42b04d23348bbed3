import { AS_BYTES } from '../../../lib/file/line-splitter.ts';
import { FileFollower } from '../../../lib/io/file/follow.ts';
import type { PodLogFile } from '../../../lib/pods/log-path.ts';
import { SerialQueue } from '../../../lib/serial-queue.ts';
import type { LogTemplates } from '../line/log-record.ts';
import { PodLines, type PodLinesOptions } from './pod-lines.ts';
import { PodWakeUps } from './pod-wake-ups.ts';
import { recentPart } from './recent-part.ts';

export interface PodLogOptions extends PodLinesOptions {
  readonly log: PodLogFile;
  /** Whether the log was there when its node was deployed for the first time, and what it had is not wanted. */
  readonly isOld: boolean;
  readonly isPaused: boolean;
  /** The log cannot be read, for now. */
  unreadable(error: unknown): void;
  /** Part of it is lost: it was removed before it was read. */
  lost(): void;
}

/** A rotated log is held open so long after its last growth, in ms: the runtime opens the new one within a moment. */
const HOLD_MS = 10_000;

/** A log that was quiet for so long, in ms, is closed: with many thousand of them descriptors are few. */
const QUIET_MS = 60_000;

/** Follows the log of one run of a container, closes it while it is quiet, and reads it to its end when it is removed. */
export class PodLog {
  readonly #options: PodLogOptions;
  readonly #lines: PodLines;
  readonly #queue = new SerialQueue();
  #follower: FileFollower | undefined;
  #wakeUps: PodWakeUps | undefined;
  #isPaused: boolean;
  #isStopped = false;
  /** The name of the container may still become known. */
  #isHeld = true;
  #isFirst = true;
  #changedMs = performance.now();

  constructor(options: PodLogOptions) {
    this.#options = options;
    this.#isPaused = options.isPaused;
    this.#lines = new PodLines(options);
    void this.#queue.run(() => this.#open());
  }

  /** The records that are made from now on are made of these. */
  use(templates: LogTemplates): void {
    this.#lines.use(templates);
  }

  /** What could be known of the container is known: reading begins. */
  release(): void {
    this.#isHeld = false;
    this.#follower?.pause(this.#isPaused);
  }

  /** Its folder told of a change. */
  changed(): void {
    this.#changedMs = performance.now();
    this.#wakeUps?.told();
    if (this.#follower === undefined) void this.#queue.run(() => this.#open());
  }

  /** The next run of the container has begun: no more than a moment's lines will come. */
  ended(): void {
    this.#lines.ended();
  }

  pause(isPaused: boolean): void {
    this.#isPaused = isPaused;
    this.#follower?.pause(isPaused || this.#isHeld);
  }

  /** Closes the file where it was quiet for long; the next change opens it again. `nowMs`: of a steady clock. */
  closeWhereQuiet(nowMs: number): void {
    const isQuiet = nowMs - this.#changedMs >= QUIET_MS && !this.#lines.isUnfinished && !this.#isPaused;
    if (isQuiet && !this.#isHeld && this.#follower !== undefined) void this.#queue.run(() => this.#close());
  }

  /** Whether the log is gone and what it had was handed on; for one that was closed while it was quiet, at once. */
  async isDrained(): Promise<boolean> {
    this.release();
    this.#wakeUps?.wake();
    return this.#follower === undefined || this.#follower.isDrained();
  }

  /** Nothing more will come. */
  finish(): Promise<void> {
    return this.#lines.finish();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#lines.close();
    await this.#queue.run(() => this.#close());
  }

  async #open(): Promise<void> {
    if (this.#follower !== undefined || this.#isStopped) return;
    const { log, first, isOld, unreadable, lost } = this.#options;
    if (!this.#isFirst) this.#lines.restart();
    this.#isFirst = false;
    // Of what was there before this node began only the end is looked at; what is older than that is left out by its time.
    const recent = this.#lines.position === undefined && isOld ? recentPart(log.path) : undefined;
    const saved = (await recent?.catch(() => undefined)) ?? this.#lines.position;
    if (this.#isStopped) return;
    this.#follower = new FileFollower({
      path: log.path,
      form: AS_BYTES,
      holdMs: HOLD_MS,
      start: 'checkpoint',
      saved,
      lostSinceMs: Number(first.slice(0, -6)),
      wakeUp: (signal) => {
        this.#wakeUps = new PodWakeUps(signal);
        return this.#wakeUps;
      },
      onLines: (lines, _, position) => {
        this.#changedMs = performance.now();
        return this.#lines.take(lines, position);
      },
      onPosition: async (position) => {
        this.#lines.moved(position);
      },
      onState: (state) => {
        if (state.state === 'unreadable') unreadable(state.error);
      },
      onLost: lost,
    });
    this.#follower.pause(this.#isPaused || this.#isHeld);
  }

  async #close(): Promise<void> {
    const follower = this.#follower;
    this.#follower = undefined;
    this.#wakeUps = undefined;
    await follower?.stop();
  }
}
