import type { Readable } from 'node:stream';

export type Query = { readonly [name: string]: string | number | boolean | undefined };

/** What a `docker-engine` node offers to the nodes that use it. */
export interface DockerClient {
  /** The engine in words, for a status: a socket's path or a URL without its password. */
  readonly place: string;
  /** The decoded answer of a GET. Rejects with `EngineError`. */
  json<T>(path: string, query?: Query): Promise<T>;
  /** The body of a GET that goes on, once its headers are here. Whoever asks destroys it. Rejects with `EngineError`. */
  stream(path: string, query?: Query): Promise<Readable>;
  /** As `stream`, paused, and faster for a busy one; one that is cut off ends as one that is complete. */
  plainStream(path: string, query?: Query): Promise<Readable>;
}

/** Why the engine did not do what was asked: its words, and its HTTP status where it answered at all. */
export class EngineError extends Error {
  readonly statusCode: number | undefined;
  /** A system error's code, or `NO_ANSWER`, `NO_JSON`, `NO_ENGINE`. */
  readonly code: string | undefined;

  constructor(
    message: string,
    { statusCode, code }: { statusCode?: number | undefined; code?: string | undefined } = {},
  ) {
    super(message);
    this.name = 'EngineError';
    this.statusCode = statusCode;
    this.code = code;
  }
}

/** The HTTP status of an engine's refusal, or undefined where there was no answer. */
export function refusal(error: unknown): number | undefined {
  return error instanceof EngineError ? error.statusCode : undefined;
}
