/** The waits of one loop, and what ends them early. */
export class WakeableSleep {
  #waiting: (() => void) | undefined;
  #isDue = false;
  #endSleep: (() => void) | undefined;
  #isEnding = false;

  /** Waits for `wake`, or for `ms` where that is not 0. */
  idle(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = ms > 0 ? setTimeout(() => this.wake(), ms) : undefined;
      this.#waiting = () => {
        clearTimeout(timer);
        this.#waiting = undefined;
        resolve();
      };
    });
  }

  wake(): void {
    this.#waiting?.();
  }

  /** Wakes at the end of this turn of the event loop, so that what still comes in it is seen at once. */
  wakeAfterTurn(): void {
    if (this.#waiting === undefined || this.#isDue) return;
    this.#isDue = true;
    setImmediate(() => {
      this.#isDue = false;
      this.wake();
    });
  }

  /** Waits for `ms`; only `end` makes it shorter. */
  sleep(ms: number): Promise<void> {
    if (this.#isEnding) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#endSleep = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** Ends every wait, now and later. */
  end(): void {
    this.#isEnding = true;
    this.#endSleep?.();
    this.wake();
  }
}
