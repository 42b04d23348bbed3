import type { Arguments, State, StatusReporter } from '../../lib/status.ts';

/**
 * The status of a node that follows a log. While all is well it shows how many lines were sent, which changes when
 * `show` is called: a status for every line would cost more than the line.
 */
export class LineCount {
  readonly #reporter: Pick<StatusReporter, 'report'>;
  readonly #clock: (timeMs: number) => string;
  #lines = 0;
  #lastMs = 0;
  #shown = -1;
  /** The log that is followed; undefined while it cannot be read. */
  #log: string | undefined;
  /** The servers that have no room; undefined while lines are sent. */
  #pausedFor: string | undefined;
  #isSlowed = false;
  /** The log is mounted by itself: what the host puts in its place will not be seen. */
  #isMountedAlone = false;

  /** `clock` writes the time of the last line, in ms since the epoch. */
  constructor(reporter: Pick<StatusReporter, 'report'>, clock: (timeMs: number) => string) {
    this.#reporter = reporter;
    this.#clock = clock;
  }

  add(lines: number, nowMs: number): void {
    this.#lines += lines;
    this.#lastMs = nowMs;
  }

  /** Shows for whom nothing is read; the count again where it goes on. */
  pause(servers: string | undefined): void {
    this.#pausedFor = servers;
    this.#shown = -1;
    this.show();
  }

  /** Shows beside the count whether lines go on slower than they are read. */
  slow(isSlowed: boolean): void {
    this.#isSlowed = isSlowed;
    this.#shown = -1;
    this.show();
  }

  /** Shows the count where it has changed and the log is followed. */
  show(): void {
    if (this.#log === undefined || this.#lines === this.#shown) return;
    if (this.#pausedFor !== undefined) {
      this.#reporter.report('warning', 'status.paused', { servers: this.#pausedFor });
      return;
    }
    this.#shown = this.#lines;
    const args = { log: this.#log, lines: this.#lines };
    if (this.#isSlowed) this.#reporter.report('warning', 'status.slowed', args);
    else if (this.#isMountedAlone) this.#reporter.report('warning', 'status.mounted', args);
    else if (args.lines === 0) this.#reporter.report('ok', 'status.noLine', args);
    else {
      const key = args.lines === 1 ? 'status.oneLine' : 'status.lines';
      this.#reporter.report('ok', key, { ...args, time: this.#clock(this.#lastMs) });
    }
  }

  /** Shows a state of the log `args.log`; the count where it is followed, which it is also where it is mounted alone. */
  report(state: State, key: string, args: Arguments): void {
    const isMountedAlone = key === 'status.mounted';
    const isFollowed = state === 'ok' || isMountedAlone;
    const isSame = isFollowed && this.#log === args.log && this.#isMountedAlone === isMountedAlone;
    this.#log = isFollowed ? String(args.log) : undefined;
    this.#isMountedAlone = isMountedAlone;
    if (isSame) return;
    this.#shown = -1;
    if (isFollowed) this.show();
    else this.#reporter.report(state, key, args);
  }
}
