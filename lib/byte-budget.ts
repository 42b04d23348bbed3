/** How many bytes some readers may hold at the same time. */
export class ByteBudget {
  readonly most: number;
  #held = 0;

  constructor(most: number) {
    this.most = most;
  }

  get held(): number {
    return this.#held;
  }

  /** False where there is no room for so many more bytes: then nothing is taken. */
  take(bytes: number): boolean {
    if (this.#held + bytes > this.most) return false;
    this.#held += bytes;
    return true;
  }

  /** Gives back what was taken. */
  release(bytes: number): void {
    this.#held -= bytes;
  }
}
