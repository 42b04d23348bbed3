import { stat } from 'node:fs/promises';
import { setImmediate as letOthersRun } from 'node:timers/promises';
import { errorCode } from '../../../../lib/errors.ts';
import { type DoneFile, type Line, type Position, SHORT_HEAD } from '../../file/identity.ts';
import type { Follower, FollowOptions, FollowState } from './follow-options.ts';
import type { ChunkResult, OpenLog } from './open-log.ts';
import { closeAll, openMember } from './rotated-files.ts';
import { copiesOf, folderChange, held, rotatedSince } from './rotation.ts';
import { begin, type FirstFile } from './start-position.ts';
import { createWakeUp, type WakeUp } from './wake-up.ts';

/** Rotation leaves no file for a moment. */
const MISSING_MS = 2000;
const DONE_KEPT = 64;
const HELD_AT_MOST = 256;

/** Follows the file at `path` through rotation, cutting and restarts without losing a line. Reports, never throws. */
export function follow(options: FollowOptions): Follower {
  const following = new Following(options);
  const ended = following.run();
  return {
    pause: (paused) => following.pause(paused),
    stop() {
      following.stop();
      return ended;
    },
  };
}

class Following {
  private readonly options: FollowOptions;
  private readonly holdMs: number;
  private readonly pollMs: number;
  /** Held open, the oldest first; the last one is, or was, the one at the path. */
  private files: OpenLog[] = [];
  private done: DoneFile[] = [];
  /** Where the file found at the start begins: its size then. Any other file is read from its beginning. */
  private first: FirstFile | undefined;
  private lookedAt = 0;
  private folderSeen: string | undefined;
  private state = '';
  private missingSince: number | undefined;
  private readonly lookout: WakeUp;
  private isPaused = false;
  private isStopped = false;

  constructor(options: FollowOptions) {
    this.options = options;
    this.holdMs = options.holdMs ?? 30_000;
    this.pollMs = options.pollMs ?? 250;
    this.lookout = createWakeUp(this.pollMs);
  }

  pause(paused: boolean): void {
    this.isPaused = paused;
    this.lookout.isDeaf = paused;
    this.lookout.rouse();
  }

  stop(): void {
    this.isStopped = true;
    this.lookout.rouse();
  }

  async run(): Promise<void> {
    let saved = this.options.start === 'checkpoint' ? this.options.saved : undefined;
    let isBegun = false;
    while (!this.isStopped) {
      let grew = false;
      try {
        if (!isBegun) await this.begin(saved);
        isBegun = true;
        await this.look();
        grew = await this.pass();
      } catch (error) {
        // A read that fails (a stale network mount) leaves nothing to hold on to: find the files again by identity.
        this.report({ state: 'unreadable', error });
        if (isBegun) saved = this.position();
        isBegun = false;
        await closeAll(this.files);
        this.files = [];
      }
      if (!this.isStopped) await this.lookout.wait(grew);
    }
    this.lookout.forget();
    await closeAll(this.files);
  }

  private async begin(saved: Position | undefined): Promise<void> {
    const { files, done, first, isLost, position } = await begin(this.options.path, this.options.start, saved);
    this.files = files;
    this.done = done.slice(-DONE_KEPT);
    this.first = first;
    if (isLost) this.options.onLost();
    if (position !== undefined) await this.options.onPosition(position);
  }

  /** Looks what is at the path, and opens it when it is another file than the last one. */
  private async look(): Promise<void> {
    this.lookedAt = Date.now();
    const { path } = this.options;
    const last = this.files.at(-1);
    try {
      if (last !== undefined) {
        const now = await stat(path, { bigint: true });
        if (String(now.ino) === last.inode && String(now.dev) === last.device) {
          if (last.fingerprint.length < SHORT_HEAD) await this.findCopies();
          this.follows();
          return;
        }
      }
      if (this.files.length >= HELD_AT_MOST) return;
      await this.open(last);
      this.follows();
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') this.report({ state: 'unreadable', error });
      else {
        this.missingSince ??= last === undefined ? 0 : this.lookedAt;
        if (this.lookedAt - this.missingSince > MISSING_MS) this.report({ state: 'missing' });
      }
    }
  }

  private async open(last: OpenLog | undefined): Promise<void> {
    const { path, onPosition } = this.options;
    const member = await openMember(path);
    const nowMs = Date.now();
    const isSame = last !== undefined && (await last.isContinuedBy(member.handle, member.size));
    const file = held(member, nowMs);
    // Its writer may still write to it for a while, however long it was quiet before.
    if (last !== undefined) last.grownMs = nowMs;
    if (isSame) await file.seek(last.position);
    else if (last === undefined && this.first?.inode === file.inode && member.size >= this.first.size)
      await file.seekLineStart(this.first.size);
    if (last !== undefined) {
      const { before, after } = await rotatedSince(path, this.files, this.done, nowMs, [file]);
      this.files = [...this.files.slice(0, -1), ...before, last, ...after];
    }
    this.files = [...this.files, file];
    this.lookout.forget();
    await onPosition(this.position());
  }

  /**
   * A file of which nothing was read yet shows no sign of having been copied and cut: only the copy does. Returns
   * whether there is one; it is read first.
   */
  private async findCopies(): Promise<boolean> {
    const nowMs = Date.now();
    const changed = await folderChange(this.options.path, nowMs);
    if (changed !== undefined && changed === this.folderSeen) return false;
    const last = this.files.at(-1);
    const hasUnread = last !== undefined && (await last.look(nowMs)) > last.readTo;
    // As long as the file has what a copy of it has, the copy tells nothing: the cut may be still to come.
    this.folderSeen = hasUnread ? undefined : changed;
    const { before, after } = await rotatedSince(this.options.path, this.files, this.done, nowMs);
    if (before.length + after.length === 0) return false;
    this.files = [...this.files.slice(0, -1), ...before, ...this.files.slice(-1), ...after];
    return true;
  }

  private follows(): void {
    this.missingSince = undefined;
    this.lookout.watch(this.options.path);
    this.report({ state: 'following' });
  }

  /**
   * Reads the held files to their end, in order. A later file is read only as far as it reached when the pass began:
   * whatever was written to an earlier one before that is then read first. Once a writer was seen in a later file,
   * only somebody late writes to the earlier one, and now and then is often enough to look.
   */
  private async pass(): Promise<boolean> {
    const nowMs = Date.now();
    const files = this.files.filter((file) => !file.isLeft || nowMs - file.lookedMs >= this.pollMs);
    const limits: number[] = [];
    // The newest first: what its writer wrote before to an earlier one is then within that one's length.
    for (const file of files.toReversed()) limits.unshift(Math.max(await file.look(nowMs), file.readTo));
    const all = this.files;
    let grew = false;
    for (const [index, file] of files.entries()) {
      // A file that was found meanwhile belongs before those that are still to be read.
      if (this.files !== all) return true;
      const before = file.readTo;
      const isAtEnd = await this.readOn(file, limits[index] ?? 0);
      grew ||= file.readTo !== before || !(isAtEnd || this.isPaused);
      if (!isAtEnd) break;
      file.isLeft = limits.slice(index + 1).some((size) => size > 0);
      if (file !== this.files.at(-1)) await this.retire(file);
    }
    return grew;
  }

  /** Reads a file up to `limit`. Gives false where that ended before its end. */
  private async readOn(file: OpenLog, limit: number): Promise<boolean> {
    let isNew = file.readTo === 0;
    for (let result: ChunkResult = 'more'; result === 'more'; ) {
      if (this.isPaused || this.isStopped) return false;
      const lines: Line[] = [];
      result = await file.readChunk(lines, limit, Date.now());
      if (result === 'replaced') {
        await this.wasCut(file);
        return false;
      }
      if (isNew && lines.length > 0 && file === this.files.at(-1) && (await this.findCopies())) {
        await file.seek(0);
        return false;
      }
      isNew &&= lines.length === 0;
      await this.handOn(lines, file);
      if (result === 'more') await letOthersRun();
      if (Date.now() - this.lookedAt >= this.pollMs) await this.look();
    }
    return true;
  }

  private async handOn(lines: Line[], file: OpenLog): Promise<void> {
    if (lines.length > 0) await this.options.onLines(lines, file.modifiedMs, this.position());
  }

  private async wasCut(file: OpenLog): Promise<void> {
    const copies = await copiesOf(this.options.path, file, this.files, this.done, Date.now());
    const index = this.files.indexOf(file);
    if (copies.length === 0) await this.handOn(file.flush(), file);
    this.files = [...this.files.slice(0, index), ...copies, ...this.files.slice(index)];
    await file.seek(0);
    await this.options.onPosition(this.position());
  }

  /** Lets go of a rotated file when nobody will write to it any more. */
  private async retire(file: OpenLog): Promise<void> {
    if (!file.complete && Date.now() - file.grownMs < this.holdMs) return;
    const rest = file.flush();
    this.files = this.files.filter((other) => other !== file);
    this.done = [...this.done, { inode: file.inode, head: file.fingerprint }].slice(-DONE_KEPT);
    await this.handOn(rest, file);
    await file.handle.close();
  }

  private position(): Position {
    return { path: this.options.path, files: this.files.map(({ place }) => place), done: this.done };
  }

  private report(state: FollowState): void {
    const text = state.state === 'unreadable' ? String(state.error) : state.state;
    if (text !== this.state) this.options.onState(state);
    this.state = text;
  }
}
