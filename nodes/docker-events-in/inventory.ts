import { type ContainerDetails, type EngineEvent, type Labels, NEVER } from '../../lib/docker/api.ts';
import { COMPOSE_PREFIX } from '../../lib/docker/compose.ts';
import { actionOf, type TimedEvent } from '../../lib/docker/events.ts';
import { isLater, nanosOf } from '../../lib/docker/time.ts';

/** What is known of a container from its events: enough to tell what happened to it unseen. */
export interface KnownContainer {
  name: string;
  image: string;
  /** Only Compose's own. */
  labels: Labels;
  running: boolean;
  /** Nanoseconds since the epoch: the newest event or state that was seen. */
  seen: string;
}

export type KnownContainers = { [id: string]: KnownContainer };

/**
 * The engine's memory of events is 256 of them and ends with it. After a gap the list of containers tells what came of
 * them, and this compares it with what was known.
 */
export interface Known {
  /** As it is kept over a restart. */
  readonly containers: KnownContainers;
  apply(timed: TimedEvent): void;
  /** Takes the containers as they are, without saying what changed. */
  fill(details: readonly ContainerDetails[]): void;
  /**
   * The events that must have happened since, the oldest first. What changed at `before` or later (nanoseconds) is
   * left to the event stream. What is gone went at that time or earlier.
   */
  compare(details: readonly ContainerDetails[], before: string): TimedEvent[];
}

function composeLabels(labels: Labels): Labels {
  return Object.fromEntries(Object.entries(labels).filter(([name]) => name.startsWith(COMPOSE_PREFIX)));
}

function timeOf(text: string): string | undefined {
  return text === NEVER ? undefined : nanosOf(text);
}

function found(id: string, container: KnownContainer, action: string, nanos: string, exitCode?: number): TimedEvent {
  const attributes: { [name: string]: string } = { image: container.image, name: container.name, ...container.labels };
  if (exitCode !== undefined) attributes.exitCode = String(exitCode);
  const event: EngineEvent = {
    Type: 'container',
    Action: action,
    Actor: { ID: id, Attributes: attributes },
    time: Number(nanos.slice(0, -9)),
    timeNano: Number(nanos),
  };
  return { event, nanos, isFound: true };
}

function knownFrom(details: ContainerDetails, labels: Labels): KnownContainer {
  const { State: state } = details;
  const seen = [timeOf(details.Created), timeOf(state.StartedAt), state.Running ? undefined : timeOf(state.FinishedAt)]
    .filter((time) => time !== undefined)
    .reduce((newest, time) => (isLater(time, newest) ? time : newest), '0');
  return { name: details.Name.slice(1), image: details.Config.Image, labels, running: state.Running, seen };
}

/** What happened to one container after `before.seen`; without `before` the container is new. */
function changesOf(details: ContainerDetails, now: KnownContainer, before: KnownContainer | undefined): TimedEvent[] {
  const { Id: id, State: state } = details;
  const created = timeOf(details.Created);
  const started = timeOf(state.StartedAt);
  const finished = timeOf(state.FinishedAt);
  const seen = before?.seen ?? '0';
  const events: TimedEvent[] = [];
  const isAgain = started !== undefined && isLater(started, seen);
  const isEndOfEarlierRun = before?.running === true && isAgain && finished !== undefined && isLater(started, finished);
  if (before === undefined && created !== undefined) events.push(found(id, now, 'create', created));
  if (isEndOfEarlierRun && isLater(finished, seen)) events.push(found(id, now, 'die', finished));
  if (isAgain) events.push(found(id, now, 'start', started));
  const hasEnded = !state.Running && finished !== undefined && isLater(finished, seen);
  if (hasEnded && (isAgain || before?.running === true)) {
    events.push(found(id, now, 'die', finished, state.ExitCode));
  }
  return events;
}

export function createKnown(containers: KnownContainers = {}): Known {
  const store = (details: ContainerDetails): KnownContainer => {
    const now = knownFrom(details, composeLabels(details.Config.Labels ?? {}));
    containers[details.Id] = now;
    return now;
  };
  return {
    containers,
    apply({ event, nanos }) {
      if (event.Type !== 'container') return;
      const { ID: id, Attributes: attributes } = event.Actor;
      const action = actionOf(event);
      if (action === 'destroy') {
        delete containers[id];
        return;
      }
      if (!['create', 'start', 'die', 'rename'].includes(action)) return;
      const before = containers[id];
      containers[id] = {
        name: attributes?.name ?? before?.name ?? '',
        image: attributes?.image ?? before?.image ?? '',
        labels: composeLabels(attributes ?? {}),
        running: action === 'start' || (action === 'rename' && before?.running === true),
        seen: before !== undefined && isLater(before.seen, nanos) ? before.seen : nanos,
      };
    },
    fill(details) {
      for (const container of details) store(container);
    },
    compare(details, before) {
      const here = new Set(details.map(({ Id }) => Id));
      const events: TimedEvent[] = [];
      for (const container of details) {
        const earlier = containers[container.Id];
        const now = store(container);
        // An event comes a little later than the time that the container's state has for the same thing.
        if (earlier !== undefined && isLater(earlier.seen, now.seen)) now.seen = earlier.seen;
        events.push(...changesOf(container, now, earlier).filter(({ nanos }) => isLater(before, nanos)));
      }
      for (const [id, gone] of Object.entries(containers)) {
        if (here.has(id) || !isLater(before, gone.seen)) continue;
        if (gone.running) events.push(found(id, gone, 'die', before));
        events.push(found(id, gone, 'destroy', before));
        delete containers[id];
      }
      return events.sort((a, b) => (isLater(a.nanos, b.nanos) ? 1 : isLater(b.nanos, a.nanos) ? -1 : 0));
    },
  };
}
