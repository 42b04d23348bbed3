import { hostname } from 'node:os';
import type { Environment } from '../environment.ts';
import { setting } from '../environment.ts';

/** The name every record carries as `host`: `MONITORED_HOST`, else this machine's own name. */
export function monitoredHost(environment: Environment): string {
  return setting(undefined, environment, 'MONITORED_HOST') ?? hostname();
}
