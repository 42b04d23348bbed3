import type { TestContext } from 'node:test';
import { StateFile } from '../../lib/io/state-file.ts';
import { LogFollower, type LogFollowerOptions } from '../../nodes/docker-logs-in/io/log-follower.ts';
import type { LogMessage } from '../../nodes/docker-logs-in/line/log-record.ts';
import { parseLogState } from '../../nodes/docker-logs-in/log-state.ts';
import { wordsOf } from './docker-flow.ts';
import { clientFor } from './fake-engine.ts';
import { temporaryFolder } from './folder.ts';

/** A shell command that writes `line <number> …`, `perSecond` at most, from 1 on; for ever where `count` is left open. */
export function numberedWriter(perSecond: number, count?: number, text = 'x'.repeat(40)): string {
  const batch = Math.max(1, Math.round(perSecond / 20));
  const line = `n=$((n+1)); echo "line $n ${text}"`;
  const round = `i=0; while [ $i -lt ${batch} ]; do i=$((i+1)); ${line}; done; sleep ${batch / perSecond}`;
  return `n=0; while ${count === undefined ? 'true' : `[ $n -lt ${count} ]`}; do ${round}; done`;
}

/** What became of numbered lines. */
class NumberedLines {
  /** How often a line came again. */
  repeats = 0;
  /** Lines that came again with another id. */
  readonly otherIds: number[] = [];
  /** Lines that came after one with a higher number, and not again. */
  late = 0;
  /** The longest time between the stamp of a line and its arrival, in milliseconds. */
  longestMs = 0;
  highest = 0;
  readonly #ids = new Map<number, string>();

  get count(): number {
    return this.#ids.size;
  }

  add({ payload }: LogMessage): void {
    const number = Number(/^line (\d+)/.exec(payload.message)?.[1]);
    if (Number.isNaN(number)) return;
    const id = payload.event_id;
    const known = this.#ids.get(number);
    if (known !== undefined) {
      this.repeats += 1;
      if (known !== id) this.otherIds.push(number);
      return;
    }
    this.#ids.set(number, id);
    if (number < this.highest) this.late += 1;
    this.highest = Math.max(this.highest, number);
    this.longestMs = Math.max(this.longestMs, Date.now() - Date.parse(payload.time));
  }

  /** The numbers from 1 to `last` that never came. */
  missing(last: number): number[] {
    return Array.from({ length: last }, (_, index) => index + 1).filter((number) => !this.#ids.has(number));
  }

  inWords(): string {
    const { count, repeats, otherIds, late, longestMs } = this;
    return `${count} lines, ${repeats} again (${otherIds.length} with another id), ${late} out of order, ${longestMs} ms late`;
  }
}

export interface FollowedLines {
  readonly lines: NumberedLines;
  readonly messages: LogMessage[];
  readonly notices: string[];
  stop(): Promise<void>;
}

/** Follows the logs of a real engine, from their beginning unless `options` say something else. */
export function followLines(
  t: TestContext,
  host: string,
  options: Partial<LogFollowerOptions> = {},
  folder = temporaryFolder(),
): FollowedLines {
  const lines = new NumberedLines();
  const messages: LogMessage[] = [];
  const notices: string[] = [];
  const follower = new LogFollower({
    client: clientFor(t, host, 20_000),
    state: new StateFile(folder, 'logs', parseLogState),
    host: 'h',
    fromStart: true,
    multilineStart: undefined,
    multilineMs: 500,
    json: false,
    filter: () => () => true,
    handOn: async (more) => {
      for (const message of more) lines.add(message);
      if (messages.length < 10_000) messages.push(...more);
    },
    notice: (kind, { name }, cause) => notices.push(`${kind} ${name} ${wordsOf(cause)}`),
    following: () => undefined,
    lost: (error) => notices.push(`lost ${wordsOf(error)}`),
    unsaved: (error) => notices.push(`unsaved ${wordsOf(error)}`),
    ...options,
  });
  t.after(() => follower.stop());
  return { lines, messages, notices, stop: () => follower.stop() };
}
