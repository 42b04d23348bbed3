import type { ContainerIdentity } from '../docker/identity.ts';
import { type PodLogFile, podName } from './log-path.ts';

/** A container of a pod as filters and rules see it. Its files tell neither an image nor labels. */
export function podIdentity(log: PodLogFile, id: string | undefined): ContainerIdentity {
  return { id: id ?? log.key, name: log.container, image: '', labels: {}, podName: podName(log) };
}
