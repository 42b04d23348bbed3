import {
  type ContainerFilter,
  type ContainerIdentity,
  containerFilter,
  type FilterSettings,
} from '../../lib/docker/filter.ts';

/** A container with this label set to `false` is never followed, whatever the dialog says. */
export const OPT_OUT_LABEL = 'infra-monitoring.logs';

/** The containers whose logs are wanted. `own` is the id of the container that this process runs in. */
export function logFilter(
  settings: FilterSettings,
  own: string | undefined,
): (container: ContainerIdentity) => boolean {
  const filter: ContainerFilter = containerFilter(settings);
  return (container) => {
    if (container.id === own || container.labels[OPT_OUT_LABEL] === 'false') return false;
    return filter.accepts(container);
  };
}
