import { lstat, statfs } from 'node:fs/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { WakeableWait } from '../wait.ts';
import type { WakeUps } from './follow-options.ts';
import { watchFile } from './watch.ts';

/** Where the system tells of growth, looking after a while is only the safety net. */
const TOLD_FACTOR = 8;

/**
 * File systems of this machine (`f_type` of statfs(2)): nobody else writes to them, so the system tells of every change.
 * ext2 to ext4, XFS, Btrfs, F2FS, ZFS, tmpfs, ramfs, overlay.
 */
const LOCAL = new Set([0xef53, 0x58465342, 0x9123683e, 0xf2f52010, 0x2fc12fc1, 0x01021994, 0x858458f6, 0x794c7630]);

/** Says when to look at the files again: at once where the system tells of a change, else after a while. */
export class WakeUp implements WakeUps {
  readonly #pollMs: number;
  readonly #wait: WakeableWait;
  #unwatch: (() => void) | undefined;
  /** The system told of growth the last time there was some, or is known to tell of it. */
  #tells = false;
  /** A file was watched already before the last look. */
  #wasWatched = false;
  /** There was growth of which the system did not tell. */
  #hasMissed = false;
  /** The system told of a change since the last growth. */
  #hasTold = false;
  #isMuted = false;

  /** `pollMs`: how long to wait, in ms, where the system tells nothing. `signal` ends every wait. */
  constructor(pollMs: number, signal: AbortSignal) {
    this.#pollMs = pollMs;
    this.#wait = new WakeableWait(signal);
  }

  /** Watches the file at `path`, unless one is watched already. */
  watch(path: string): void {
    if (this.#unwatch !== undefined) return;
    this.#unwatch = watchFile(path, () => {
      this.#tells = true;
      this.#hasTold = true;
      if (!this.#isMuted) this.wake();
    });
    if (this.#unwatch !== undefined) void this.#expectToBeTold(path);
  }

  /** Where the file is on this machine the system will tell of its growth; it need not have done so once. */
  async #expectToBeTold(path: string): Promise<void> {
    try {
      const isLocal = LOCAL.has((await statfs(path)).type);
      // A link can be made to point elsewhere, which nobody tells of.
      if (isLocal && !(await lstat(path)).isSymbolicLink()) this.#tells ||= !this.#hasMissed;
    } catch {}
  }

  unwatch(): void {
    this.#unwatch?.();
    this.#unwatch = undefined;
  }

  /** While it is muted, what the system tells ends no wait. */
  mute(isMuted: boolean): void {
    this.#isMuted = isMuted;
  }

  /** Ends the wait, or the next one. */
  wake(): void {
    this.#wait.wake();
  }

  /**
   * Waits for the next look. `hasGrown` says whether the last look found something: then the next one comes at once.
   * Where the system did not tell of that growth (a network mount, some containers), looking stays frequent, and so it
   * does unless `isSettled`: only the file that is watched is read.
   */
  async wait(hasGrown: boolean, isSettled: boolean): Promise<void> {
    if (hasGrown && !this.#hasTold && this.#wasWatched) {
      this.#tells = false;
      this.#hasMissed = true;
    }
    // What was told of after it was read counts for the next growth.
    if (hasGrown) this.#hasTold = false;
    this.#wasWatched = this.#unwatch !== undefined;
    const isRelaxed = this.#tells && isSettled && !this.#isMuted && this.#unwatch !== undefined;
    if (hasGrown) await nextTurn();
    else await this.#wait.for(isRelaxed ? this.#pollMs * TOLD_FACTOR : this.#pollMs);
  }
}
