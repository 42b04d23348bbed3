import { eachLimited } from '../../../lib/concurrency.ts';
import type { ContainerSummary } from '../../../lib/docker/api.ts';
import { inspectContainer, listContainers } from '../../../lib/docker/containers.ts';
import { engineTime, losesItsPlace, parseVersion } from '../../../lib/docker/engine.ts';
import { actionOf, containerOf, type TimedEvent } from '../../../lib/docker/events.ts';
import { type ContainerIdentity, ImageNames, identityOf } from '../../../lib/docker/identity.ts';
import { nanosOfMs, notAhead } from '../../../lib/docker/saved-time.ts';
import { sinceNanos } from '../../../lib/docker/time.ts';
import { Checkpoint } from '../../../lib/io/checkpoint.ts';
import { listenToEvents } from '../../../lib/io/engine-events.ts';
import { findOwnContainer } from '../../../lib/io/own-container.ts';
import { Reconnector } from '../../../lib/io/reconnect.ts';
import type { LostState, StateFile } from '../../../lib/io/state-file.ts';
import { LimitedQueue } from '../../../lib/limited-queue.ts';
import type { LineOptions } from '../line/messages.ts';
import { LogPositions, type LogState } from '../log-state.ts';
import { mayHaveMore } from '../position.ts';
import { ContainerFollower } from './container-follower.ts';
import type { ContainerOptions } from './container-options.ts';
import { TailLimits } from './log-tail.ts';

export interface LogFollowerOptions extends Omit<ContainerOptions, 'first'> {
  readonly state: StateFile<LogState>;
  /** How long ago lines must have been handed on before they are in the state, in ms. */
  delayMs?(): number;
  /** Whether the lines that containers wrote before this node was first deployed are read as well. */
  readonly fromStart: boolean;
  /** The filter, once the own container is known. */
  filter(own: string | undefined): (container: ContainerIdentity) => boolean;
  /** What becomes of the lines of one container otherwise than of others'. */
  optionsOf?(container: ContainerIdentity): Partial<LineOptions>;
  /** Hears now and then how many containers' logs are followed. */
  following(count: number): void;
  lost(error: unknown): void;
  /** The positions could not be written. */
  unsaved(error: unknown): void;
  /** Those of an earlier run cannot be used: lines are read from where none can be lost. */
  spoilt?(error: unknown): void;
}

const SAVE_MS = 500;
/** How many containers' logs the engine is asked for at once. */
const QUESTIONS_AT_ONCE = 8;
const STOPPED = ['exited', 'dead'];
const EVENTS = JSON.stringify({ type: ['container'], event: ['start', 'die', 'rename', 'destroy', 'remove'] });

/**
 * Follows the logs of all chosen containers over restarts of this process, of the containers and of the engine, from its
 * construction until it is stopped.
 */
export class LogFollower {
  readonly #options: LogFollowerOptions;
  readonly #positions: LogPositions;
  readonly #followers = new Map<string, ContainerFollower>();
  readonly #checkpoint: Checkpoint<LogState>;
  readonly #connection: Reconnector;
  readonly #tails = new TailLimits();
  readonly #images: ImageNames;
  /** A session's own: what an engine does not answer must not hold up the next session. */
  #questions = new LimitedQueue(QUESTIONS_AT_ONCE);
  #countTimer: NodeJS.Timeout | undefined;
  /** Nothing before is read, in nanoseconds since the epoch; undefined until the engine was reached for the first time. */
  #first: string | undefined;
  #isPaused = false;
  #losesItsPlace = false;
  #isConnected = false;
  #isChosen: (container: ContainerIdentity) => boolean = () => false;

  constructor(options: LogFollowerOptions) {
    this.#options = options;
    this.#images = new ImageNames(options.client);
    let lost: LostState | undefined;
    const saved = options.state.read((found) => {
      lost = found;
    });
    if (lost !== undefined) options.spoilt?.(lost.error);
    this.#first = saved?.first ?? (lost && !options.fromStart ? nanosOfMs(lost.sinceMs) : undefined);
    this.#positions = new LogPositions(saved?.positions, options.delayMs);
    this.#checkpoint = new Checkpoint({
      file: options.state,
      snapshot: () => this.#snapshot(),
      everyMs: SAVE_MS,
      isSettled: () => !this.#isConnected && this.#followers.size === 0 && !this.#positions.hasUnsafe,
      onFault: options.unsaved,
    });
    this.#connection = new Reconnector({
      session: (signal, established) => this.#session(signal, established),
      lost: options.lost,
    });
  }

  pause(isPaused: boolean): void {
    this.#isPaused = isPaused;
    for (const follower of this.#followers.values()) follower.pause(isPaused);
  }

  /** Resolves once the positions are written. */
  async stop(): Promise<void> {
    await this.#connection.stop();
    await this.#checkpoint.close();
  }

  #snapshot(): LogState | undefined {
    if (this.#first === undefined) return undefined;
    return { first: this.#first, positions: this.#positions.safePositions(performance.now()) };
  }

  #established(): void {
    this.#isConnected = true;
    this.#checkpoint.arm();
    this.#countTimer ??= setInterval(() => this.#options.following(this.#followers.size), SAVE_MS);
  }

  async #session(signal: AbortSignal, established: () => void): Promise<void> {
    const { client, filter, fromStart } = this.#options;
    signal.addEventListener('abort', () => this.#stopFollowers());
    this.#questions = new LimitedQueue(QUESTIONS_AT_ONCE);
    const now = await engineTime(client, Date.now);
    // Not before the engine answers: where there is none, it is asked every few seconds.
    this.#isChosen = filter(await findOwnContainer());
    this.#losesItsPlace = losesItsPlace(parseVersion(await client.json('/version')));
    if (this.#first !== undefined) this.#first = notAhead(this.#first, now);
    this.#first ??= fromStart ? '0' : now;
    await listenToEvents(
      {
        client,
        // The list is read meanwhile: what starts between the two is in the stream's past.
        query: { since: sinceNanos(now), filters: EVENTS },
        heard: (events) => this.#apply(events, signal),
        // Events can be lost in the engine: the list of containers shows which were.
        check: () => this.#compareWithList(false, signal),
        catchUp: () => this.#compareWithList(true, signal),
        established: () => {
          established();
          this.#established();
        },
      },
      signal,
    );
  }

  #stopFollowers(): void {
    this.#isConnected = false;
    clearInterval(this.#countTimer);
    this.#countTimer = undefined;
    for (const follower of this.#followers.values()) follower.stop();
    this.#followers.clear();
  }

  #apply(events: readonly TimedEvent[], signal: AbortSignal): void {
    for (const { event } of events) {
      const container = containerOf(event);
      const action = actionOf(event);
      if (action === 'start' && this.#isChosen(container)) void this.#follow(container, signal);
      else if (action === 'die') this.#followers.get(container.id)?.died();
      else if (action === 'rename') this.#followers.get(container.id)?.renamed(container.name);
      else if (action === 'destroy' && !this.#followers.has(container.id)) this.#positions.forget(container.id);
    }
  }

  async #compareWithList(isFirst: boolean, signal: AbortSignal): Promise<void> {
    const list = await listContainers(this.#options.client);
    const here = new Set(list.map(({ Id }) => Id));
    for (const id of this.#positions.ids) if (!here.has(id) && !this.#followers.has(id)) this.#positions.forget(id);
    await eachLimited(list, QUESTIONS_AT_ONCE, (summary) => this.#followListed(summary, isFirst, signal));
  }

  async #followListed(summary: ContainerSummary, isFirst: boolean, signal: AbortSignal): Promise<void> {
    if (summary.State === 'created' || this.#followers.has(summary.Id)) return;
    const container = identityOf(await this.#images.name(summary));
    if (!this.#isChosen(container) || this.#followers.has(container.id)) return;
    const isStopped = STOPPED.includes(summary.State);
    if (!isStopped || (isFirst && (await this.#hasMore(container)))) await this.#follow(container, signal);
  }

  /** Whether a container that has stopped may have lines that nobody has read. */
  async #hasMore({ id }: ContainerIdentity): Promise<boolean> {
    const details = await inspectContainer(this.#options.client, id);
    return details !== undefined && mayHaveMore(this.#positions.positionOf(id), details.State, this.#first ?? '0');
  }

  /**
   * Follows the log of a container that has started; resolves when the engine has answered. A comparison with the list goes
   * on for a moment when its session has ended: `signal` says that it may begin nothing any more.
   */
  #follow(container: ContainerIdentity, signal: AbortSignal): Promise<void> {
    const { id } = container;
    if (signal.aborted) return Promise.resolve();
    const running = this.#followers.get(id);
    if (running !== undefined) {
      running.started();
      return running.attached;
    }
    const follower = new ContainerFollower({
      ...this.#options,
      ...this.#options.optionsOf?.(container),
      first: this.#first ?? '0',
      container,
      progress: this.#positions.progressOf(id),
      isPaused: this.#isPaused,
      questions: this.#questions,
      tails: this.#tails,
      losesItsPlace: this.#losesItsPlace,
      ended: () => this.#followers.delete(id),
    });
    this.#followers.set(id, follower);
    this.#checkpoint.arm();
    return follower.attached;
  }
}
