import type { EngineEvent, Labels } from '../../../lib/docker/api.ts';
import type { DockerClient } from '../../../lib/docker/client.ts';
import { actionOf } from '../../../lib/docker/events.ts';
import { asObject, asText, textMembers } from '../../../lib/docker/json.ts';
import { withTimeout } from '../../../lib/io/timeout.ts';

/** How long an event waits for its labels, in milliseconds. */
const ANSWER_MS = 2_000;
/** With more networks and volumes than this the memory of them begins anew. */
const MOST_OBJECTS = 10_000;

/** The labels of networks and volumes, which their events do not carry. Those of one that is removed are known from before. */
export class ObjectLabels {
  readonly #client: DockerClient;
  readonly #known = new Map<string, Labels>();

  constructor(client: DockerClient) {
    this.#client = client;
  }

  /** Takes what there is now. Never rejects: an engine that keeps it back is asked for each by itself. */
  async list(): Promise<void> {
    const [networks, volumes] = await Promise.all([this.#ask('/networks'), this.#ask('/volumes')]);
    for (const network of Array.isArray(networks) ? networks : [])
      this.#store('network', asText(asObject(network)?.Id), network);
    const listed = asObject(volumes)?.Volumes;
    for (const volume of Array.isArray(listed) ? listed : [])
      this.#store('volume', asText(asObject(volume)?.Name), volume);
  }

  /** Undefined where they cannot be known. Never rejects. */
  async of(event: EngineEvent): Promise<Labels | undefined> {
    const { Type: type, Actor } = event;
    const key = `${type} ${Actor.ID}`;
    const isGone = actionOf(event) === 'destroy';
    // A volume may be made again with other labels.
    if (!this.#known.has(key) || actionOf(event) === 'create')
      this.#store(type, Actor.ID, await this.#ask(`/${type}s/${encodeURIComponent(Actor.ID)}`));
    const labels = this.#known.get(key);
    if (isGone) this.#known.delete(key);
    return labels;
  }

  #store(type: string, id: string | undefined, answer: unknown): void {
    const object = asObject(answer);
    if (id === undefined || object === undefined) return;
    if (this.#known.size >= MOST_OBJECTS) this.#known.clear();
    this.#known.set(`${type} ${id}`, textMembers(object.Labels));
  }

  #ask(path: string): Promise<unknown> {
    const asked = this.#client.json(path).catch(() => undefined);
    return withTimeout<unknown>(asked, ANSWER_MS, () => undefined);
  }
}
