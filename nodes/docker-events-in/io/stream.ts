import { eachLimited } from '../../../lib/concurrency.ts';
import { DelayedPosition } from '../../../lib/delayed-position.ts';
import type { ContainerDetails, ContainerSummary } from '../../../lib/docker/api.ts';
import { type DockerClient, refusal } from '../../../lib/docker/client.ts';
import { followEvents, type TimedEvent } from '../../../lib/docker/events.ts';
import { nanosOf, sinceNanos } from '../../../lib/docker/time.ts';
import { type Connection, keepConnected } from '../../../lib/io/reconnect.ts';
import type { StateFile } from '../../../lib/io/state-file.ts';
import { watchEngine } from '../../../lib/io/watch-engine.ts';
import { createEventMemory, type EventMemory, type EventPosition } from '../event-position.ts';
import { createKnown, type Known, type KnownContainers } from '../inventory.ts';

/** What is kept over a restart. */
export interface EventState {
  position: EventPosition;
  containers: KnownContainers;
}

export interface EventStreamOptions {
  readonly client: DockerClient;
  readonly state: StateFile<EventState>;
  /** New events, the oldest first. */
  heard(events: TimedEvent[]): void;
  connected(): void;
  lost(error: unknown): void;
  /** The state could not be written. */
  unsaved(error: unknown): void;
}

const SAVE_MS = 500;
const INSPECTIONS_AT_ONCE = 8;

/** How far back, in seconds, what changed is left to the event stream when the list of containers is compared. */
const MARGIN_SECONDS = 1;

async function inspectAll(client: DockerClient): Promise<ContainerDetails[]> {
  const list = await client.json<ContainerSummary[]>('/containers/json', { all: true });
  const details: ContainerDetails[] = [];
  await eachLimited(list, INSPECTIONS_AT_ONCE, async ({ Id }) => {
    try {
      details.push(await client.json<ContainerDetails>(`/containers/${Id}/json`));
    } catch (error) {
      // Removed since the list was made.
      if (refusal(error) !== 404) throw error;
    }
  });
  return details;
}

/** The engine's own clock, in nanoseconds since the epoch. */
async function engineTime(client: DockerClient): Promise<string> {
  const { SystemTime } = await client.json<{ SystemTime?: string }>('/info');
  return nanosOf(SystemTime ?? '') ?? `${Date.now()}000000`;
}

/** Follows the engine's events over restarts of this process and of the engine, without loss or repetition. */
export function followEngine(options: EventStreamOptions): Connection {
  const { client, state } = options;
  const settling = new DelayedPosition<number>();
  let memory: EventMemory | undefined;
  let known: Known = createKnown();
  let dirty = false;
  let isStopped = false;

  const saved = state.read();
  if (saved?.position?.nanos !== undefined) {
    memory = createEventMemory(saved.position);
    known = createKnown(saved.containers);
  }

  const take = (events: readonly TimedEvent[]): void => {
    if (isStopped) return;
    const fresh = events.filter((event) => memory?.take(event));
    for (const event of fresh) known.apply(event);
    if (fresh.length === 0 || memory === undefined) return;
    options.heard(fresh);
    settling.reached(memory.count, performance.now());
    dirty = true;
  };

  const save = async (): Promise<void> => {
    if (memory === undefined || !dirty) return;
    const settled = settling.safe(performance.now()) ?? 0;
    dirty = settled < memory.count;
    await state
      .write({ position: memory.positionAt(settled), containers: known.containers })
      .catch((error) => options.unsaved(error));
  };

  /** What happened while nobody listened: first what the engine remembers, then what its list of containers shows. */
  const catchUp = async (now: string): Promise<void> => {
    if (memory === undefined) {
      known.fill(await inspectAll(client));
      memory = createEventMemory({ nanos: now, first: now, ids: [] });
      dirty = true;
      return;
    }
    const past = await client.stream('/events', { since: memory.since(), until: sinceNanos(now) });
    await followEvents(past, take);
    const before = sinceNanos(now, MARGIN_SECONDS).replace('.', '');
    take(known.compare(await inspectAll(client), before));
    dirty = true;
  };

  const session = async (signal: AbortSignal, established: () => void): Promise<void> => {
    const now = await engineTime(client);
    const body = await client.stream('/events', { since: sinceNanos(now) });
    const end = (error?: unknown): void => {
      body.destroy(error instanceof Error ? error : undefined);
    };
    const aborted = (): void => end();
    signal.addEventListener('abort', aborted);
    const unwatch = watchEngine(() => client.json('/version'), end);
    // The engine drops events for a listener that does not read: these wait here until the past is told.
    let waiting: TimedEvent[] | undefined = [];
    const live = followEvents(body, (events) => {
      if (waiting === undefined) take(events);
      else waiting.push(...events);
    });
    try {
      if (signal.aborted) return;
      await Promise.race([catchUp(now), live.then(() => Promise.reject(new Error('the event stream ended')))]);
      const late = waiting;
      waiting = undefined;
      take(late);
      established();
      options.connected();
      await live;
      throw new Error('the event stream ended');
    } finally {
      live.catch(() => undefined);
      signal.removeEventListener('abort', aborted);
      unwatch();
      body.destroy();
    }
  };

  const timer = setInterval(() => void save(), SAVE_MS);
  const connection = keepConnected(session, options.lost);
  return {
    async stop() {
      clearInterval(timer);
      isStopped = true;
      await connection.stop();
      dirty = true;
      await save();
    },
  };
}
