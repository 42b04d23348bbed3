import type { Arguments, State, StatusReporter } from '../../lib/status.ts';

/**
 * The status of a node that follows a log. While all is well it shows how many lines were sent, which changes when
 * `show` is called: a status for every line would cost more than the line.
 */
export class LineCount {
  readonly #reporter: Pick<StatusReporter, 'report'>;
  #lines = 0;
  #shown = -1;
  /** The log that is followed; undefined while it cannot be read. */
  #log: string | undefined;

  constructor(reporter: Pick<StatusReporter, 'report'>) {
    this.#reporter = reporter;
  }

  add(lines: number): void {
    this.#lines += lines;
  }

  /** Shows the count where it has changed and the log is followed. */
  show(): void {
    if (this.#log === undefined || this.#lines === this.#shown) return;
    this.#shown = this.#lines;
    this.#reporter.report('ok', 'status.lines', { log: this.#log, lines: this.#lines });
  }

  /** Shows a state of the log `args.log`; the count where it is `ok`. */
  report(state: State, key: string, args: Arguments): void {
    const isSame = state === 'ok' && this.#log === args.log;
    this.#log = state === 'ok' ? String(args.log) : undefined;
    if (isSame) return;
    this.#shown = -1;
    if (state === 'ok') this.show();
    else this.#reporter.report(state, key, args);
  }
}
