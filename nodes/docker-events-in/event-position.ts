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

interface Accepted {
  readonly id: string;
  readonly nanos: string;
  readonly number: number;
}

/** With fewer accepted events than this, none is forgotten. */
const FORGET_FROM = 1024;

/** How many events the engine remembers. */
const ENGINE_REMEMBERS = 256;

/** Whether `nanos` lies before the overlap that ends at `newest`. */
function isBeforeOverlap(nanos: string, newest: string): boolean {
  return Number(newest.slice(0, -9)) - Number(nanos.slice(0, -9)) > OVERLAP_SECONDS;
}

/** Tells new events from those that were handed on before, also over a restart. */
export class EventDeduplicator {
  readonly #first: string;
  readonly #ids: Set<string>;
  #accepted: Accepted[];
  /** With so many accepted events it is looked which can be forgotten. */
  #forgetFrom = FORGET_FROM;
  #newest: string;
  /** Every event up to here was accepted, and is forgotten or older than the start. */
  #floor: string;
  #count = 0;

  /** Goes on after `start`. */
  constructor(start: EventPosition) {
    this.#first = start.first;
    this.#newest = start.nanos;
    this.#floor = start.nanos;
    this.#ids = new Set(start.ids);
    this.#accepted = start.ids.map((id) => ({ id, nanos: start.nanos, number: 0 }));
  }

  /** How many events were accepted. */
  get count(): number {
    return this.#count;
  }

  /** Whether the event is new; it counts as handed on from now. */
  accept(timed: TimedEvent): boolean {
    const id = eventId(timed);
    if (this.#ids.has(id)) return false;
    this.#count += 1;
    this.#ids.add(id);
    this.#accepted.push({ id, nanos: timed.nanos, number: this.#count });
    if (isLater(timed.nanos, this.#newest)) this.#newest = timed.nanos;
    this.#forget();
    return true;
  }

  /** The position after the first `count` events. */
  positionAfter(count: number): EventPosition {
    const handedOn = this.#accepted.filter(({ number }) => number <= count);
    const nanos = handedOn.reduce((last, entry) => (isLater(entry.nanos, last) ? entry.nanos : last), this.#floor);
    const recent = handedOn.filter((entry) => !isBeforeOverlap(entry.nanos, nanos));
    return { nanos, first: this.#first, ids: recent.map(({ id }) => id) };
  }

  /** The query parameter `since` that reads everything again that might be missing. */
  since(): string {
    return isBeforeOverlap(this.#first, this.#newest)
      ? sinceNanos(this.#newest, OVERLAP_SECONDS)
      : sinceNanos(this.#first);
  }

  /**
   * Forgets what never comes again: what is older than the overlap, and further back than the engine remembers. It looks
   * when there is a quarter more than it kept the last time, so that each event costs the same however many there are.
   */
  #forget(): void {
    if (this.#accepted.length < this.#forgetFrom) return;
    const kept: Accepted[] = [];
    for (const entry of this.#accepted) {
      if (!isBeforeOverlap(entry.nanos, this.#newest) || entry.number > this.#count - ENGINE_REMEMBERS)
        kept.push(entry);
      else {
        this.#ids.delete(entry.id);
        if (isLater(entry.nanos, this.#floor)) this.#floor = entry.nanos;
      }
    }
    this.#accepted = kept;
    this.#forgetFrom = kept.length + Math.max(FORGET_FROM, kept.length / 4);
  }
}
