import { errorCode } from '../../errors.ts';
import type { FileIdentity } from '../../file/fingerprint.ts';
import type { Position } from '../../file/position.ts';
import { type Candidate, closeFiles, openLogFile, orClose } from './candidate.ts';
import type { LogPlaces } from './log-places.ts';
import { OpenLog } from './open-log.ts';
import { foldersChange } from './rotated-files.ts';
import { findCopies, findUnseenFiles, type KnownFiles } from './rotation.ts';
import type { StartFile, StartPosition } from './start-position.ts';
import type { Unpacker } from './unpack.ts';

/** So many finished files are remembered. */
const FINISHED_KEPT = 64;
/** No new file is opened while so many are held. */
const HELD_AT_MOST = 256;

/** The files of one log: those held open, in their order, and those that were read to their end. */
export class FollowedFiles implements KnownFiles {
  readonly places: LogPlaces;
  readonly unpacker: Unpacker;
  #files: readonly OpenLog[] = [];
  #finished: readonly FileIdentity[] = [];
  #startFile: StartFile | undefined;
  #foldersChange: string | undefined;

  constructor(places: LogPlaces, unpacker: Unpacker) {
    this.places = places;
    this.unpacker = unpacker;
  }

  /** Held open, the oldest first. The last one is, or was, the one at the path. A change makes a new list. */
  get files(): readonly OpenLog[] {
    return this.#files;
  }

  get finished(): readonly FileIdentity[] {
    return this.#finished;
  }

  get last(): OpenLog | undefined {
    return this.#files.at(-1);
  }

  get isFull(): boolean {
    return this.#files.length >= HELD_AT_MOST;
  }

  get path(): string {
    return this.places.path;
  }

  get position(): Position {
    return { path: this.path, files: this.#files.map(({ filePosition }) => filePosition), done: [...this.#finished] };
  }

  /** Takes the place of what was held before, which must be closed. */
  begin({ files, finished, startFile }: StartPosition): void {
    this.#files = files;
    this.#finished = finished.slice(-FINISHED_KEPT);
    this.#startFile = startFile;
  }

  /** Opens the file that is at the path now, and what was rotated since the last one. Rejects with the system's error. */
  async openNewest(): Promise<void> {
    const candidate = await openLogFile(this.path);
    await orClose([candidate], () => this.#append(candidate));
  }

  async #append(candidate: Candidate): Promise<void> {
    const last = this.last;
    const nowMs = performance.now();
    const isSame = last !== undefined && (await last.isContinuedBy(candidate.handle, candidate.size));
    const file = new OpenLog(candidate, nowMs, this.places.form);
    const start = this.#startFile;
    if (isSame) await file.seek(last.position);
    else if (last === undefined && start?.inode === file.inode && candidate.size >= start.size) {
      await file.seekLineStart(start.size);
    }
    if (last !== undefined) {
      // Its writer may still write to it for a while, however long it was quiet before.
      last.grownMs = nowMs;
      this.#insertUnseen(await findUnseenFiles(this, nowMs, [file]));
    }
    this.#files = [...this.#files, file];
  }

  /**
   * Finds the copy of a file that was copied and cut before anything of it was read: such a file itself shows no sign of
   * it. Returns whether there is one. It is read first.
   */
  async findUnreadCopies(): Promise<boolean> {
    const nowMs = performance.now();
    // Where the folder itself is gone, what is held is all there is.
    const gone = (error: unknown): 'gone' => {
      if (errorCode(error) !== 'ENOENT') throw error;
      return 'gone';
    };
    const change = await foldersChange(this.places, Date.now()).catch(gone);
    if (change === 'gone') return false;
    if (change !== undefined && change === this.#foldersChange) return false;
    const last = this.last;
    const hasUnread = last !== undefined && (await last.look(nowMs)) > last.readTo;
    // As long as the file has what a copy of it has, the copy tells nothing: the cut may be still to come.
    this.#foldersChange = hasUnread ? undefined : change;
    return this.#insertUnseen(await findUnseenFiles(this, nowMs));
  }

  /** Inserts the copy of a file that was cut, and what was rotated since, before the file. Returns whether there is one. */
  async insertCopies(cut: OpenLog): Promise<boolean> {
    const copies = await findCopies(this, cut, performance.now());
    const index = this.#files.indexOf(cut);
    this.#files = [...this.#files.slice(0, index), ...copies, ...this.#files.slice(index)];
    return copies.length > 0;
  }

  /** Remembers a file that was read to its end, and lets go of it. It is still to be closed. */
  finish(file: OpenLog): void {
    this.#files = this.#files.filter((other) => other !== file);
    this.#finished = [...this.#finished, { inode: file.inode, head: file.fingerprint }].slice(-FINISHED_KEPT);
  }

  /** The inodes of the files of which nothing is left to read, whatever is written from now on. */
  async endedInodes(): Promise<Set<string>> {
    const ended = new Set(this.#finished.map(({ inode }) => inode));
    for (const file of this.#files) {
      const hasEnded = await file.hasEnded().catch(() => false);
      if (hasEnded) ended.add(file.inode);
      else ended.delete(file.inode);
    }
    return ended;
  }

  /** Closes every file that is held. Never rejects. */
  async close(): Promise<void> {
    const files = this.#files;
    this.#files = [];
    await closeFiles(files);
  }

  #insertUnseen({ older, newer }: { older: OpenLog[]; newer: OpenLog[] }): boolean {
    if (older.length + newer.length === 0) return false;
    this.#files = [...this.#files.slice(0, -1), ...older, ...this.#files.slice(-1), ...newer];
    return true;
  }
}
