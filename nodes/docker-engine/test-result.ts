import type { ContainerSummary } from '../../lib/docker/api.ts';
import type { EngineVersion } from '../../lib/docker/engine.ts';
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
