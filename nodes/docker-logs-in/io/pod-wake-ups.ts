import { setImmediate as nextTurn } from 'node:timers/promises';
import type { WakeUps } from '../../../lib/io/file/follow-options.ts';
import { WakeableWait } from '../../../lib/io/wait.ts';

/** A log that is being rotated, or removed, is looked at so often, in ms. */
const UNSETTLED_MS = 500;

/** Says when a pod's log is to be looked at again: when its folder told of a change, whoever watches that. */
export class PodWakeUps implements WakeUps {
  readonly #wait: WakeableWait;
  #isMuted = false;

  constructor(signal: AbortSignal) {
    this.#wait = new WakeableWait(signal);
  }

  /** The folder told of a change. */
  told(): void {
    if (!this.#isMuted) this.wake();
  }

  watch(): void {}

  unwatch(): void {}

  mute(isMuted: boolean): void {
    this.#isMuted = isMuted;
  }

  wake(): void {
    this.#wait.wake();
  }

  async wait(hasGrown: boolean, isSettled: boolean): Promise<void> {
    if (hasGrown) await nextTurn();
    else await this.#wait.for(isSettled ? undefined : UNSETTLED_MS);
  }
}
