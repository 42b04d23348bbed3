import type { EngineEvent } from '../../lib/docker/api.ts';
import { COMPOSE_PREFIX, SERVICE_LABEL } from '../../lib/docker/compose.ts';
import { actionDetail, actionOf, eventId } from '../../lib/docker/events.ts';
import { groupFields, isImageId, plainName } from '../../lib/docker/identity.ts';
import { isoOfNanos } from '../../lib/docker/time.ts';
import { type InfraRecord, type Level, record, Severity } from '../../lib/record.ts';
import { exitCodeOf, isExitCodeHidden, objectName, signalOf, type ToldEvent } from './told-event.ts';

/** An event as `docker-compose events --json` prints it; its keys are in the order of that. */
export interface ComposeEvent {
  /** Local time without a zone, with microseconds where there are any. */
  time: string;
  type: string;
  action: string;
  id: string;
  service: string | null;
  /** Without Compose's own labels. */
  attributes: { [name: string]: string };
}

/** The msg of one event. */
export type EventMessage = {
  topic: string;
  payload: InfraRecord;
  event: ComposeEvent;
};

const two = (value: number): string => String(value).padStart(2, '0');

/** As Python's `datetime.fromtimestamp(…).isoformat()` has it, which is what docker-compose calls. */
export function localTime(nanos: string): string {
  const seconds = Number(nanos.slice(0, -9));
  const micros = nanos.slice(-9, -3);
  const at = new Date(seconds * 1000);
  const date = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  const time = `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
  return `${date}T${time}${micros === '000000' ? '' : `.${micros}`}`;
}

function composeEvent(event: EngineEvent, nanos: string): ComposeEvent {
  const all = event.Actor.Attributes;
  const attributes = Object.fromEntries(Object.entries(all).filter(([name]) => !name.startsWith(COMPOSE_PREFIX)));
  const { Type: type, Action: action } = event;
  return { time: localTime(nanos), type, action, id: event.Actor.ID, service: all[SERVICE_LABEL] ?? null, attributes };
}

/** Actions that somebody asked for and that end or hold something. */
const NOTABLE = ['kill', 'stop', 'restart', 'pause', 'destroy', 'delete', 'untag', 'prune', 'remove', 'unmount'];

/**
 * A container that ran out of memory or died with a code by itself is an error, an unhealthy one or a hidden code a warning. One
 * that somebody stopped ends with a code, too.
 */
function levelOf(told: ToldEvent): Level {
  const { event } = told;
  const action = actionOf(event);
  if (action === 'oom') return Severity.error;
  if (action === 'die' && told.isAsked === true) return Severity.notice;
  if (action === 'die' && isExitCodeHidden(told)) return Severity.warning;
  if (action === 'die') return (exitCodeOf(told) ?? 0) === 0 ? Severity.info : Severity.error;
  if (action === 'health_status') return actionDetail(event) === 'unhealthy' ? Severity.warning : Severity.info;
  return NOTABLE.includes(action) ? Severity.notice : Severity.info;
}

/**
 * The image with its tag or digest: a container's, or the one that an event is of. Some events of images have it as the id
 * of the event, others as the name; where an image is only known by its id, it is that.
 */
function imageName({ Type, Actor }: EngineEvent): string | undefined {
  const { image, name } = Actor.Attributes;
  if (Type === 'container') return image;
  if (Type !== 'image') return undefined;
  return isImageId(Actor.ID) ? (name ?? Actor.ID) : Actor.ID || name;
}

function subjectOf(event: EngineEvent): string {
  const { name } = event.Actor.Attributes;
  if (event.Type === 'image') return imageName(event) ?? '';
  return event.Type === 'container' && name !== undefined ? plainName(name) : (name ?? event.Actor.ID);
}

function sentence(told: ToldEvent): string {
  const { event } = told;
  const { image } = event.Actor.Attributes;
  const code = exitCodeOf(told);
  const signal = signalOf(told);
  const details = [
    actionDetail(event),
    code === undefined ? undefined : `exit code ${code}`,
    isExitCodeHidden(told) ? 'exit code unknown, the container has a label of that name' : undefined,
    signal === undefined ? undefined : `signal ${signal}`,
    told.nameBefore === undefined ? undefined : `before ${told.nameBefore}`,
    event.Type === 'container' && image !== undefined ? `image ${image}` : undefined,
    told.isFound === true ? 'found after a gap in the events' : undefined,
  ].filter((detail) => detail !== undefined);
  return `${event.Type} ${subjectOf(event)} ${actionOf(event)}${details.length === 0 ? '' : ` (${details.join(', ')})`}`;
}

/** The contract's `docker_event` record in its msg. */
export function eventMessage(told: ToldEvent, host: string): EventMessage {
  const { event, nanos } = told;
  const { Type: type, Actor: actor } = event;
  const attributes = actor.Attributes;
  const action = actionOf(event);
  const isContainer = type === 'container';
  const groups = groupFields(attributes);
  const payload = record(
    {
      log_type: 'docker_event',
      time: isoOfNanos(nanos),
      host,
      level: levelOf(told),
      message: sentence(told),
      event_id: eventId(told),
    },
    {
      event_type: type,
      event_action: action,
      object_name: objectName(event),
      container_id: isContainer ? actor.ID : attributes.container,
      container_name: isContainer && attributes.name !== undefined ? plainName(attributes.name) : undefined,
      container_name_before: told.nameBefore,
      image_name: imageName(event),
      exit_code: exitCodeOf(told),
      signal: signalOf(told),
      health_status: action === 'health_status' ? actionDetail(event) : undefined,
      ...groups,
      swarm_service: type === 'service' ? attributes.name : groups.swarm_service,
    },
  );
  return { topic: `docker/event/${action}`, payload, event: composeEvent(event, nanos) };
}
