import { type ContainerFilter, listOf } from '../../lib/docker/filter.ts';
import { globMatcher } from '../../lib/glob.ts';
import { podIdentity } from '../../lib/pods/identity.ts';
import { type Pod, type PodContainer, type PodLogFile, podName } from '../../lib/pods/log-path.ts';
import { type InfraRecord, type Level, record, Severity } from '../../lib/record.ts';
import { type ComposeEvent, type EventMessage, localTime } from './event.ts';
import type { EventSettings } from './filter.ts';

/** What the folder of pods' logs tells: a container was started, or a pod is gone. */
export type PodEvent =
  | { readonly action: 'start'; readonly log: PodLogFile; readonly id: string | undefined }
  | { readonly action: 'destroy'; readonly pod: Pod };

/** When it was, and whether it happened while nobody looked. */
export interface PodEventTime {
  /** In ms since the epoch. */
  readonly atMs: number;
  readonly isFound: boolean;
}

/** A container that was started again has ended before, how and why is in no file. */
function levelOf(event: PodEvent): Level {
  if (event.action === 'destroy') return Severity.notice;
  return event.log.restarts > 0 ? Severity.warning : Severity.info;
}

function sentence(event: PodEvent, isFound: boolean): string {
  const found = isFound ? ' (found after a gap)' : '';
  if (event.action === 'destroy') return `pod ${event.pod.namespace}/${event.pod.pod} is gone${found}`;
  const { restarts } = event.log;
  return `container ${podName(event.log)} ${restarts === 0 ? 'started' : `started again (restart ${restarts})`}${found}`;
}

function fieldsOf(event: PodEvent): { pod: Pod; container: PodContainer | undefined; eventId: string } {
  if (event.action === 'destroy') return { pod: event.pod, container: undefined, eventId: `${event.pod.uid}-destroy` };
  const { log } = event;
  return { pod: log, container: log, eventId: `${log.uid}/${log.container}/${log.restarts}-start` };
}

/** Whether the dialog asks for the event. Files tell neither images nor labels: who asks for these gets none. */
export function isPodEventWanted(settings: EventSettings, containers: ContainerFilter, event: PodEvent): boolean {
  const types = listOf(settings.types);
  if (types.length > 0 && !types.includes('container')) return false;
  const actions = listOf(settings.actions);
  if (actions.length > 0 && !globMatcher(actions)(event.action)) return false;
  return event.action === 'destroy' || containers.accepts(podIdentity(event.log, event.id));
}

/** The contract's `docker_event` record in its msg. */
export function podEventMessage(event: PodEvent, { atMs, isFound }: PodEventTime, host: string): EventMessage {
  const { pod, container, eventId } = fieldsOf(event);
  const type = container === undefined ? 'pod' : 'container';
  const id = event.action === 'start' ? event.id : undefined;
  const payload: InfraRecord = record(
    {
      log_type: 'docker_event',
      time: new Date(atMs).toISOString(),
      host,
      level: levelOf(event),
      message: sentence(event, isFound),
      event_id: eventId,
    },
    {
      event_type: type,
      event_action: event.action,
      object_name: container === undefined ? pod.pod : undefined,
      container_id: id,
      container_name: container?.container,
      pod_name: pod.pod,
      pod_namespace: pod.namespace,
      pod_uid: pod.uid,
      restart_count: event.action === 'start' ? event.log.restarts : undefined,
    },
  );
  const attributes = { namespace: pod.namespace, pod: pod.pod, ...(container && { name: container.container }) };
  const compose: ComposeEvent = {
    time: localTime(`${Math.floor(atMs)}000000`),
    type,
    action: event.action,
    id: id ?? pod.uid,
    service: null,
    attributes,
  };
  return { topic: `docker/event/${event.action}`, payload, event: compose };
}
