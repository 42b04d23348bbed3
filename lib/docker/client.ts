import type { Readable } from 'node:stream';
import { MonitoringError } from '../errors.ts';

export type Query = { readonly [name: string]: string | number | boolean | undefined };

/**
 * Asks a Docker Engine. All of it rejects with `ENGINE_REFUSED` or `ENGINE_STATUS` where the engine does not do what was
 * asked, with `NO_ANSWER_WITHIN`, `NO_JSON`, `NO_ENGINE`, `ANSWER_TOO_LARGE`, `ANSWER_TOO_COMPLEX`, or with the error of
 * the system where it cannot be reached.
 */
export interface DockerClient {
  /** The engine in words, for a status: a socket's path or a URL without its password. */
  readonly place: string;
  /** The decoded answer to a GET, of at most `mostBytes`; of 4 MiB where none are given. */
  json(path: string, query?: Query, mostBytes?: number): Promise<unknown>;
  /** The body of a GET as a whole, of at most `mostBytes`. */
  bytes(path: string, query: Query, mostBytes: number): Promise<Buffer>;
  /**
   * The body of a GET, once its headers are here. The caller must destroy it. With a `signal` the headers may take any time,
   * as what is quiet may have none yet (Podman 5.2); the signal ends the wait, with `CLOSED`.
   */
  stream(path: string, query?: Query, signal?: AbortSignal): Promise<Readable>;
  /** As `stream`, paused, and faster for a busy one; one that is cut off ends as one that is complete. */
  plainStream(path: string, query?: Query, signal?: AbortSignal): Promise<Readable>;
  /**
   * The clock in the headers of an answer, in milliseconds since the epoch and whole seconds; undefined where there is none.
   */
  date(): Promise<number | undefined>;
}

/** An id in a path, and the version of the API before it, are of no use to people. */
function pathInWords(path: string): string {
  return path
    .replace(/\?.*$/s, '')
    .replace(/^.*?\/v\d+\.\d+(?=\/)/, '')
    .replace(/\b([0-9a-f]{12})[0-9a-f]{52}\b/g, '$1');
}

/** The error for an answer that is not 200: the engine's own words where it has some, else which path was refused. */
export function refusalError(status: number, words: string | undefined, path: string): MonitoringError {
  return words === undefined || words === ''
    ? new MonitoringError('ENGINE_STATUS', { status, path: pathInWords(path) })
    : new MonitoringError('ENGINE_REFUSED', { status, words });
}

/** The HTTP status of an engine's refusal, or undefined where the error is none. */
export function refusal(error: unknown): number | undefined {
  if (!(error instanceof MonitoringError)) return undefined;
  const isRefusal = error.code === 'ENGINE_REFUSED' || error.code === 'ENGINE_STATUS';
  return isRefusal ? Number(error.values.status) : undefined;
}

/** The engine's own words in a refusal; empty where it said nothing, or where the error is no refusal. */
export function refusalWords(error: unknown): string {
  return refusal(error) === undefined ? '' : String((error as MonitoringError).values.words ?? '');
}
