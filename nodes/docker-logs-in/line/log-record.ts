import type { ContainerDetails } from '../../../lib/docker/api.ts';
import { type ContainerIdentity, groupFields, plainName } from '../../../lib/docker/identity.ts';
import { type PodLogFile, podName } from '../../../lib/pods/log-path.ts';
import { type Fields, type FieldValue, type InfraRecord, record, Severity } from '../../../lib/record.ts';

export type LogMessage = {
  topic: string;
  payload: InfraRecord;
};

/** What every line of one stream of one container has in common. */
export interface LogTemplate {
  readonly topic: string;
  readonly payload: InfraRecord;
  /** What the event_id begins with: it tells this container's lines from all others'. */
  readonly idStart: string;
}

/** By the number of the stream: stdout is 1, stderr is 2. */
export type LogTemplates = readonly [undefined, LogTemplate, LogTemplate];

/** The fields of Docker's own GELF driver, with its names and its text. */
function driverFields(details: ContainerDetails): Fields {
  return {
    container_id: details.Id,
    container_name: plainName(details.Name),
    image_id: details.Image,
    image_name: details.Config.Image,
    command: [details.Path, ...details.Args].join(' '),
    tag: details.Id.slice(0, 12),
    created: details.Created,
  };
}

/** Of a container that was removed before it could be asked, only what its start event told. */
function eventFields(container: ContainerIdentity): Fields {
  const { id, name, image } = container;
  return { container_id: id, container_name: name, image_name: image, tag: id.slice(0, 12) };
}

/** The topic of the lines of a container. */
export function topicOf(name: FieldValue | undefined): string {
  return `docker/log/${name}`;
}

export function logTemplates(
  container: ContainerIdentity,
  details: ContainerDetails | undefined,
  host: string,
): LogTemplates {
  const fields = details === undefined ? eventFields(container) : driverFields(details);
  const labels = details?.Config.Labels ?? container.labels;
  const names = { ...fields, ...groupFields(labels) };
  return templatesOf(topicOf(fields.container_name), String(fields.container_id), names, host);
}

/**
 * Of a container of a Kubernetes pod. `id` is the container's, where it is known: the lines keep their event_id when it becomes
 * known later.
 */
export function podTemplates(log: PodLogFile, id: string | undefined, host: string): LogTemplates {
  const { namespace, pod, uid, container, restarts } = log;
  const fields = {
    container_id: id,
    container_name: container,
    tag: id?.slice(0, 12),
    pod_name: pod,
    pod_namespace: namespace,
    pod_uid: uid,
    restart_count: restarts,
  };
  return templatesOf(topicOf(podName(log)), `${uid}/${container}/${restarts}`, fields, host);
}

function templatesOf(topic: string, idStart: string, fields: Fields, host: string): LogTemplates {
  const template = (stream: 'stdout' | 'stderr'): LogTemplate => ({
    topic,
    idStart,
    payload: record(
      {
        log_type: 'docker_log',
        time: '',
        host,
        // The driver's levels.
        level: stream === 'stdout' ? Severity.info : Severity.error,
        message: '',
        event_id: '',
      },
      { ...fields, stream },
    ),
  });
  return [undefined, template('stdout'), template('stderr')];
}

/** The same of a container that has another name now. */
export function renamedTemplates([, out, err]: LogTemplates, name: string): LogTemplates {
  const renamed = (template: LogTemplate): LogTemplate => ({
    ...template,
    topic: topicOf(name),
    payload: { ...template.payload, container_name: name },
  });
  return [undefined, renamed(out), renamed(err)];
}

/** The trace of a container whose label keeps its log back: nobody takes himself out of the record unseen. */
export function optOutMessage(container: ContainerIdentity, label: string, host: string, nowMs: number): LogMessage {
  const { id, name } = container;
  const payload = record(
    {
      log_type: 'docker_log',
      time: new Date(nowMs).toISOString(),
      host,
      level: Severity.notice,
      message: `the log of container ${name} is not collected: its label ${label} says so`,
      event_id: `${id}-opted-out`,
    },
    { ...eventFields(container), ...groupFields(container.labels) },
  );
  return { topic: topicOf(name), payload };
}

/** The contract's `docker_log` record in its msg. `stamp` is RFC 3339 in UTC with nine decimals. */
export function logMessage(template: LogTemplate, stamp: string, index: number, text: string): LogMessage {
  const payload = { ...template.payload };
  payload.time = `${stamp.slice(0, 23)}Z`;
  payload.message = text;
  payload.event_id = `${template.idStart}-${stamp}-${payload.stream}-${index}`;
  return { topic: template.topic, payload };
}
