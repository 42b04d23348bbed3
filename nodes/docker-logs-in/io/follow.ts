import { eachLimited } from '../../../lib/concurrency.ts';
import type { ContainerDetails, ContainerSummary } from '../../../lib/docker/api.ts';
import { refusal } from '../../../lib/docker/client.ts';
import { actionOf, containerOf, followEvents, type TimedEvent } from '../../../lib/docker/events.ts';
import type { ContainerIdentity } from '../../../lib/docker/filter.ts';
import { nanosOf } from '../../../lib/docker/time.ts';
import { type Connection, keepConnected } from '../../../lib/io/reconnect.ts';
import type { StateFile } from '../../../lib/io/state-file.ts';
import { watchEngine } from '../../../lib/io/watch-engine.ts';
import { type LogPosition, mayHaveMore } from '../position.ts';
import { createProgress, type Progress } from '../progress.ts';
import { type Follower, type FollowOptions, followContainer } from './container-follower.ts';
import { findOwnContainer } from './own-container.ts';

/** What is kept over a restart. */
export interface LogState {
  /** When this node began to watch, in nanoseconds since the epoch: older lines are not read. */
  first: string;
  positions: { [id: string]: LogPosition };
}

export interface LogFollowOptions extends Omit<FollowOptions, 'first' | 'ended'> {
  readonly state: StateFile<LogState>;
  /** Whether the lines that containers wrote before this node was first deployed are read as well. */
  readonly fromStart: boolean;
  /** The filter, once the own container is known. */
  filter(own: string | undefined): (container: ContainerIdentity) => boolean;
  /** Called now and then with the number of containers whose logs are followed. */
  following(count: number): void;
  lost(error: unknown): void;
  unsaved(error: unknown): void;
}

export interface LogFollowing extends Connection {
  pause(isPaused: boolean): void;
}

const SAVE_MS = 500;
const ATTACHING_AT_ONCE = 8;
const STOPPED = ['exited', 'dead'];
const EVENTS = JSON.stringify({ type: ['container'], event: ['start', 'die', 'destroy'] });

function identityOf({ Id, Names, Image, Labels }: ContainerSummary): ContainerIdentity {
  return { id: Id, name: Names?.[0]?.slice(1) ?? '', image: Image, labels: Labels ?? {} };
}

/** Follows the logs of all chosen containers over restarts of this process, of the containers and of the engine. */
export function followLogs(options: LogFollowOptions): LogFollowing {
  const { client, state } = options;
  const saved = state.read();
  const tracks = new Map<string, Progress>();
  const followers = new Map<string, Follower>();
  let first = saved?.first;
  let isPaused = false;
  let isConnected = false;
  /** A comparison with the list goes on for a moment when its session has ended: it may begin nothing any more. */
  let isSession = false;
  let written = '';
  let isChosen: (container: ContainerIdentity) => boolean = () => false;
  for (const [id, position] of Object.entries(saved?.positions ?? {})) tracks.set(id, createProgress(position));
  const stored = new Map(Object.entries(saved?.positions ?? {}));

  const follow = (container: ContainerIdentity): Promise<void> => {
    const { id } = container;
    if (!isSession) return Promise.resolve();
    const running = followers.get(id);
    if (running !== undefined) {
      running.started();
      return running.attached;
    }
    const track = tracks.get(id) ?? createProgress();
    tracks.set(id, track);
    const follower = followContainer(container, track, isPaused, {
      ...options,
      first: () => first ?? '0',
      ended: () => followers.delete(id),
    });
    followers.set(id, follower);
    return follower.attached;
  };

  /** A container that has stopped may still have lines that nobody has read. */
  const followStopped = async (container: ContainerIdentity): Promise<void> => {
    const position = tracks.get(container.id)?.position ?? {};
    try {
      const details = await client.json<ContainerDetails>(`/containers/${container.id}/json`);
      if (mayHaveMore(position, details.State.FinishedAt, first ?? '0')) await follow(container);
    } catch (error) {
      if (refusal(error) !== 404) throw error;
    }
  };

  const compareWithList = async (isFirst: boolean): Promise<void> => {
    const list = await client.json<ContainerSummary[]>('/containers/json', { all: true });
    const here = new Set(list.map(({ Id }) => Id));
    for (const id of tracks.keys()) if (!here.has(id) && !followers.has(id)) tracks.delete(id);
    await eachLimited(list, ATTACHING_AT_ONCE, async (summary) => {
      const container = identityOf(summary);
      if (summary.State === 'created' || !isChosen(container) || followers.has(container.id)) return;
      if (!STOPPED.includes(summary.State)) await follow(container);
      else if (isFirst) await followStopped(container);
    });
  };

  const heard = (events: readonly TimedEvent[]): void => {
    for (const { event } of events) {
      const container = containerOf(event);
      const action = actionOf(event);
      if (action === 'start' && isChosen(container)) void follow(container);
      else if (action === 'die') followers.get(container.id)?.died();
      else if (action === 'destroy' && !followers.has(container.id)) tracks.delete(container.id);
    }
  };

  const begin = async (): Promise<void> => {
    isChosen = options.filter(await findOwnContainer());
    if (first !== undefined) return;
    const { SystemTime } = await client.json<{ SystemTime?: string }>('/info');
    first = options.fromStart ? '0' : (nanosOf(SystemTime ?? '') ?? `${Date.now()}000000`);
  };

  const session = async (signal: AbortSignal, established: () => void): Promise<void> => {
    await begin();
    const body = await client.stream('/events', { filters: EVENTS });
    isSession = !signal.aborted;
    const end = (error?: unknown): void => {
      body.destroy(error instanceof Error ? error : undefined);
    };
    const aborted = (): void => end();
    signal.addEventListener('abort', aborted);
    // Events can be lost in the engine: the list of containers shows which were.
    const unwatch = watchEngine(() => compareWithList(false), end);
    const live = followEvents(body, heard);
    try {
      if (signal.aborted) return;
      await Promise.race([compareWithList(true), live.then(() => Promise.reject(new Error('the event stream ended')))]);
      established();
      isConnected = true;
      await live;
      throw new Error('the event stream ended');
    } finally {
      isConnected = false;
      isSession = false;
      live.catch(() => undefined);
      signal.removeEventListener('abort', aborted);
      unwatch();
      body.destroy();
      for (const follower of followers.values()) follower.stop();
      followers.clear();
    }
  };

  const save = async (): Promise<void> => {
    if (isConnected) options.following(followers.size);
    if (first === undefined) return;
    const now = performance.now();
    for (const [id, { settling }] of tracks) {
      const position = settling.safe(now);
      if (position !== undefined) stored.set(id, position);
    }
    for (const id of stored.keys()) if (!tracks.has(id)) stored.delete(id);
    const next: LogState = { first, positions: Object.fromEntries(stored) };
    const text = JSON.stringify(next);
    if (text === written) return;
    written = text;
    await state.write(next).catch((error) => options.unsaved(error));
  };

  const timer = setInterval(() => void save(), SAVE_MS);
  const connection = keepConnected(session, options.lost);
  return {
    pause(next) {
      isPaused = next;
      for (const follower of followers.values()) follower.pause(next);
    },
    async stop() {
      clearInterval(timer);
      await connection.stop();
      await save();
    },
  };
}
