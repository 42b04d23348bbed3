import type { ContainerSummary } from '../../lib/docker/api.ts';
import { COMPOSE_PREFIX, PROJECT_LABEL } from '../../lib/docker/compose.ts';
import { type GroupFields, groupFields, nameOf } from '../../lib/docker/identity.ts';
import { type PodLogFile, podName } from '../../lib/pods/log-path.ts';

/** What the dialogs of the nodes offer, from what the engine has: each sorted and once. */
export interface Choices {
  readonly containers: string[];
  readonly images: string[];
  readonly projects: string[];
  /** Of Compose and of a Swarm; absent where there are none. */
  readonly services?: string[];
  /** `name=value`, or only the names; without Compose's own. */
  readonly labels: string[];
}

function sorted(values: readonly (string | undefined)[]): string[] {
  const distinct = new Set(values.filter((value): value is string => value !== undefined && value !== ''));
  return [...distinct].sort();
}

function servicesIn({ compose_service: compose, swarm_service: swarm }: GroupFields): (string | undefined)[] {
  return [compose, swarm];
}

/** Values of labels hold secrets in practice: who may only read the flows gets their names, `withValues` the rest. */
export function choicesOf(containers: readonly ContainerSummary[], withValues: boolean): Choices {
  const services = sorted(containers.flatMap(({ Labels }) => servicesIn(groupFields(Labels))));
  const labels = containers.flatMap(({ Labels }) => Object.entries(Labels));
  return {
    containers: sorted(containers.map(nameOf)),
    images: sorted(containers.map(({ Image }) => Image)),
    projects: sorted(containers.map(({ Labels }) => Labels[PROJECT_LABEL])),
    ...(services.length === 0 ? {} : { services }),
    labels: sorted(
      labels
        .filter(([name]) => !name.startsWith(COMPOSE_PREFIX))
        .map(([name, value]) => (withValues ? `${name}=${value}` : name)),
    ),
  };
}

/** The same of a Kubernetes node: its namespaces, its pods and the names of their containers. Files tell no more. */
export function podChoices(logs: readonly PodLogFile[]): Choices {
  const names = logs.flatMap((log) => [log.container, podName(log), `${log.namespace}/*`]);
  return { containers: sorted(names), images: [], projects: [], labels: [] };
}
