import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Where the records go, in one line and without a password. The built package has the words for an address. */
export async function destination(root, userDir, { LOGGING_URL, LOGGING_URL_FILE, LOGGING_PORT }) {
  const url = LOGGING_URL?.trim();
  if (!url && LOGGING_URL_FILE?.trim()) return 'Records go to the address in the file that LOGGING_URL_FILE names';
  const file = join(userDir, 'infra-monitoring/collected.ndjson');
  if (!url) return `LOGGING_URL is not set: records are kept in ${file}`;
  const { endpointName, readEndpoints } = await import(
    pathToFileURL(join(root, 'dist/nodes/graylog-server/endpoint.js')).href
  );
  const { endpoints, fault } = readEndpoints(url, LOGGING_PORT?.trim() || undefined);
  if (fault !== undefined) return 'LOGGING_URL or LOGGING_PORT is wrong: the status of graylog-out says how';
  return `Records go to ${endpoints.map((endpoint) => endpointName(endpoint).replace(/^file:$/, file)).join(', ')}`;
}
