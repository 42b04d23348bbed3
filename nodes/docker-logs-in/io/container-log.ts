import type { Readable } from 'node:stream';
import type { ContainerDetails } from '../../../lib/docker/api.ts';
import type { DockerClient, Query } from '../../../lib/docker/client.ts';
import { inspectContainer } from '../../../lib/docker/containers.ts';
import type { LimitedQueue } from '../../../lib/limited-queue.ts';
import { TAIL_MESSAGES } from '../log-end.ts';
import { MOST_OF_TAIL } from './log-tail.ts';

export interface ContainerLogOptions {
  readonly client: DockerClient;
  readonly id: string;
  /** What is asked about any container's log waits here: a thousand containers can start at once. */
  readonly questions: LimitedQueue;
  readonly signal: AbortSignal;
}

/** Asks the engine about one container and its log. Rejects as the client does, or with the signal's reason. */
export class ContainerLog {
  readonly #options: ContainerLogOptions;

  constructor(options: ContainerLogOptions) {
    this.#options = options;
  }

  /** The body of the log from `since` on, and what the container is where `details` are wanted. */
  open(follow: boolean, since: string, details: boolean): Promise<[Readable, ContainerDetails | undefined]> {
    const { client, id } = this.#options;
    return this.#ask(async () => {
      const query = logQuery({ follow, since });
      const opening = follow ? client.plainStream(this.#path, query) : client.stream(this.#path, query);
      try {
        return await Promise.all([opening, details ? inspectContainer(client, id) : undefined]);
      } catch (error) {
        opening.then(
          (body) => body.destroy(),
          () => undefined,
        );
        throw error;
      }
    });
  }

  inspect(): Promise<ContainerDetails | undefined> {
    const { client, id } = this.#options;
    return this.#ask(() => inspectContainer(client, id));
  }

  /** The last messages from `since` on. It does not wait: a container that removes itself is gone within milliseconds. */
  readTail(since: string): Promise<Buffer> {
    return this.#options.client.bytes(this.#path, logQuery({ tail: TAIL_MESSAGES, since }), MOST_OF_TAIL);
  }

  get #path(): string {
    return `/containers/${encodeURIComponent(this.#options.id)}/logs`;
  }

  #ask<T>(question: () => Promise<T>): Promise<T> {
    const { questions, signal } = this.#options;
    return questions.run(() => {
      signal.throwIfAborted();
      return question();
    });
  }
}

function logQuery(query: Query): Query {
  return { stdout: true, stderr: true, timestamps: true, ...query };
}
