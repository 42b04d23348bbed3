/** Which of the names that a process can find is that of the monitored host. */

/** What Docker and Podman give a container as its name where nobody chose one: the beginning of its id, or all of it. */
const CONTAINER_ID = /^(?:[0-9a-f]{12}|[0-9a-f]{64})$/;
/** The end of what Kubernetes names a pod that something else made: five of these letters and digits (its rand package). */
const POD_NAME = /-[bcdfghjklmnpqrstvwxz2456789]{5}$/;

/** What tells where a process runs. */
export interface Surroundings {
  readonly isContainer: boolean;
  readonly isKubernetes: boolean;
}

/** Whether this name of the system was made for a container or a pod: it says nothing of the host, and is another one tomorrow. */
export function isMadeForContainer(name: string, { isContainer, isKubernetes }: Surroundings): boolean {
  // On a host without containers a name of twelve hexadecimal digits is one that somebody chose, such as a hardware address.
  if (!isContainer && !isKubernetes) return false;
  return CONTAINER_ID.test(name) || (isKubernetes && POD_NAME.test(name));
}

/** The name in a file as `/etc/hostname` (hostname(5)): its first line that is no comment; undefined where it has none. */
export function nameInFile(text: string): string | undefined {
  return text
    .split('\n')
    .map((line) => line.trim())
    .find((line) => line !== '' && !line.startsWith('#'));
}
