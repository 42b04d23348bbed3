/** Who a container is: its name, its image, the project or service that it belongs to. Every node asks here. */

import { eachLimited } from '../concurrency.ts';
import type { ContainerSummary, Labels } from './api.ts';
import type { DockerClient } from './client.ts';
import { COMPOSE_PREFIX, PROJECT_LABEL, SERVICE_LABEL } from './compose.ts';
import { inspectContainer } from './containers.ts';

/** A container as the list and the events of the engine both tell it. */
export interface ContainerIdentity {
  readonly id: string;
  /** Without its leading slash. */
  readonly name: string;
  /** With its tag or digest, as it was asked for when the container was made. */
  readonly image: string;
  readonly labels: Labels;
  /** Of a container of a Kubernetes pod: the names of its namespace, its pod and itself, between slashes. */
  readonly podName?: string;
}

/** The names that people know a container by. */
export function namesOf({ name, podName }: ContainerIdentity): string[] {
  return podName === undefined ? [name] : [name, podName];
}

const SWARM_SERVICE_LABEL = 'com.docker.swarm.service.name';

/** What a container belongs to, by its labels. An image can bring such labels as well: they are its word. */
export interface GroupFields {
  readonly compose_project: string | undefined;
  readonly compose_service: string | undefined;
  readonly swarm_service: string | undefined;
}

export function groupFields(labels: Labels): GroupFields {
  return {
    compose_project: labels[PROJECT_LABEL],
    compose_service: labels[SERVICE_LABEL],
    swarm_service: labels[SWARM_SERVICE_LABEL],
  };
}

/** The labels that say what a container belongs to. */
export function groupLabels(labels: Labels): Labels {
  const own = Object.entries(labels).filter(
    ([name]) => name.startsWith(COMPOSE_PREFIX) || name === SWARM_SERVICE_LABEL,
  );
  return Object.fromEntries(own);
}

/** A name as people write it: the engine begins it with a slash. */
export function plainName(name: string): string {
  return name.replace(/^\//, '');
}

/**
 * A container's own name of all in the list; empty where it has none. A link adds the name that another container knows it
 * by, `/grafana/influxdb`, and the list is sorted.
 */
export function nameOf({ Names }: Pick<ContainerSummary, 'Names'>): string {
  const names = Names.map(plainName);
  return names.find((name) => name !== '' && !name.includes('/')) ?? names[0]?.split('/').at(-1) ?? '';
}

/** Whether a text is the id of an image, or the beginning of one, and no name. */
export function isImageId(image: string): boolean {
  return /^(?:sha256:[0-9a-f]+|[0-9a-f]{12}|[0-9a-f]{64})$/.test(image);
}

/** The identity as the list has it. The image may be an id there, see `ImageNames`. */
export function identityOf(container: ContainerSummary): ContainerIdentity {
  return { id: container.Id, name: nameOf(container), image: container.Image, labels: container.Labels };
}

const QUESTIONS_AT_ONCE = 8;
/** With more images than this the memory of them begins anew. */
const MOST_IMAGES = 10_000;

/**
 * The names of listed containers' images. Once the tag of an image has moved to a newer one, the list has only the id of a
 * container's image: the container itself still knows its name.
 */
export class ImageNames {
  readonly #client: DockerClient;
  /** By the ids of the containers: an image never changes. */
  readonly #images = new Map<string, string>();

  constructor(client: DockerClient) {
    this.#client = client;
  }

  /** Asks the engine where it must. Where that fails the image stays what the list says. Never rejects. */
  async name(container: ContainerSummary): Promise<ContainerSummary> {
    if (!isImageId(container.Image)) return container;
    const image = this.#images.get(container.Id) ?? (await this.#ask(container.Id));
    return image === undefined ? container : { ...container, Image: image };
  }

  async nameAll(containers: readonly ContainerSummary[]): Promise<ContainerSummary[]> {
    const named = [...containers];
    await eachLimited([...containers.entries()], QUESTIONS_AT_ONCE, async ([at, container]) => {
      named[at] = await this.name(container);
    });
    return named;
  }

  async #ask(id: string): Promise<string | undefined> {
    const details = await inspectContainer(this.#client, id).catch(() => undefined);
    const image = details?.Config.Image;
    if (image === undefined || image === '') return undefined;
    if (this.#images.size >= MOST_IMAGES) this.#images.clear();
    this.#images.set(id, image);
    return image;
  }
}
