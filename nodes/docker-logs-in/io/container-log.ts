import type { Readable } from 'node:stream';
import type { ContainerDetails } from '../../../lib/docker/api.ts';
import type { DockerClient, Query } from '../../../lib/docker/client.ts';
import { inspectContainer } from '../../../lib/docker/containers.ts';
import { wait } from '../../../lib/io/wait.ts';
import type { LimitedQueue } from '../../../lib/limited-queue.ts';
import { TAIL_MESSAGES } from '../log-end.ts';
import { type LastMessage, lastMessage } from '../silence.ts';
import { readBeginning } from './first-stamp.ts';
import { MOST_OF_TAIL } from './log-tail.ts';

export interface ContainerLogOptions {
  readonly client: DockerClient;
  readonly id: string;
  /** What is asked about any container's log waits here: a thousand containers can start at once. */
  readonly questions: LimitedQueue;
  readonly signal: AbortSignal;
}

/** How long the engine is given for the headers of a log before others are asked for, in milliseconds. */
const HEADERS_MS = 500;

/** How long the last message of a log is waited for, in milliseconds. */
const LAST_MS = 2_000;

/** How long the first byte of a log is waited for, in milliseconds. */
const FIRST_BYTE_MS = 1_000;

export interface OpenOptions {
  readonly follow: boolean;
  /** The engine's parameter; undefined: the whole log. */
  readonly since: string | undefined;
  /** Only so many of the last messages. */
  readonly tail?: number | undefined;
  /** Ends the wait for the headers. */
  readonly signal: AbortSignal;
}

export interface OpenedLog {
  /** The body of the log. Of one that is followed the headers may come only with its first line (Podman 5.2). */
  readonly body: Promise<Readable>;
  readonly details: ContainerDetails | undefined;
}

/** Asks the engine about one container and its log. Rejects as the client does, or with the signal's reason. */
export class ContainerLog {
  readonly #options: ContainerLogOptions;

  constructor(options: ContainerLogOptions) {
    this.#options = options;
  }

  /** The log from `since` on, and what the container is. */
  open({ follow, since, tail, signal }: OpenOptions): Promise<OpenedLog> {
    const { client, id } = this.#options;
    return this.#ask(async () => {
      const query = logQuery({ follow, since, tail });
      const body = follow ? client.plainStream(this.#path, query, signal) : client.stream(this.#path, query);
      try {
        const answered = follow ? Promise.race([body, wait(HEADERS_MS, signal)]) : body;
        const [details] = await Promise.all([inspectContainer(client, id), answered]);
        return { body, details };
      } catch (error) {
        discard(body);
        throw error;
      }
    });
  }

  inspect(): Promise<ContainerDetails | undefined> {
    const { client, id } = this.#options;
    return this.#ask(() => inspectContainer(client, id));
  }

  /**
   * The last messages. It does not wait: a container that removes itself is gone within milliseconds. It names no time: an
   * engine that looks for one leaves packed files out (20.10) and ends at damage.
   */
  readTail(messages = TAIL_MESSAGES): Promise<Buffer> {
    return this.#options.client.bytes(this.#path, logQuery({ tail: messages }), MOST_OF_TAIL);
  }

  /**
   * The last message of what the log has from `since` on; undefined where there is none, or where the engine waits for one as
   * it does in a log that was cut. Cheap, however long the log is.
   */
  readLast(since: string | undefined): Promise<LastMessage | undefined> {
    const { client, signal } = this.#options;
    const query = logQuery({ tail: 1, since });
    return this.#ask(async () => {
      const bytes = await Promise.race([client.bytes(this.#path, query, MOST_OF_TAIL), wait(LAST_MS, signal)]);
      return bytes === undefined ? undefined : lastMessage(bytes);
    });
  }

  /** Whether the log has nothing at all, as far as the engine says within a second: it may wait at the end of one that was cut. */
  isEmpty(): Promise<boolean> {
    return this.#ask(async () => {
      const waiting = new AbortController();
      const body = this.#options.client.plainStream(this.#path, logQuery({}), waiting.signal);
      try {
        const opened = await Promise.race([body, wait(FIRST_BYTE_MS, waiting.signal)]);
        if (opened === undefined) return true;
        const beginning = readBeginning(opened).then(({ rest }) => rest?.length === 0);
        return await Promise.race([beginning, wait(FIRST_BYTE_MS, waiting.signal).then(() => true)]);
      } finally {
        waiting.abort();
        discard(body);
      }
    });
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

/** Nobody wants the body any more, be it there or on its way. */
export function discard(body: Promise<Readable>): void {
  body.then(
    (opened) => opened.destroy(),
    () => undefined,
  );
}

function logQuery(query: Query): Query {
  return { stdout: true, stderr: true, timestamps: true, ...query };
}
