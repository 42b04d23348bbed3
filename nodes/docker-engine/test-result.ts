import type { ContainerSummary } from '../../lib/docker/api.ts';
import type { EngineVersion } from '../../lib/docker/engine.ts';
import type { PodLogFile } from '../../lib/pods/log-path.ts';
import { commonVersion } from './version.ts';

/** What the Test button tells of an engine that answers. */
export interface TestResult {
  readonly place: string;
  readonly version: string | undefined;
  /** The version of the API that these nodes speak with it. */
  readonly api: string;
  readonly containers: number;
  readonly running: number;
}

export function testResult(place: string, engine: EngineVersion, containers: readonly ContainerSummary[]): TestResult {
  const running = containers.filter(({ State }) => State === 'running').length;
  return { place, version: engine.version, api: commonVersion(engine), containers: containers.length, running };
}

/** What the Test button tells of the logs of a Kubernetes node. */
export interface PodsResult {
  readonly place: string;
  readonly pods: number;
  readonly containers: number;
}

export function podsResult(place: string, logs: readonly PodLogFile[]): PodsResult {
  const pods = new Set(logs.map(({ uid }) => uid));
  const containers = new Set(logs.map(({ uid, container }) => `${uid}/${container}`));
  return { place, pods: pods.size, containers: containers.size };
}
