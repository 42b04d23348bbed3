import { setImmediate as nextTurn } from 'node:timers/promises';
import { errorCode } from '../../errors.ts';
import { SHORT_FINGERPRINT } from '../../file/fingerprint.ts';
import { AS_TEXT, type Line } from '../../file/line-splitter.ts';
import type { Position } from '../../file/position.ts';
import { withTimeout } from '../timeout.ts';
import { closeFiles } from './candidate.ts';
import type { FollowOptions, FollowState, WakeUps } from './follow-options.ts';
import { FollowedFiles } from './followed-files.ts';
import { LogPlaces } from './log-places.ts';
import type { ChunkResult, OpenLog } from './open-log.ts';
import { isAt } from './rotation.ts';
import { findStart } from './start-position.ts';
import { Unpacker } from './unpack.ts';
import { WakeUp } from './wake-up.ts';

const HOLD_MS = 30_000;
const POLL_MS = 250;
/** How long a stop waits for a disk, in ms: a network mount may hang for ever. */
const STOP_MS = 2000;
/** Rotation leaves no file for a moment. */
const MISSING_MS = 2000;

/** Follows a log file through rotation, cutting and restarts without losing a line. Reports, never throws. */
export class FileFollower {
  readonly #options: FollowOptions;
  readonly #holdMs: number;
  readonly #pollMs: number;
  readonly #unpacker: Unpacker;
  readonly #places: LogPlaces;
  readonly #files: FollowedFiles;
  readonly #stop = new AbortController();
  readonly #wakeUp: WakeUps;
  readonly #ended: Promise<ReadonlySet<string>>;
  #lookedMs = 0;
  #missingSinceMs: number | undefined;
  #reported = '';
  #isPaused = false;
  /** It was stopped while a disk did not answer. */
  #isLeftBehind = false;

  /** Begins at once. */
  constructor(options: FollowOptions) {
    this.#options = options;
    this.#holdMs = options.holdMs ?? HOLD_MS;
    this.#pollMs = options.pollMs ?? POLL_MS;
    this.#unpacker = new Unpacker({
      signal: this.#stop.signal,
      onFault: (name, error) => options.onPackedFault?.(name, error),
    });
    this.#places = new LogPlaces(options.path, { archives: options.archives ?? [], form: options.form ?? AS_TEXT });
    this.#files = new FollowedFiles(this.#places, this.#unpacker);
    this.#wakeUp = options.wakeUp?.(this.#stop.signal) ?? new WakeUp(this.#pollMs, this.#stop.signal);
    this.#ended = this.#run();
  }

  /** Reads nothing while it is paused. Rotated files are opened all the same, so that they are not lost. */
  pause(isPaused: boolean): void {
    this.#isPaused = isPaused;
    this.#wakeUp.mute(isPaused);
    this.#wakeUp.wake();
  }

  /**
   * Ends it. Resolves when nothing more will be called and every file is closed, but for one whose disk does not answer,
   * with the inodes of the files of which nothing is left to read.
   */
  stop(): Promise<ReadonlySet<string>> {
    this.#stop.abort();
    return withTimeout(this.#ended, STOP_MS, () => {
      this.#isLeftBehind = true;
      return new Set();
    });
  }

  /** Whether nothing is at the path any more, and everything that was there when it went was read. */
  async isDrained(): Promise<boolean> {
    if (this.#missingSinceMs === undefined && this.#files.files.length > 0) return false;
    const { files } = this.#files;
    const ended = await Promise.all(files.map((file) => file.hasEnded().catch(() => true)));
    return ended.every((hasEnded) => hasEnded);
  }

  async #run(): Promise<ReadonlySet<string>> {
    const { signal } = this.#stop;
    let saved = this.#options.start === 'checkpoint' ? this.#options.saved : undefined;
    let hasBegun = false;
    while (!signal.aborted) {
      let hasGrown = false;
      try {
        if (!hasBegun) await this.#begin(saved);
        hasBegun = true;
        await this.#look();
        hasGrown = await this.#readFiles();
      } catch (error) {
        // A read that fails (a stale network mount) leaves nothing to hold on to: find the files again by identity.
        this.#report({ state: 'unreadable', error });
        if (hasBegun) saved = this.#files.position;
        hasBegun = false;
        await this.#files.close();
      }
      if (!signal.aborted) await this.#wakeUp.wait(hasGrown, this.#isSettled);
    }
    this.#wakeUp.unwatch();
    const ended = await this.#files.endedInodes();
    await this.#files.close();
    return ended;
  }

  /** Only the file at the path is read: no rotated one that somebody may still write to, which nobody watches. */
  get #isSettled(): boolean {
    return this.#files.files.length === 1 && this.#missingSinceMs === undefined && this.#reported === 'following';
  }

  async #begin(saved: Position | undefined): Promise<void> {
    const { start, lostSinceMs } = this.#options;
    const from = await findStart(this.#places, start, saved, this.#unpacker, lostSinceMs);
    this.#files.begin(from);
    if (from.isLost) this.#options.onLost();
    if (from.position !== undefined) await this.#options.onPosition(from.position);
  }

  /** Looks what is at the path, and opens it when it is another file than the last one. */
  async #look(): Promise<void> {
    this.#lookedMs = performance.now();
    const last = this.#files.last;
    try {
      if (last !== undefined && (await isAt(this.#options.path, last))) {
        if (last.fingerprint.length < SHORT_FINGERPRINT) await this.#files.findUnreadCopies();
      } else {
        if (this.#files.isFull) return;
        await this.#files.openNewest();
        this.#wakeUp.unwatch();
        await this.#options.onPosition(this.#files.position);
      }
      this.#missingSinceMs = undefined;
      this.#wakeUp.watch(this.#options.path);
      this.#report({ state: 'following' });
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') this.#report({ state: 'unreadable', error });
      else this.#reportMissing(last);
    }
  }

  /**
   * Reads the held files to their end, in order, and returns whether anything came. A later file is read only as far as
   * it reached when this began: what was written to an earlier one before that is then read first. Once a writer was
   * seen in a later file, only somebody late writes to the earlier one, and it is enough to look there now and then.
   */
  async #readFiles(): Promise<boolean> {
    const nowMs = performance.now();
    const files = this.#files.files.filter((file) => !file.hasSuccessor || nowMs - file.lookedMs >= this.#pollMs);
    const limits: number[] = [];
    // The newest first: what its writer wrote to an earlier file before is then within that one's length.
    for (const file of files.toReversed()) limits.unshift(Math.max(await file.look(nowMs), file.readTo));
    const held = this.#files.files;
    let hasGrown = false;
    for (const [index, file] of files.entries()) {
      // A file that was found meanwhile belongs before those that are still to be read.
      if (this.#files.files !== held) return true;
      const before = file.readTo;
      const isAtEnd = await this.#readFile(file, limits[index] ?? 0);
      hasGrown ||= file.readTo !== before || !(isAtEnd || this.#isPaused);
      if (!isAtEnd) break;
      file.hasSuccessor = limits.slice(index + 1).some((size) => size > 0);
      if (file !== this.#files.last) await this.#retire(file);
    }
    return hasGrown;
  }

  /** Reads a file up to `limit`. Returns false where it stopped before. */
  async #readFile(file: OpenLog, limit: number): Promise<boolean> {
    const { signal } = this.#stop;
    let isUnread = file.readTo === 0;
    for (let result: ChunkResult = 'more'; result === 'more'; ) {
      if (this.#isPaused || signal.aborted) return false;
      const lines: Line[] = [];
      result = await file.readChunk(lines, limit, performance.now());
      if (result === 'replaced') {
        await this.#restartCutFile(file);
        return false;
      }
      // Its first lines show whether it was copied and cut before.
      const isFirst = isUnread && lines.length > 0 && file === this.#files.last;
      if (isFirst && (await this.#files.findUnreadCopies())) {
        await file.seek(0);
        return false;
      }
      isUnread &&= lines.length === 0;
      await this.#handOn(lines, file);
      if (result === 'more') await nextTurn();
      if (performance.now() - this.#lookedMs >= this.#pollMs) await this.#look();
    }
    return true;
  }

  async #handOn(lines: Line[], file: OpenLog): Promise<void> {
    if (lines.length > 0 && !this.#isLeftBehind)
      await this.#options.onLines(lines, file.modifiedMs, this.#files.position);
  }

  /** Goes to the beginning of a file that was cut, after what a copy of it has. */
  async #restartCutFile(file: OpenLog): Promise<void> {
    const hasCopy = await this.#files.insertCopies(file);
    if (!hasCopy) await this.#handOn(file.flush(), file);
    await file.seek(0);
    await this.#options.onPosition(this.#files.position);
  }

  /** Lets go of a rotated file when nobody will write to it any more. */
  async #retire(file: OpenLog): Promise<void> {
    if (!file.isComplete && performance.now() - file.grownMs < this.#holdMs) return;
    // Since it was read, finding what came after it may have taken longer than that.
    if (!file.isComplete && (await file.look(performance.now())) > file.readTo) return;
    const rest = file.flush();
    this.#files.finish(file);
    try {
      await this.#handOn(rest, file);
    } finally {
      await closeFiles([file]);
    }
  }

  #reportMissing(last: OpenLog | undefined): void {
    this.#missingSinceMs ??= last === undefined ? Number.NEGATIVE_INFINITY : this.#lookedMs;
    if (this.#lookedMs - this.#missingSinceMs > MISSING_MS) this.#report({ state: 'missing' });
  }

  #report(state: FollowState): void {
    const text = state.state === 'unreadable' ? String(state.error) : state.state;
    if (text !== this.#reported) this.#options.onState(state);
    this.#reported = text;
  }
}
