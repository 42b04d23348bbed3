import type { EngineEvent } from '../../lib/docker/api.ts';
import { COMPOSE_PREFIX, composeFields, SERVICE_LABEL } from '../../lib/docker/compose.ts';
import { actionDetail, actionOf, eventId, type TimedEvent } from '../../lib/docker/events.ts';
import { isoOfNanos } from '../../lib/docker/time.ts';
import { type InfraRecord, type Level, record, Severity } from '../../lib/record.ts';

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
function localTime(nanos: string): string {
  const seconds = Number(nanos.slice(0, -9));
  const micros = nanos.slice(-9, -3);
  const at = new Date(seconds * 1000);
  const date = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  const time = `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
  return `${date}T${time}${micros === '000000' ? '' : `.${micros}`}`;
}

export function composeEvent(event: EngineEvent, nanos: string): ComposeEvent {
  const all = event.Actor.Attributes;
  const attributes = Object.fromEntries(Object.entries(all).filter(([name]) => !name.startsWith(COMPOSE_PREFIX)));
  const { Type: type, Action: action } = event;
  return { time: localTime(nanos), type, action, id: event.Actor.ID, service: all[SERVICE_LABEL] ?? null, attributes };
}

/** Actions that somebody asked for and that end or hold something. */
const NOTABLE = ['kill', 'stop', 'restart', 'pause', 'destroy', 'delete', 'untag', 'prune', 'remove', 'unmount'];

function exitCode(event: EngineEvent): number | undefined {
  const text = event.Actor.Attributes.exitCode;
  return text === undefined || !/^-?\d+$/.test(text) ? undefined : Number(text);
}

/** A container that ran out of memory or died with a code is an error, an unhealthy one a warning. */
export function levelOf(event: EngineEvent): Level {
  const action = actionOf(event);
  if (action === 'oom') return Severity.error;
  if (action === 'die') return (exitCode(event) ?? 0) === 0 ? Severity.info : Severity.error;
  if (action === 'health_status') return actionDetail(event) === 'unhealthy' ? Severity.warning : Severity.info;
  return NOTABLE.includes(action) ? Severity.notice : Severity.info;
}

function sentence(event: EngineEvent, name: string, isFound: boolean): string {
  const { signal, image } = event.Actor.Attributes;
  const code = exitCode(event);
  const details = [
    actionDetail(event),
    code === undefined ? undefined : `exit code ${code}`,
    signal === undefined ? undefined : `signal ${signal}`,
    event.Type === 'container' && image !== undefined ? `image ${image}` : undefined,
    isFound ? 'found after a gap in the events' : undefined,
  ].filter((detail) => detail !== undefined);
  return `${event.Type} ${name} ${actionOf(event)}${details.length === 0 ? '' : ` (${details.join(', ')})`}`;
}

/** The contract's `docker_event` record in its msg. */
export function eventMessage(timed: TimedEvent, host: string): EventMessage {
  const { event, nanos } = timed;
  const { Type: type, Actor: actor } = event;
  const attributes = actor.Attributes;
  const action = actionOf(event);
  const isContainer = type === 'container';
  const payload = record(
    {
      log_type: 'docker_event',
      time: isoOfNanos(nanos),
      host,
      level: levelOf(event),
      message: sentence(event, attributes.name ?? actor.ID, timed.isFound === true),
      event_id: eventId(timed),
    },
    {
      event_type: type,
      event_action: action,
      container_id: isContainer ? actor.ID : attributes.container,
      container_name: isContainer ? attributes.name : undefined,
      image_name: isContainer ? attributes.image : type === 'image' ? (attributes.name ?? actor.ID) : undefined,
      exit_code: exitCode(event),
      signal: attributes.signal,
      health_status: action === 'health_status' ? actionDetail(event) : undefined,
      ...composeFields(attributes),
    },
  );
  return { topic: `docker/event/${action}`, payload, event: composeEvent(event, nanos) };
}
