import { setImmediate as nextTurn } from 'node:timers/promises';
import { WakeableWait } from '../../../../lib/io/wait.ts';
import { watchFile } from './watch.ts';

/** Where the system tells of growth, looking after a while is only the safety net. */
const TOLD_FACTOR = 4;

/** Says when to look at the files again: at once where the system tells of a change, else after a while. */
export class WakeUp {
  readonly #pollMs: number;
  readonly #wait: WakeableWait;
  #unwatch: (() => void) | undefined;
  /** The system told of growth the last time there was some. */
  #tells = false;
  /** The system told of a change since the last wait began. */
  #hasTold = false;
  #isMuted = false;

  /** `pollMs`: how long to wait, in ms, where the system tells nothing. `signal` ends every wait. */
  constructor(pollMs: number, signal: AbortSignal) {
    this.#pollMs = pollMs;
    this.#wait = new WakeableWait(signal);
  }

  /** Watches the file at `path`, unless one is watched already. */
  watch(path: string): void {
    this.#unwatch ??= watchFile(path, () => {
      this.#tells = true;
      this.#hasTold = true;
      if (!this.#isMuted) this.wake();
    });
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
   * Where the system did not tell of that growth (a network mount, some containers), looking stays frequent.
   */
  async wait(hasGrown: boolean): Promise<void> {
    if (hasGrown && !this.#hasTold) this.#tells = false;
    this.#hasTold = false;
    if (hasGrown) await nextTurn();
    else await this.#wait.for(this.#tells && !this.#isMuted ? this.#pollMs * TOLD_FACTOR : this.#pollMs);
  }
}
