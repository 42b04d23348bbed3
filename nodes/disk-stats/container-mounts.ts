/** Which mount is the root filesystem of which container. */

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

/** What is read of one entry of `GET /containers/json`; sizes are there with `size=true` only. */
export interface ListedContainer {
  id: string;
  name: string;
  writtenBytes: number | undefined;
  totalBytes: number | undefined;
}

/** The object in an answer of the engine; one without keys for anything else. */
function objectOf(value: unknown): { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null ? (value as { [key: string]: unknown }) : {};
}

function numberOr(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

function parseContainer(value: unknown): ListedContainer | undefined {
  const { Id, Names, SizeRw, SizeRootFs } = objectOf(value);
  if (typeof Id !== 'string') return undefined;
  // Each name has a slash in front; names of links come after the container's own.
  const [first] = Array.isArray(Names) ? (Names as unknown[]) : [];
  const name = typeof first === 'string' ? first : Id.slice(0, 12);
  return {
    id: Id,
    name: name.replace(/^\//, ''),
    writtenBytes: numberOr(SizeRw),
    totalBytes: numberOr(SizeRootFs),
  };
}

/** Reads the answer to `GET /containers/json`; what is no container is left out. */
export function parseContainers(answer: unknown): ListedContainer[] {
  const entries: unknown[] = Array.isArray(answer) ? answer : [];
  return entries.map(parseContainer).filter((container) => container !== undefined);
}

/** The mount point in the answer to `GET /containers/{id}/json`; an engine with containerd's image store names none. */
export function parseMergedDir(answer: unknown): string | undefined {
  const { MergedDir } = objectOf(objectOf(objectOf(answer).GraphDriver).Data);
  return typeof MergedDir === 'string' ? MergedDir : undefined;
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
  update(running: readonly ListedContainer[], mounts: readonly string[]): void {
    const ids = new Set(running.map(({ id }) => id));
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
  unknownOf(running: readonly ListedContainer[]): ListedContainer[] {
    return running.filter(({ id }) => !this.#mountOf.has(id));
  }

  /** The containers by their mount points. `sizes` are those of an earlier list that had them, by id. */
  byMount(
    running: readonly ListedContainer[],
    sizes: ReadonlyMap<string, ListedContainer>,
  ): Map<string, MountedContainer> {
    const found = new Map<string, MountedContainer>();
    for (const { id, name } of running) {
      const mount = this.#mountOf.get(id);
      if (mount === undefined) continue;
      const { writtenBytes, totalBytes } = sizes.get(id) ?? {};
      found.set(mount, { id, name, writtenBytes, totalBytes });
    }
    return found;
  }
}
