import type { ContainerSummary } from '../../lib/docker/api.ts';
import { COMPOSE_PREFIX, PROJECT_LABEL } from '../../lib/docker/compose.ts';
import { nameOf } from '../../lib/docker/identity.ts';

/** What the dialogs of the nodes offer, from what the engine has: each sorted and once. */
export interface Choices {
  readonly containers: string[];
  readonly images: string[];
  readonly projects: string[];
  /** `name=value`, or only the names; without Compose's own. */
  readonly labels: string[];
}

function sorted(values: readonly (string | undefined)[]): string[] {
  const distinct = new Set(values.filter((value): value is string => value !== undefined && value !== ''));
  return [...distinct].sort();
}

/** Values of labels hold secrets in practice: who may only read the flows gets their names, `withValues` the rest. */
export function choicesOf(containers: readonly ContainerSummary[], withValues: boolean): Choices {
  const labels = containers.flatMap(({ Labels }) => Object.entries(Labels));
  return {
    containers: sorted(containers.map(nameOf)),
    images: sorted(containers.map(({ Image }) => Image)),
    projects: sorted(containers.map(({ Labels }) => Labels[PROJECT_LABEL])),
    labels: sorted(
      labels
        .filter(([name]) => !name.startsWith(COMPOSE_PREFIX))
        .map(([name, value]) => (withValues ? `${name}=${value}` : name)),
    ),
  };
}
