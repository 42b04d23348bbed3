import type { EngineVersion } from '../../lib/docker/engine.ts';

/** The newest version of the API that these nodes were written for. */
const KNOWN_VERSION = '1.47';

function isOlder(a: string, b: string): boolean {
  const [majorA = 0, minorA = 0] = a.split('.').map(Number);
  const [majorB = 0, minorB = 0] = b.split('.').map(Number);
  return majorA === majorB ? minorA < minorB : majorA < majorB;
}

/** The version of the API to speak with an engine: the newest that both know, else the oldest that the engine takes. */
export function commonVersion({ newestApi, oldestApi }: EngineVersion): string {
  const common = isOlder(newestApi, KNOWN_VERSION) ? newestApi : KNOWN_VERSION;
  return oldestApi !== undefined && isOlder(common, oldestApi) ? oldestApi : common;
}
