import { NEVER } from '../../lib/docker/api.ts';
import { nanosOf, sinceNanos, stampOf } from '../../lib/docker/time.ts';

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

/**
 * Whether nothing is missing between `position` and what begins with `stamp` (RFC 3339). The same stamp is not enough: of
 * lines with one stamp, the first could be missing.
 */
export function reachesBack(position: LogPosition, stamp: string): boolean {
  const start = startOf(position);
  const first = stampOf(stamp);
  return start !== undefined && first !== undefined && first < start;
}

/** The parameter `since` that reads on after `position`; nothing before `first` (nanoseconds since the epoch) is read. */
export function sinceOf(position: LogPosition, first: string): string {
  const start = startOf(position);
  const nanos = start === undefined ? undefined : nanosOf(start);
  return nanos === undefined ? sinceNanos(first) : sinceNanos(nanos, OVERLAP_SECONDS);
}

/** Whether a line was handed on before. */
export function wasHandedOn(position: StreamPosition | undefined, stamp: string, index: number): boolean {
  if (position === undefined) return false;
  return stamp < position[0] || (stamp === position[0] && index < position[1]);
}

/** Whether a container that stopped at `finishedAt` may have lines that were not handed on. */
export function mayHaveMore(position: LogPosition, finishedAt: string, first: string): boolean {
  if (finishedAt === NEVER || position.finished === finishedAt) return false;
  const finished = nanosOf(finishedAt);
  return finished === undefined || Number(finished.slice(0, -9)) + OVERLAP_SECONDS >= Number(sinceOf(position, first));
}
