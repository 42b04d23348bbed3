import { eventId, type TimedEvent } from '../../lib/docker/events.ts';
import { isLater, sinceNanos } from '../../lib/docker/time.ts';

/** How far before the newest event reading starts again: events of one moment do not arrive in the order of their times. */
const OVERLAP_SECONDS = 2;

/** What was handed on, as it is kept over a restart. */
export interface EventPosition {
  /** Nanoseconds since the epoch of the newest event. */
  readonly nanos: string;
  /** Nanoseconds since the epoch: when this node began to watch. Nothing older is read. */
  readonly first: string;
  /** The ids of the events in the overlap. */
  readonly ids: readonly string[];
}

/** Keeps what was handed on, so that what is read again is known. */
export interface EventMemory {
  /** Whether the event is new; it counts as handed on from now. */
  take(timed: TimedEvent): boolean;
  /** How many events were taken. */
  readonly count: number;
  /** The position after the first `count` events. */
  positionAt(count: number): EventPosition;
  /** The query parameter `since` that reads everything again that might be missing. */
  since(): string;
}

interface Taken {
  readonly id: string;
  readonly nanos: string;
  readonly number: number;
}

export function createEventMemory(start: EventPosition): EventMemory {
  let taken: Taken[] = start.ids.map((id) => ({ id, nanos: start.nanos, number: 0 }));
  const ids = new Set(start.ids);
  let newest = start.nanos;
  let floor = start.nanos;
  let count = 0;

  const isOld = (nanos: string, at: string): boolean =>
    Number(at.slice(0, -9)) - Number(nanos.slice(0, -9)) > OVERLAP_SECONDS;

  /** The engine itself remembers 256 events: what is older than the overlap and further back than that never comes again. */
  const forget = (): void => {
    if (taken.length < 1024) return;
    const isKept = ({ nanos, number }: Taken): boolean => !isOld(nanos, newest) || number > count - 256;
    for (const { nanos } of taken.filter((entry) => !isKept(entry))) if (isLater(nanos, floor)) floor = nanos;
    taken = taken.filter(isKept);
    ids.clear();
    for (const { id } of taken) ids.add(id);
  };

  return {
    get count() {
      return count;
    },
    take(timed) {
      const id = eventId(timed);
      if (ids.has(id)) return false;
      count += 1;
      ids.add(id);
      taken.push({ id, nanos: timed.nanos, number: count });
      if (isLater(timed.nanos, newest)) newest = timed.nanos;
      forget();
      return true;
    },
    positionAt(until) {
      const settled = taken.filter(({ number }) => number <= until);
      const nanos = settled.reduce((last, entry) => (isLater(entry.nanos, last) ? entry.nanos : last), floor);
      return {
        nanos,
        first: start.first,
        ids: settled.filter((entry) => !isOld(entry.nanos, nanos)).map(({ id }) => id),
      };
    },
    since: () => (isOld(start.first, newest) ? sinceNanos(newest, OVERLAP_SECONDS) : sinceNanos(start.first)),
  };
}
