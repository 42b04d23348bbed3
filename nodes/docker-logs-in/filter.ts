import type { FolderLookup } from '../../lib/docker/compose.ts';
import { type ContainerFilter, containerFilter, type FilterSettings } from '../../lib/docker/filter.ts';
import type { ContainerIdentity } from '../../lib/docker/identity.ts';

/** A container with this label set to `false` is never followed, whatever the dialog says. */
export const OPT_OUT_LABEL = 'infra-monitoring.logs';

export interface LogFilter {
  (container: ContainerIdentity): boolean;
  readonly containers: ContainerFilter;
}

export interface LogFilterOptions {
  readonly lookup?: FolderLookup | undefined;
  /** Hears each time of a container that is asked for and keeps its log back. */
  optedOut?(container: ContainerIdentity): void;
}

/** The containers whose logs are wanted. `own` is the id of the container that this process runs in. */
export function logFilter(
  settings: FilterSettings,
  own: string | undefined,
  { lookup, optedOut }: LogFilterOptions = {},
): LogFilter {
  const containers = containerFilter(settings, lookup);
  const accepts = (container: ContainerIdentity): boolean => {
    if (container.id === own || !containers.accepts(container)) return false;
    if (container.labels[OPT_OUT_LABEL] !== 'false') return true;
    optedOut?.(container);
    return false;
  };
  return Object.assign(accepts, { containers });
}
