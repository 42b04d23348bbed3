/** Which mount is the root filesystem of which container. */

import type { ContainerSummary } from '../../lib/docker/api.ts';
import { nameOf } from '../../lib/docker/identity.ts';
import type { Mount } from './mounts.ts';

/** The container whose root filesystem a mount is. */
export interface MountedContainer {
  /** All 64 digits. */
  id: string;
  name: string;
  /** What the container itself wrote; only where sizes are asked for. */
  writtenBytes: number | undefined;
  /** That and its image. */
  totalBytes: number | undefined;
}

/** The id of the container in a mount point of containerd's image store: `…/rootfs/overlayfs/<id>`. */
export function idInPath(mount: string): string | undefined {
  return /\/rootfs\/[^/]+\/([0-9a-f]{64})$/.exec(mount)?.[1];
}

/** The mounts that can be the root filesystem of a container. */
export function overlaysOf(mounts: readonly Mount[]): string[] {
  return mounts.filter(({ fsType }) => fsType === 'overlay').map(({ mount }) => mount);
}

/** The mount point of each container that runs. A container keeps its mount point while it runs. */
export class ContainerMounts {
  readonly #mountOf = new Map<string, string>();

  /** Forgets what runs no more, and takes the ids that are in the paths of `mounts`. */
  update(running: readonly ContainerSummary[], mounts: readonly string[]): void {
    const ids = new Set(running.map(({ Id }) => Id));
    for (const id of this.#mountOf.keys()) if (!ids.has(id)) this.#mountOf.delete(id);
    for (const mount of mounts) {
      const id = idInPath(mount);
      if (id !== undefined) this.#mountOf.set(id, mount);
    }
  }

  set(id: string, mount: string): void {
    this.#mountOf.set(id, mount);
  }

  /** The containers whose mount point is not known yet. */
  unknownOf(running: readonly ContainerSummary[]): ContainerSummary[] {
    return running.filter(({ Id }) => !this.#mountOf.has(Id));
  }

  /** The containers by their mount points. `sizes` are those of an earlier list that had them, by id. */
  byMount(
    running: readonly ContainerSummary[],
    sizes: ReadonlyMap<string, ContainerSummary>,
  ): Map<string, MountedContainer> {
    const found = new Map<string, MountedContainer>();
    for (const container of running) {
      const { Id: id } = container;
      const mount = this.#mountOf.get(id);
      if (mount === undefined) continue;
      const { SizeRw: writtenBytes, SizeRootFs: totalBytes } = sizes.get(id) ?? {};
      found.set(mount, { id, name: nameOf(container) || id.slice(0, 12), writtenBytes, totalBytes });
    }
    return found;
  }
}
