/**
 * How long a connection is used before the peer must confirm what it was sent: a time and a number of bytes since the
 * first byte that is not confirmed. A connection that ended unconfirmed halves both, so that a link that resets often
 * still moves on; one that was confirmed doubles them again.
 */
export class ConfirmPace {
  readonly #ms: number;
  readonly #bytes: number;
  readonly #least: number;
  #share = 1;

  /** `leastBytes`: one batch. `ms` 0 is never. */
  constructor(ms: number, bytes: number, leastBytes: number) {
    this.#ms = ms;
    this.#bytes = bytes;
    this.#least = leastBytes / bytes / 2;
  }

  /** Whether the peer is asked at all. */
  get isOn(): boolean {
    return this.#ms > 0;
  }

  /** Whether the last connection ended unconfirmed, and no more than is asked for may be on its way over one. */
  get isCautious(): boolean {
    return this.#share < 1;
  }

  get ms(): number {
    return this.#ms * this.#share;
  }

  get bytes(): number {
    return this.#bytes * this.#share;
  }

  confirmed(): void {
    this.#share = Math.min(1, this.#share * 2);
  }

  failed(): void {
    this.#share = Math.max(this.#least, this.#share / 2);
  }
}
