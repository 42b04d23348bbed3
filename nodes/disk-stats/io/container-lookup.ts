import { eachLimited } from '../../../lib/concurrency.ts';
import type { DockerClient } from '../../../lib/docker/client.ts';
import { MonitoringError } from '../../../lib/errors.ts';
import { withTimeout } from '../../../lib/io/timeout.ts';
import {
  ContainerMounts,
  type ListedContainer,
  type MountedContainer,
  overlaysOf,
  parseContainers,
  parseMergedDir,
} from '../container-mounts.ts';
import type { Mount } from '../mounts.ts';

/** How long names, and then sizes, may hold back the records, in milliseconds. */
const NAMES_MS = 5_000;
const SIZES_MS = 3_000;
/** How many containers are asked at once where their mounts are. */
const AT_ONCE = 4;

export interface LookupOptions {
  /** Undefined: there is no engine to ask. */
  readonly client: DockerClient | undefined;
  /** Whether the engine shall add up what each container takes, which it does file by file. */
  readonly sizes: boolean;
  /** Hears why there are no names; once, until there are names again. */
  onFault(error: unknown): void;
}

/**
 * Asks a Docker Engine which containers mounts belong to. Names and sizes are an addition to the records: an engine that
 * does not answer holds none of them back.
 */
export class ContainerLookup {
  readonly #options: LookupOptions;
  readonly #mounts = new ContainerMounts();
  #sizes: ReadonlyMap<string, ListedContainer> = new Map();
  /** The engine adds up sizes. What takes longer than `SIZES_MS` comes with a later record. */
  #adding: Promise<void> | undefined;
  #isFaulty = false;

  constructor(options: LookupOptions) {
    this.#options = options;
  }

  /** The containers by the mount points of their root filesystems, as the engine's host sees them. Never rejects. */
  async containersOn(mounts: readonly Mount[]): Promise<ReadonlyMap<string, MountedContainer>> {
    const { client, sizes, onFault } = this.#options;
    const overlays = overlaysOf(mounts);
    if (client === undefined || overlays.length === 0) return new Map();
    try {
      const running = await withTimeout(this.#locate(client, overlays), NAMES_MS, () => {
        throw new MonitoringError('NO_ANSWER_WITHIN', { seconds: NAMES_MS / 1000 });
      });
      if (sizes) await withTimeout(this.#addUpSizes(client), SIZES_MS, () => undefined);
      this.#isFaulty = false;
      return this.#mounts.byMount(running, this.#sizes);
    } catch (error) {
      if (!this.#isFaulty) onFault(error);
      this.#isFaulty = true;
      return new Map();
    }
  }

  /** Lists the containers that run, and asks each new one once where it is mounted. */
  async #locate(client: DockerClient, overlays: readonly string[]): Promise<ListedContainer[]> {
    const running = parseContainers(await client.json('/containers/json'));
    this.#mounts.update(running, overlays);
    await eachLimited(this.#mounts.unknownOf(running), AT_ONCE, async ({ id }) => {
      // It may have ended since the list was made: then it has no mount to name either.
      const answer = await client.json(`/containers/${id}/json`).catch(() => undefined);
      const mount = parseMergedDir(answer);
      if (mount !== undefined) this.#mounts.set(id, mount);
    });
    return running;
  }

  /** Joins the adding that is under way. An engine that cannot add up leaves the records without sizes. */
  #addUpSizes(client: DockerClient): Promise<void> {
    this.#adding ??= client
      .json('/containers/json', { size: true })
      .then((answer) => {
        this.#sizes = new Map(parseContainers(answer).map((container) => [container.id, container]));
      })
      .catch(() => undefined)
      .finally(() => {
        this.#adding = undefined;
      });
    return this.#adding;
  }
}
