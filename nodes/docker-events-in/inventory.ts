import { type ContainerDetails, type EngineEvent, type Labels, NEVER } from '../../lib/docker/api.ts';
import { actionDetail, actionOf, type TimedEvent } from '../../lib/docker/events.ts';
import { groupLabels, plainName } from '../../lib/docker/identity.ts';
import { isLater, nanosOf } from '../../lib/docker/time.ts';
import { claimsIn, ENGINE_ATTRIBUTES, isEndAskedFor, isOfEngine, type ToldEvent } from './told-event.ts';

/** What is known of a container from its events: enough to tell what happened to it unseen. */
export interface KnownContainer {
  name: string;
  image: string;
  /** Only those that say what it belongs to. */
  labels: Labels;
  /** Its labels that are named as an attribute of the engine's; undefined where its labels are not known. */
  claims?: readonly string[] | undefined;
  /** As the last event told it; undefined where none did since it was started. */
  health?: string | undefined;
  running: boolean;
  /** Somebody sent a signal that ends it. */
  isAsked?: boolean | undefined;
  /** Nanoseconds since the epoch: the newest event or state that was seen. */
  seen: string;
}

export type KnownContainers = { [id: string]: KnownContainer };

function timeOf(text: string | undefined): string | undefined {
  return text === undefined || text === NEVER ? undefined : nanosOf(text);
}

function found(id: string, container: KnownContainer, action: string, nanos: string, exitCode?: number): TimedEvent {
  const attributes: { [name: string]: string } = { image: container.image, name: container.name, ...container.labels };
  if (exitCode !== undefined) attributes.exitCode = String(exitCode);
  const event: EngineEvent = { Type: 'container', Action: action, Actor: { ID: id, Attributes: attributes } };
  return { event, nanos, isFound: true };
}

function knownFrom(details: ContainerDetails): KnownContainer {
  const { State: state, Config: config } = details;
  const seen = [timeOf(details.Created), timeOf(state.StartedAt), state.Running ? undefined : timeOf(state.FinishedAt)]
    .filter((time) => time !== undefined)
    .reduce((newest, time) => (isLater(time, newest) ? time : newest), '0');
  return {
    name: plainName(details.Name),
    image: config.Image ?? '',
    labels: groupLabels(config.Labels),
    claims: claimsIn(config.Labels),
    running: state.Running,
    seen,
  };
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

function inOrderOfTime(a: TimedEvent, b: TimedEvent): number {
  if (isLater(a.nanos, b.nanos)) return 1;
  return isLater(b.nanos, a.nanos) ? -1 : 0;
}

/** The actions after which something else is known of a container. */
const CHANGES = ['create', 'start', 'die', 'rename'];

/** The actions that an inventory must hear of; `destroy` ends what is known of a container. */
export const INVENTORY_ACTIONS: readonly string[] = [...CHANGES, 'destroy'];

/**
 * The containers as they were seen last. The engine remembers 256 events, and none over its own restart: after a gap the
 * list of containers is compared with this inventory.
 */
export class Inventory {
  readonly #containers: KnownContainers;

  constructor(containers: KnownContainers = {}) {
    this.#containers = containers;
  }

  /** As it is kept over a restart. */
  get containers(): KnownContainers {
    return this.#containers;
  }

  /**
   * Takes over what an event says, and adds what is known of its container. Undefined where the event says nothing new:
   * Podman tells a container's health after each check.
   */
  apply(timed: TimedEvent): ToldEvent | undefined {
    const { event } = timed;
    if (event.Type !== 'container') return timed;
    const { ID: id } = event.Actor;
    const action = actionOf(event);
    const before = this.#containers[id];
    if (action === 'health_status' && before !== undefined) {
      const health = actionDetail(event);
      if (health === before.health) return undefined;
      before.health = health;
    }
    const told = { ...timed, ...this.#factsOf(timed, before) };
    if (before?.running === true && isEndAskedFor(told)) before.isAsked = true;
    if (action === 'destroy') delete this.#containers[id];
    if (CHANGES.includes(action)) this.#containers[id] = this.#knownAfter(timed, before);
    return told;
  }

  /** The attributes that a label may have taken the place of, and the name before. */
  #factsOf({ event, isFound }: TimedEvent, before: KnownContainer | undefined): Partial<ToldEvent> {
    const disputed =
      isFound === true ? [] : (before?.claims ?? ENGINE_ATTRIBUTES).filter((name) => name in event.Actor.Attributes);
    const { name, oldName } = event.Actor.Attributes;
    const names = [before?.name, disputed.includes('oldName') ? undefined : oldName].map((own) => plainName(own ?? ''));
    const nameBefore =
      actionOf(event) === 'rename' ? names.find((own) => own !== '' && own !== plainName(name ?? '')) : undefined;
    const isAsked = actionOf(event) === 'die' ? before?.isAsked : undefined;
    return { disputed, nameBefore, ...(isAsked === true && { isAsked }) };
  }

  #knownAfter({ event, nanos, isFound }: TimedEvent, before: KnownContainer | undefined): KnownContainer {
    const { Attributes: attributes } = event.Actor;
    const action = actionOf(event);
    const isRunning = action === 'start' || (action === 'rename' && before?.running === true);
    // All labels are among the attributes, and none of the engine's own.
    const showsLabels = isFound !== true && !isOfEngine(action);
    return {
      name: plainName(attributes.name ?? before?.name ?? ''),
      image: attributes.image ?? before?.image ?? '',
      labels: groupLabels(attributes),
      claims: before?.claims ?? (showsLabels ? claimsIn(attributes) : undefined),
      ...(action === 'rename' && { health: before?.health, isAsked: before?.isAsked }),
      running: isRunning,
      seen: before !== undefined && isLater(before.seen, nanos) ? before.seen : nanos,
    };
  }

  /** Takes the containers as they are, without telling what changed. */
  add(details: readonly ContainerDetails[]): void {
    for (const container of details) this.#store(container);
  }

  /**
   * Takes the containers as they are, and gives the events that must have happened since, the oldest first. What changed
   * at `before` or later (nanoseconds since the epoch) is left to the event stream. What is gone is told with that time.
   */
  compare(details: readonly ContainerDetails[], before: string): TimedEvent[] {
    const events = details.flatMap((container) => this.#changes(container, before));
    const here = new Set(details.map(({ Id }) => Id));
    for (const [id, known] of Object.entries(this.#containers)) {
      if (here.has(id) || !isLater(before, known.seen)) continue;
      if (known.running) events.push(found(id, known, 'die', before));
      events.push(found(id, known, 'destroy', before));
      delete this.#containers[id];
    }
    return events.sort(inOrderOfTime);
  }

  #changes(container: ContainerDetails, before: string): TimedEvent[] {
    const earlier = this.#containers[container.Id];
    const now = this.#store(container);
    // An event comes a little later than the time that the container's state has for the same thing.
    if (earlier !== undefined && isLater(earlier.seen, now.seen)) now.seen = earlier.seen;
    return changesOf(container, now, earlier).filter(({ nanos }) => isLater(before, nanos));
  }

  #store(details: ContainerDetails): KnownContainer {
    const { health, isAsked } = this.#containers[details.Id] ?? {};
    const known = { ...knownFrom(details), health, isAsked };
    this.#containers[details.Id] = known;
    return known;
  }
}
