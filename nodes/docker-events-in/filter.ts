import type { EngineEvent } from '../../lib/docker/api.ts';
import { actionOf, containerOf } from '../../lib/docker/events.ts';
import { containerFilter, type FilterSettings, listOf } from '../../lib/docker/filter.ts';
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

/**
 * What the engine is told to send, where the settings name each action: these, and those that tell which containers there
 * are. Undefined where they leave it open.
 */
export function engineFilters(settings: EventSettings): string | undefined {
  const actions = listOf(settings.actions);
  if (actions.length === 0 || actions.some((action) => !/^[a-z_-]+$/.test(action))) return undefined;
  return JSON.stringify({ event: [...new Set([...actions, ...INVENTORY_ACTIONS])] });
}

/** The events that the settings ask for. */
export function eventFilter(settings: EventSettings): (event: EngineEvent) => boolean {
  const types = listOf(settings.types);
  const actions = listOf(settings.actions);
  const isAction = globMatcher(actions);
  const containers = containerFilter(settings);

  return (event) => {
    if (types.length > 0 && !types.includes(event.Type)) return false;
    const action = actionOf(event);
    if (isUnwantedExec(settings, event)) return false;
    if (actions.length > 0 && !isAction(action) && !isAction(event.Action)) return false;
    if (event.Type === 'container') return containers.accepts(containerOf(event));
    // Networks and volumes carry no labels here; Compose begins their names with the project's.
    if (!containers.isOneProject) return true;
    if (event.Type !== 'network' && event.Type !== 'volume') return false;
    return containers.acceptsName(event.Actor.Attributes.name ?? event.Actor.ID);
  };
}
