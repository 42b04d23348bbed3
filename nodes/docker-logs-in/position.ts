import { NEVER } from '../../lib/docker/api.ts';
import { nanosOf, sinceNanos, stampOf } from '../../lib/docker/time.ts';
import type { Position } from '../../lib/file/position.ts';

/** The last line of a stream that was handed on: its stamp, and how many lines with that stamp were. */
export type StreamPosition = readonly [stamp: string, count: number];

/** How far a container's log was handed on, as it is kept over a restart. */
export interface LogPosition {
  readonly out?: StreamPosition | undefined;
  readonly err?: StreamPosition | undefined;
  /** The stamp of the oldest line that is unfinished or waits for more lines. */
  readonly pending?: string | undefined;
  /** The end of the container's run (`FinishedAt`) up to which everything was handed on. */
  readonly finished?: string | undefined;
  /** The begin of the run (`StartedAt`) that was read last. */
  readonly started?: string | undefined;
  /** Of a log in files: from where they are read again. What was handed on after that is skipped. */
  readonly file?: FilePlace | undefined;
}

/** A place in a log that is read from files. */
export interface FilePlace {
  readonly position: Position;
  /** The last line of each stream before it, so that those after it are counted on. */
  readonly out?: StreamPosition | undefined;
  readonly err?: StreamPosition | undefined;
}

/**
 * The two streams are stamped apart: a line can be written after one that has a later stamp. So reading starts this
 * much before the newest, and each stream skips what it had.
 */
const OVERLAP_SECONDS = 1;

/** The stamp where reading has to start again: the oldest unfinished line, else the newest that was handed on. */
function startOf(position: LogPosition): string | undefined {
  const newest = [position.out?.[0], position.err?.[0]]
    .filter((stamp) => stamp !== undefined)
    .sort()
    .at(-1);
  return [newest, position.pending].filter((stamp) => stamp !== undefined).sort()[0];
}

/** Whether no line of the log was handed on. */
export function isUnread(position: LogPosition): boolean {
  return startOf(position) === undefined;
}

/**
 * Whether nothing is missing between `position` and what begins with `stamp` (RFC 3339). The same stamp is not enough: of
 * lines with one stamp, the first could be missing.
 */
export function reachesBack(position: LogPosition, stamp: string): boolean {
  const start = startOf(position);
  const first = stampOf(stamp);
  return start !== undefined && first !== undefined && first < start;
}

/**
 * Whether a part of the log may be missing before `stamp` (RFC 3339), with which an answer begins that was asked for from
 * `position` on: the last line that was handed on should have come again.
 */
export function beginsAfter(position: LogPosition, stamp: string): boolean {
  const start = startOf(position);
  const first = stampOf(stamp);
  return start !== undefined && first !== undefined && first > start;
}

/**
 * From where a run of the container that began at `startedAt` is to be read, in nanoseconds since the epoch. Undefined where
 * it is not new, or began after what was handed on, as runs do unless the engine's clock was set back in between.
 */
export function earlierRun(position: LogPosition, startedAt: string): string | undefined {
  const start = startOf(position);
  const started = stampOf(startedAt);
  const isNew = position.started !== undefined && position.started !== startedAt;
  if (!isNew || start === undefined || started === undefined || started >= start) return undefined;
  return nanosOf(startedAt);
}

/** The parameter `since` that reads on after `position`; nothing before `first` (nanoseconds since the epoch) is read. */
export function sinceOf(position: LogPosition, first: string): string {
  const start = startOf(position);
  const nanos = start === undefined ? undefined : nanosOf(start);
  return nanos === undefined ? sinceNanos(first) : sinceNanos(nanos, OVERLAP_SECONDS);
}

/**
 * The lines of a stream that come again when its log is read anew, in the order of the log: those before the last that was
 * handed on, and that one. What comes after it is new, whatever its stamp says: the engine's clock may have been set back.
 */
export class LinesAgain {
  readonly #last: string;
  readonly #count: number;
  #isOver = false;

  constructor([last, count]: StreamPosition) {
    this.#last = last;
    this.#count = count;
  }

  /** Whether the line was handed on before; `index` counts the lines with its stamp. After the first that was not, none was. */
  has(stamp: string, index: number): boolean {
    if (this.#isOver || stamp > this.#last) return false;
    if (stamp < this.#last) return true;
    this.#isOver = index + 1 >= this.#count;
    return index < this.#count;
  }
}

/**
 * Whether a container that began its last run at `startedAt` and stopped at `finishedAt` may have lines that were not handed
 * on.
 */
export function mayHaveMore(
  position: LogPosition,
  { StartedAt: startedAt, FinishedAt: finishedAt }: { readonly StartedAt: string; readonly FinishedAt: string },
  first: string,
): boolean {
  if (finishedAt === NEVER || position.finished === finishedAt) return false;
  if (earlierRun(position, startedAt) !== undefined) return true;
  const finished = nanosOf(finishedAt);
  return finished === undefined || Number(finished.slice(0, -9)) + OVERLAP_SECONDS >= Number(sinceOf(position, first));
}
