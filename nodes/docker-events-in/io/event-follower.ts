import { eachLimited } from '../../../lib/concurrency.ts';
import { DelayedPosition } from '../../../lib/delayed-position.ts';
import type { ContainerDetails, EngineEvent } from '../../../lib/docker/api.ts';
import type { DockerClient } from '../../../lib/docker/client.ts';
import { inspectContainer, listContainers } from '../../../lib/docker/containers.ts';
import { engineTime } from '../../../lib/docker/engine.ts';
import { actionOf, type TimedEvent } from '../../../lib/docker/events.ts';
import { nanosOfMs, notAhead } from '../../../lib/docker/saved-time.ts';
import { isLater, sinceNanos } from '../../../lib/docker/time.ts';
import { MonitoringError } from '../../../lib/errors.ts';
import { Checkpoint } from '../../../lib/io/checkpoint.ts';
import { listenToEvents } from '../../../lib/io/engine-events.ts';
import { Reconnector } from '../../../lib/io/reconnect.ts';
import type { LostState, StateFile } from '../../../lib/io/state-file.ts';
import { EventDeduplicator } from '../event-position.ts';
import type { EventState } from '../event-state.ts';
import { INVENTORY_ACTIONS, Inventory, type KnownContainers } from '../inventory.ts';
import type { ToldEvent } from '../told-event.ts';
import { PastEnd } from './past-end.ts';

export interface EventFollowerOptions {
  readonly client: DockerClient;
  readonly state: StateFile<EventState>;
  /** What the engine is told to send, as its parameter `filters` has it. */
  readonly filters?: string | undefined;
  /** Events for which this is false are as if they had not been. */
  counts(event: EngineEvent): boolean;
  /** Events for which this is false are not handed on. */
  isChosen(event: EngineEvent): boolean;
  /** How long ago an event must have been handed on before it is in the state, in ms. */
  delayMs?(): number;
  /** New events that were chosen, the oldest first. They count as handed on at once, or when a promise that it gives resolves. */
  heard(events: ToldEvent[]): unknown;
  /** Everything up to now is told; the containers are those that there are. */
  connected(containers: KnownContainers): void;
  lost(error: unknown): void;
  /** The state could not be written. */
  unsaved(error: unknown): void;
  /** That of an earlier run cannot be used: events are read from where none can be lost. */
  spoilt?(error: unknown): void;
}

const SAVE_MS = 500;
const INSPECTIONS_AT_ONCE = 8;

/** What may wait while the past is told, in characters: some thirty thousand events. */
const MOST_WAITING = 32 * 1024 * 1024;
const MOST_WAITING_WORDS = { mebibytes: 32 };

/** What changed in the last second before a comparison with the list of containers is left to the event stream. */
const MARGIN_SECONDS = 1;

async function inspectAll(client: DockerClient): Promise<ContainerDetails[]> {
  const details: ContainerDetails[] = [];
  await eachLimited(await listContainers(client), INSPECTIONS_AT_ONCE, async ({ Id }) => {
    const container = await inspectContainer(client, Id);
    // Where there is none it was removed since the list was made.
    if (container !== undefined) details.push(container);
  });
  return details;
}

/**
 * Follows the engine's events over restarts of this process and of the engine, from its construction until it is stopped:
 * without a gap, and each event once.
 */
export class EventFollower {
  readonly #options: EventFollowerOptions;
  readonly #reached: DelayedPosition<number>;
  readonly #checkpoint: Checkpoint<EventState>;
  readonly #connection: Reconnector;
  readonly #inventory: Inventory;
  /** Undefined until the engine was reached for the first time. */
  #events: EventDeduplicator | undefined;
  /** Nothing is known of the containers before this time (nanoseconds since the epoch), because the state was lost. */
  #unknownBefore: string | undefined;
  #isStopped = false;
  /** Events wait for what the engine says of them. Never rejects. */
  #handingOn: Promise<unknown> | undefined;

  constructor(options: EventFollowerOptions) {
    this.#options = options;
    this.#reached = new DelayedPosition(options.delayMs);
    let lost: LostState | undefined;
    const saved = options.state.read((found) => {
      lost = found;
    });
    if (lost !== undefined) options.spoilt?.(lost.error);
    this.#inventory = new Inventory(saved?.containers);
    if (saved !== undefined) {
      this.#events = new EventDeduplicator(saved.position);
    } else if (lost !== undefined) {
      this.#unknownBefore = nanosOfMs(lost.sinceMs);
      this.#events = new EventDeduplicator({ nanos: this.#unknownBefore, first: this.#unknownBefore, ids: [] });
    }
    this.#checkpoint = new Checkpoint({
      file: options.state,
      snapshot: () => this.#snapshot(),
      everyMs: SAVE_MS,
      isSettled: () => !this.#reached.isWaiting,
      onFault: options.unsaved,
    });
    this.#connection = new Reconnector({
      session: (signal, established) => this.#session(signal, established),
      lost: options.lost,
    });
  }

  /** Hands on nothing more, and resolves once the position is written. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#connection.stop();
    await this.#checkpoint.close();
  }

  #snapshot(): EventState | undefined {
    if (this.#events === undefined) return undefined;
    const count = this.#reached.safe(performance.now()) ?? 0;
    return { position: this.#events.positionAfter(count), containers: this.#inventory.containers };
  }

  async #session(signal: AbortSignal, established: () => void): Promise<never> {
    const { client, connected, filters } = this.#options;
    const now = await engineTime(client, Date.now);
    const since = this.#events === undefined ? now : notAhead(this.#events.since().replace('.', ''), now);
    const pastEnd = new PastEnd(now);
    // The engine drops events for a listener that does not read: what comes after the past waits here until that is told.
    let waiting: TimedEvent[] | undefined = [];
    let waitingCharacters = 0;
    return listenToEvents(
      {
        client,
        // The past comes first in the stream. A past with an end of its own (`until`) does not end on some engines.
        query: { since: sinceNanos(since), filters },
        heard: (events, characters) => {
          pastEnd.heard(events);
          if (waiting === undefined) {
            this.#take(events);
            return;
          }
          this.#take(events.filter((event) => pastEnd.isPast(event)));
          waitingCharacters += characters;
          if (waitingCharacters > MOST_WAITING) throw new MonitoringError('ANSWER_TOO_LARGE', MOST_WAITING_WORDS);
          for (const timed of events)
            if (!pastEnd.isPast(timed) && this.#options.counts(timed.event)) waiting.push(timed);
        },
        check: () => client.json('/version'),
        catchUp: (opened) => this.#catchUp(now, () => opened.then(() => pastEnd.reached(signal))),
        established: () => {
          const late = waiting ?? [];
          waiting = undefined;
          this.#take(late);
          this.#checkpoint.arm();
          established();
          connected(this.#inventory.containers);
        },
      },
      signal,
    );
  }

  /** Hands on those of the events that are new. */
  #take(events: readonly TimedEvent[]): void {
    const known = this.#events;
    if (this.#isStopped || known === undefined) return;
    const fresh = events.filter((timed) => this.#options.counts(timed.event) && known.accept(timed));
    if (fresh.length === 0) return;
    const told = fresh.flatMap((timed) => this.#inventory.apply(timed) ?? []);
    const chosen = told.filter(({ event }) => this.#options.isChosen(event));
    const { count } = known;
    const handedOn = chosen.length > 0 ? this.#options.heard(chosen) : this.#handingOn;
    if (handedOn instanceof Promise) this.#reachLater(handedOn, count);
    else this.#reached.reached(count, performance.now());
    // A health check comes with events several times a minute: what nobody asked for is no reason to write to a disk.
    const isWorthSaving = chosen.length > 0 || fresh.some(({ event }) => INVENTORY_ACTIONS.includes(actionOf(event)));
    if (isWorthSaving) this.#checkpoint.arm();
  }

  /** The events before `count` are handed on when the engine has told more of them. */
  #reachLater(handedOn: Promise<unknown>, count: number): void {
    const reached = handedOn.then(() => {
      // What was not told any more is told after the next start.
      if (this.#isStopped) return;
      this.#reached.reached(count, performance.now());
      this.#checkpoint.arm();
      if (this.#handingOn === reached) this.#handingOn = undefined;
    });
    this.#handingOn = reached;
  }

  /**
   * Tells what happened while nobody listened: first what the engine remembers, which is told when `pastIsTold()` resolves, then
   * what its list of containers shows.
   */
  async #catchUp(now: string, pastIsTold: () => Promise<void>): Promise<void> {
    const { client } = this.#options;
    const details = await inspectAll(client);
    if (this.#events === undefined) {
      this.#inventory.add(details);
      this.#events = new EventDeduplicator({ nanos: now, first: now, ids: [] });
      return;
    }
    await pastIsTold();
    const before = sinceNanos(now, MARGIN_SECONDS).replace('.', '');
    const unknownBefore = this.#unknownBefore ?? '0';
    const found = this.#inventory.compare(details, before);
    this.#take(found.filter(({ nanos }) => isLater(nanos, unknownBefore)));
    this.#unknownBefore = undefined;
  }
}
