import { eachLimited } from '../../../lib/concurrency.ts';
import type { ContainerSummary } from '../../../lib/docker/api.ts';
import type { DockerClient } from '../../../lib/docker/client.ts';
import { inspectContainer, listContainers } from '../../../lib/docker/containers.ts';
import { errorCode, MonitoringError } from '../../../lib/errors.ts';
import { withTimeout } from '../../../lib/io/timeout.ts';
import { ContainerMounts, type MountedContainer, overlaysOf } from '../container-mounts.ts';
import type { Mount } from '../mounts.ts';

/** How long names, and then sizes, may hold back the records, in milliseconds. */
const NAMES_MS = 5_000;
const SIZES_MS = 3_000;
/** A busy engine is late now and then: it is said when it is late so many times in a row. */
const LATE_IN_A_ROW = 3;
/** How many containers are asked at once where their mounts are. */
const AT_ONCE = 4;

export interface LookupOptions {
  /** Undefined: there is no engine to ask. */
  readonly client: DockerClient | undefined;
  /** Whether the engine shall add up what each container takes, which it does file by file. */
  readonly sizes: boolean;
  /** Hears why there are no names; once, until there are names again. Of an engine that is late, only where that lasts. */
  onFault(error: unknown): void;
}

/**
 * Asks a Docker Engine which containers mounts belong to. Names and sizes are an addition to the records: an engine that
 * does not answer holds none of them back.
 */
export class ContainerLookup {
  readonly #options: LookupOptions;
  readonly #mounts = new ContainerMounts();
  #sizes: ReadonlyMap<string, ContainerSummary> = new Map();
  /** The engine adds up sizes. What takes longer than `SIZES_MS` comes with a later record. */
  #adding: Promise<void> | undefined;
  /** How many times in a row the engine did not answer in time. */
  #late = 0;
  #isFaulty = false;

  constructor(options: LookupOptions) {
    this.#options = options;
  }

  /** The containers by the mount points of their root filesystems, as the engine's host sees them. Never rejects. */
  async containersOn(mounts: readonly Mount[]): Promise<ReadonlyMap<string, MountedContainer>> {
    const { client, sizes } = this.#options;
    const overlays = overlaysOf(mounts);
    if (client === undefined || overlays.length === 0) return new Map();
    try {
      const running = await withTimeout(this.#locate(client, overlays), NAMES_MS, () => {
        throw new MonitoringError('NO_ANSWER_WITHIN', { seconds: NAMES_MS / 1000 });
      });
      if (sizes) await withTimeout(this.#addUpSizes(client), SIZES_MS, () => undefined);
      this.#late = 0;
      this.#isFaulty = false;
      return this.#mounts.byMount(running, this.#sizes);
    } catch (error) {
      this.#noteFault(error);
      return new Map();
    }
  }

  #noteFault(error: unknown): void {
    const isLate = errorCode(error) === 'NO_ANSWER_WITHIN';
    this.#late = isLate ? this.#late + 1 : 0;
    if (this.#isFaulty || (isLate && this.#late < LATE_IN_A_ROW)) return;
    this.#isFaulty = true;
    this.#options.onFault(error);
  }

  /** Lists the containers that run, and asks each new one once where it is mounted. */
  async #locate(client: DockerClient, overlays: readonly string[]): Promise<ContainerSummary[]> {
    const running = await listContainers(client, {});
    this.#mounts.update(running, overlays);
    await eachLimited(this.#mounts.unknownOf(running), AT_ONCE, async ({ Id }) => {
      // It may have ended since the list was made: then it has no mount to name either.
      const details = await inspectContainer(client, Id).catch(() => undefined);
      // An engine with containerd's image store names none.
      const mount = details?.GraphDriver?.Data?.MergedDir;
      if (mount !== undefined) this.#mounts.set(Id, mount);
    });
    return running;
  }

  /** Joins the adding that is under way. An engine that cannot add up leaves the records without sizes. */
  #addUpSizes(client: DockerClient): Promise<void> {
    this.#adding ??= listContainers(client, { size: true })
      .then((list) => {
        this.#sizes = new Map(list.map((container) => [container.Id, container]));
      })
      .catch(() => undefined)
      .finally(() => {
        this.#adding = undefined;
      });
    return this.#adding;
  }
}
