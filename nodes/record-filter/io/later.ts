/** Does something once, some time after it was first asked for: no timer runs while nothing happens. */
export class Later {
  readonly #act: () => void;
  readonly #ms: number;
  #timer: NodeJS.Timeout | undefined;

  /** `ms` is at most 24 days. */
  constructor(ms: number, act: () => void) {
    this.#ms = ms;
    this.#act = act;
  }

  schedule(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#act();
    }, this.#ms);
  }

  close(): void {
    clearTimeout(this.#timer);
  }
}
