/** What keeping a datagram or a piece of it costs besides its bytes: empty ones take memory, too. */
export const KEPT_BYTES = 384;

/**
 * A bound of bytes that many senders share. A sender may hold at most twice of what is still free: one that floods gets two
 * thirds of it, and there is room for the others.
 */
export class SharedRoom {
  readonly #most: number;
  readonly #bySender = new Map<string, number>();
  #held = 0;

  /** `most`: bytes in all. */
  constructor(most: number) {
    this.#most = most;
  }

  get held(): number {
    return this.#held;
  }

  /** How full it is, from 0 to 1. */
  get share(): number {
    return this.#held / this.#most;
  }

  /** Takes room for so many bytes of a sender; false where there is none for it. */
  take(sender: string, bytes: number): boolean {
    const own = (this.#bySender.get(sender) ?? 0) + bytes;
    const free = this.#most - this.#held - bytes;
    if (free < 0 || own > SHARE * (free + bytes)) return false;
    this.#held += bytes;
    this.#bySender.set(sender, own);
    return true;
  }

  release(sender: string, bytes: number): void {
    if (bytes === 0) return;
    this.#held -= bytes;
    const left = (this.#bySender.get(sender) ?? 0) - bytes;
    if (left > 0) this.#bySender.set(sender, left);
    else this.#bySender.delete(sender);
  }
}

const SHARE = 2;
