/** Where a redirect leads and what goes along. */

import { MonitoringError } from '../../../lib/errors.ts';

export interface Hop {
  url: URL;
  method: string;
  /** Names in lower case. */
  headers: { [name: string]: string };
  body: string | Uint8Array | undefined;
}

const REDIRECTS = new Set([301, 302, 303, 307, 308]);
/** Meant for the first server only. */
const SECRET = ['authorization', 'cookie', 'proxy-authorization'];

/**
 * The next request after a response with `code` and `location`, as fetch and browsers do it (RFC 9110, 15.4). After 303,
 * and after 301 or 302 of a POST, it is a GET without a body. Secrets are not sent to another origin. Undefined where the
 * response is no redirect. Throws `BAD_REDIRECT_URL` or `BAD_REDIRECT_SCHEME` where it leads to no http or https URL.
 */
export function nextHop(hop: Hop, code: number, location: string | undefined): Hop | undefined {
  if (!REDIRECTS.has(code) || location === undefined) return undefined;
  if (!URL.canParse(location, hop.url)) throw new MonitoringError('BAD_REDIRECT_URL', { location });
  const url = new URL(location, hop.url);
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new MonitoringError('BAD_REDIRECT_SCHEME', { scheme: url.protocol });
  const drops = (code === 303 && hop.method !== 'HEAD') || (code < 303 && hop.method === 'POST');
  const leave = [
    ...(url.origin === hop.url.origin ? [] : [...SECRET, 'host']),
    ...(drops ? ['content-type', 'content-length', 'content-encoding'] : []),
  ];
  const headers = Object.fromEntries(Object.entries(hop.headers).filter(([name]) => !leave.includes(name)));
  return { url, method: drops ? 'GET' : hop.method, headers, body: drops ? undefined : hop.body };
}
