import type { EngineEvent, Labels } from '../../lib/docker/api.ts';
import type { FolderLookup } from '../../lib/docker/compose.ts';
import { actionOf, containerOf } from '../../lib/docker/events.ts';
import { type ContainerFilter, containerFilter, type FilterSettings, listOf } from '../../lib/docker/filter.ts';
import { globMatcher } from '../../lib/glob.ts';
import { INVENTORY_ACTIONS } from './inventory.ts';

export interface EventSettings extends FilterSettings {
  /** Comma-separated; empty means all. */
  types?: unknown;
  /** Comma-separated, `*` stands for any text; empty means all. */
  actions?: unknown;
  /** Whether the events of commands run in containers count; each health check makes three of them. */
  exec?: unknown;
}

/** The types that the dialog offers. */
export const EVENT_TYPES = ['container', 'image', 'network', 'volume', 'daemon', 'plugin', 'builder'] as const;

/** Whether every type in the list is one that an engine can report. */
export function areTypes(value: unknown): boolean {
  const known: readonly string[] = [...EVENT_TYPES, 'service', 'node', 'secret', 'config'];
  return listOf(value).every((type) => known.includes(type));
}

/** Whether an event is of a command run in a container, which nobody asked for. */
function isUnwantedExec(settings: EventSettings, event: EngineEvent): boolean {
  return settings.exec !== true && event.Action.startsWith('exec_');
}

/**
 * The events that count at all: a host with health checks has more events of commands than others. An engine can only be
 * told which actions it shall send, not which not, and one that it will know in a later version would be missing then.
 */
export function countedEvents(settings: EventSettings): (event: EngineEvent) => boolean {
  return (event) => !isUnwantedExec(settings, event);
}

/** Podman's word for `destroy`. */
const PODMAN_ACTIONS = ['remove'];

/**
 * What the engine is told to send, where the settings name each action: these, and those that tell which containers there
 * are. Undefined where they leave it open.
 */
export function engineFilters(settings: EventSettings): string | undefined {
  const actions = listOf(settings.actions);
  if (actions.length === 0 || actions.some((action) => !/^[a-z_-]+$/.test(action))) return undefined;
  return JSON.stringify({ event: [...new Set([...actions, ...INVENTORY_ACTIONS, ...PODMAN_ACTIONS])] });
}

/** Which events the settings ask for. */
export interface EventFilter {
  (event: EngineEvent): boolean;
  /** The same, where the labels of the event's network or volume are known. */
  withLabels(event: EngineEvent, labels: Labels | undefined): boolean;
  /** Whether the labels of the event's network or volume decide. */
  needsLabels(event: EngineEvent): boolean;
  readonly containers: ContainerFilter;
}

/** The events that the settings ask for. */
export function eventFilter(settings: EventSettings, lookup?: FolderLookup): EventFilter {
  const types = listOf(settings.types);
  const actions = listOf(settings.actions);
  const isAction = globMatcher(actions);
  const containers = containerFilter(settings, lookup);
  const isObject = ({ Type }: EngineEvent): boolean => Type === 'network' || Type === 'volume';

  const isKind = (event: EngineEvent): boolean => {
    if (types.length > 0 && !types.includes(event.Type)) return false;
    if (isUnwantedExec(settings, event)) return false;
    return actions.length === 0 || isAction(actionOf(event)) || isAction(event.Action);
  };
  const withLabels = (event: EngineEvent, labels: Labels | undefined): boolean => {
    // Every container is shown to the filter: they tell what the project in a folder is called.
    if (event.Type === 'container') return containers.accepts(containerOf(event)) && isKind(event);
    if (!isKind(event)) return false;
    if (!containers.isOneProject) return true;
    // The events of networks and volumes carry no labels.
    return isObject(event) && containers.acceptsObject(event.Actor.Attributes.name ?? event.Actor.ID, labels);
  };
  const needsLabels = (event: EngineEvent): boolean => containers.isOneProject && isObject(event) && isKind(event);
  const accepts = (event: EngineEvent): boolean => withLabels(event, undefined);
  return Object.assign(accepts, { withLabels, needsLabels, containers });
}
