import { eachLimited } from '../../../lib/concurrency.ts';
import type { ContainerSummary } from '../../../lib/docker/api.ts';
import type { DockerClient } from '../../../lib/docker/client.ts';
import { inspectContainer, listContainers } from '../../../lib/docker/containers.ts';
import { reason } from '../../../lib/errors.ts';
import { withTimeout } from '../../../lib/io/timeout.ts';
import type { Mount } from '../mounts.ts';

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

export interface ContainerLookup {
  /** The containers by the mount point of their root filesystem, as the engine's host sees it. Never rejects. */
  on(mounts: readonly Mount[]): Promise<ReadonlyMap<string, MountedContainer>>;
}

/** How long names, and then sizes, may hold back the records, in milliseconds. */
const NAMES_MS = 5_000;
const SIZES_MS = 3_000;
/** Asks at most this many containers at once where their mounts are. */
const AT_ONCE = 4;

/** The id of the container in the path of a mount of containerd's image store: `…/rootfs/overlayfs/<id>`. */
export function idInPath(mount: string): string | undefined {
  return /\/rootfs\/[^/]+\/([0-9a-f]{64})$/.exec(mount)?.[1];
}

/**
 * A container is asked once where it is mounted. Names and sizes are an addition: an engine that does not answer holds no
 * record back, and `failed` hears why once. `sizes` lets the engine add up the files of all containers; what that takes
 * longer than a moment comes with a later record.
 */
export function createContainerLookup(
  client: DockerClient | undefined,
  sizes: boolean,
  failed: (fault: string) => void,
): ContainerLookup {
  const mountOf = new Map<string, string>();
  let sizeOf = new Map<string, ContainerSummary>();
  let adding: Promise<void> | undefined;
  let hasFailed = false;

  const locate = async (engine: DockerClient, mounts: readonly string[]): Promise<ContainerSummary[]> => {
    const listed = await listContainers(engine, {});
    const running = new Set(listed.map(({ Id }) => Id));
    for (const id of mountOf.keys()) if (!running.has(id)) mountOf.delete(id);
    for (const mount of mounts) {
      const id = idInPath(mount);
      if (id !== undefined) mountOf.set(id, mount);
    }
    const unknown = listed.filter(({ Id }) => !mountOf.has(Id));
    await eachLimited(unknown, AT_ONCE, async ({ Id }) => {
      // It may have ended since the list was made: then it has no mount to name either.
      const inspected = await inspectContainer(engine, Id).catch(() => undefined);
      const merged = inspected?.GraphDriver?.Data?.MergedDir;
      if (merged !== undefined) mountOf.set(Id, merged);
    });
    return listed;
  };

  const addUp = async (engine: DockerClient): Promise<void> => {
    const listed = await listContainers(engine, { size: true });
    sizeOf = new Map(listed.map((container) => [container.Id, container]));
  };

  return {
    async on(mounts) {
      const found = new Map<string, MountedContainer>();
      const overlays = mounts.filter(({ fsType }) => fsType === 'overlay').map(({ mount }) => mount);
      if (client === undefined || overlays.length === 0) return found;
      try {
        const listed = await withTimeout(locate(client, overlays), NAMES_MS, () => {
          throw new Error(`no answer within ${NAMES_MS / 1000} s`);
        });
        if (sizes) {
          // An engine that lists its containers but cannot add them up leaves the records without sizes.
          adding ??= addUp(client)
            .catch(() => undefined)
            .finally(() => {
              adding = undefined;
            });
          await withTimeout(adding, SIZES_MS, () => undefined);
        }
        for (const { Id, Names } of listed) {
          const mount = mountOf.get(Id);
          if (mount === undefined) continue;
          const name = (Names[0] ?? Id.slice(0, 12)).replace(/^\//, '');
          const { SizeRw, SizeRootFs } = sizeOf.get(Id) ?? {};
          found.set(mount, { id: Id, name, writtenBytes: SizeRw, totalBytes: SizeRootFs });
        }
        hasFailed = false;
      } catch (error) {
        if (!hasFailed) failed(reason(error));
        hasFailed = true;
      }
      return found;
    },
  };
}
