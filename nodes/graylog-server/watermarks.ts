/** Shares of the buffer: one this full presses the sources, and one this roomy lets them go. */
const HIGH = 0.8;
const LOW = 0.5;

/** Says when sources must pause and when they may go on: between its two marks a buffer changes nothing. */
export class Watermarks {
  readonly #level: () => number;
  readonly #onPressure: (isFull: boolean) => void;
  #isFull = false;

  /** `level` gives how full the buffer is, from 0 to 1; `onPressure` hears of each change. */
  constructor(level: () => number, onPressure: (isFull: boolean) => void) {
    this.#level = level;
    this.#onPressure = onPressure;
  }

  look(): void {
    const level = this.#level();
    const isFull = this.#isFull ? level > LOW : level > HIGH;
    if (isFull === this.#isFull) return;
    this.#isFull = isFull;
    this.#onPressure(isFull);
  }
}
