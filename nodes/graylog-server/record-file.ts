import { join } from 'node:path';
import type { Endpoint } from './endpoint.ts';

/** The file that takes the records while no address is configured. `folder` is that of the state files. */
export function recordFile(folder: string): string {
  return join(folder, 'collected.ndjson');
}

/** The same endpoints, with the path of the file where `file:` has none. */
export function withRecordFile(endpoints: readonly Endpoint[], folder: string): Endpoint[] {
  return endpoints.map((endpoint) =>
    endpoint.protocol === 'file' && endpoint.path === '' ? { ...endpoint, path: recordFile(folder) } : endpoint,
  );
}
