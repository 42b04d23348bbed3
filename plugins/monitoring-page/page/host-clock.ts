/** The host's time, as its last answer told it: the clock of this device may be wrong. */
export class HostClock {
  #answeredMs = 0;
  #hostMinusOwnMs = 0;

  /** Hears the host's time, in ms since 1970. */
  hear(hostMs: number): void {
    this.#answeredMs = performance.now();
    this.#hostMinusOwnMs = hostMs - this.#answeredMs;
  }

  get isSet(): boolean {
    return this.#answeredMs > 0;
  }

  get nowMs(): number {
    return performance.now() + this.#hostMinusOwnMs;
  }

  /** How old the last answer is. */
  get ageMs(): number {
    return performance.now() - this.#answeredMs;
  }

  /** How far this device's clock is from the host's. */
  get offMs(): number {
    return this.isSet ? Date.now() - this.nowMs : 0;
  }
}
