/** The engine itself: the `docker-engine` node that leads to it, its version and its clock. */

import { MonitoringError } from '../errors.ts';
import type { PodSource } from '../pods/api.ts';
import { type DockerClient, refusal } from './client.ts';
import { asObject, asText } from './json.ts';
import { nanosOfMs } from './saved-time.ts';
import { nanosOf } from './time.ts';

/** What a `docker-engine` node offers to the nodes that use it. */
export interface EngineAccess {
  /** Undefined where the configuration is wrong. */
  readonly client: DockerClient | undefined;
  /** In place of a client: the logs of the pods of a Kubernetes node. */
  readonly pods: PodSource | undefined;
  /** What is wrong with the configuration, for people. */
  readonly fault: string | undefined;
  /** Why the engine did not do what was asked, for people. */
  explain(error: unknown): string;
}

/** The `docker-engine` node of this id; undefined where there is none, or another kind of node. `nodes` is `RED.nodes`. */
export function findEngine(nodes: { getNode(id: string): unknown }, id: unknown): EngineAccess | undefined {
  const node = nodes.getNode(String(id ?? '')) as Partial<EngineAccess> | null | undefined;
  const isEngine = typeof node?.explain === 'function' && 'client' in node && 'fault' in node;
  return isEngine ? (node as EngineAccess) : undefined;
}

/** What `GET /version` tells. */
export interface EngineVersion {
  /** The version of the engine; undefined where it does not tell. */
  readonly version: string | undefined;
  /** The newest version of the API that it speaks. */
  readonly newestApi: string;
  /** The oldest that it still understands. */
  readonly oldestApi: string | undefined;
}

/** A version of the API. It becomes a part of every path. */
function apiVersion(value: unknown): string | undefined {
  const text = asText(value);
  return text !== undefined && /^\d{1,4}\.\d{1,4}$/.test(text) ? text : undefined;
}

/** The answer to `GET /version`. Throws `NO_ENGINE` where it names no version of the API. */
export function parseVersion(answer: unknown): EngineVersion {
  const { Version, ApiVersion, MinAPIVersion } = asObject(answer) ?? {};
  const newestApi = apiVersion(ApiVersion);
  if (newestApi === undefined) throw new MonitoringError('NO_ENGINE');
  return { version: asText(Version), newestApi, oldestApi: apiVersion(MinAPIVersion) };
}

/**
 * Whether an engine of this API (`1.41`) leaves out lines of a log that it packs at rotation while the log is followed, as
 * 20.10 does. It was mended in 23.0, with 1.42.
 */
export function losesItsPlace({ newestApi }: EngineVersion): boolean {
  const [major = 0, minor = 0] = newestApi.split('.').map(Number);
  return major === 1 && minor < 42;
}

/** The clock in the answer to `GET /info`, in nanoseconds since the epoch; undefined where it has none that can be read. */
export function parseSystemTime(answer: unknown): string | undefined {
  return nanosOf(asText(asObject(answer)?.SystemTime) ?? '');
}

/**
 * The engine's own clock, in nanoseconds since the epoch. A proxy for log shippers may keep `/info` back: then it is the
 * clock in the headers of an answer, else this host's, `nowMs` in milliseconds. Rejects with the client's error.
 */
export async function engineTime(client: DockerClient, nowMs: () => number): Promise<string> {
  return (await systemTime(client)) ?? nanosOfMs((await client.date()) ?? nowMs());
}

async function systemTime(client: DockerClient): Promise<string | undefined> {
  try {
    return parseSystemTime(await client.json('/info'));
  } catch (error) {
    if (refusal(error) === undefined) throw error;
    return undefined;
  }
}
