/** The engine's event stream: JSON objects, a line each. Source: https://docs.docker.com/reference/api/engine/ (SystemEvents) */

import { MonitoringError } from '../errors.ts';
import type { EngineEvent } from './api.ts';
import { type ContainerIdentity, plainName } from './identity.ts';
import { asNumber, asObject, asText, textMembers } from './json.ts';

/** An event with its time in nanoseconds since the epoch, all digits of it. */
export interface TimedEvent {
  readonly event: EngineEvent;
  readonly nanos: string;
  /** The engine did not tell it: it was found by comparing with the list of containers. */
  readonly isFound?: true;
}

function decode(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw new MonitoringError('EVENT_MALFORMED', {}, { cause });
  }
}

/** The event in one line of the stream. Throws `EVENT_MALFORMED` where it is none. */
export function parseEvent(line: string): TimedEvent {
  const decoded = asObject(decode(line));
  const actor = asObject(decoded?.Actor);
  const type = asText(decoded?.Type);
  const action = asText(decoded?.Action);
  const id = asText(actor?.ID);
  const seconds = asNumber(decoded?.time);
  // The number has more digits than JSON.parse keeps. Inside a string its quotes would be escaped.
  const nanos =
    /"timeNano":\s*(\d+)/.exec(line)?.[1] ?? (seconds === undefined ? undefined : `${Math.trunc(seconds)}000000000`);
  if (type === undefined || action === undefined || id === undefined || nanos === undefined)
    throw new MonitoringError('EVENT_MALFORMED');
  const health = asText(decoded?.HealthStatus);
  return {
    event: {
      Type: type,
      Action: action,
      ...(health === undefined || health === '' ? {} : { HealthStatus: health }),
      Actor: { ID: id, Attributes: textMembers(actor?.Attributes) },
    },
    nanos,
  };
}

/** Podman's own words for what Docker calls otherwise, by the type of the thing. */
const DOCKER_ACTIONS: { readonly [type: string]: { readonly [action: string]: string } } = {
  container: { remove: 'destroy', died: 'die' },
  volume: { remove: 'destroy' },
  image: { remove: 'delete' },
};

/**
 * The action, as Docker calls it. `health_status: healthy` and `exec_create: sh -c …` begin with it; what follows is its
 * detail.
 */
export function actionOf(event: EngineEvent): string {
  const colon = event.Action.indexOf(':');
  const action = colon === -1 ? event.Action : event.Action.slice(0, colon);
  const known = DOCKER_ACTIONS[event.Type];
  return known !== undefined && Object.hasOwn(known, action) ? (known[action] ?? action) : action;
}

export function actionDetail(event: EngineEvent): string | undefined {
  const colon = event.Action.indexOf(':');
  if (colon !== -1) return event.Action.slice(colon + 1).trim();
  return event.Action === 'health_status' ? event.HealthStatus : undefined;
}

/**
 * The same for the same event, however often it is read. A container is destroyed once, at a time that a comparison with
 * the list does not know: that id has no time in it.
 */
export function eventId({ event, nanos, isFound }: TimedEvent): string {
  const action = actionOf(event);
  const time = isFound && action === 'destroy' ? 'found' : nanos;
  return `${event.Type}-${action}-${event.Actor.ID}-${time}`;
}

/** The container of a container's event: its labels stand among the attributes. */
export function containerOf(event: EngineEvent): ContainerIdentity {
  const labels = event.Actor.Attributes;
  return { id: event.Actor.ID, name: plainName(labels.name ?? ''), image: labels.image ?? '', labels };
}
