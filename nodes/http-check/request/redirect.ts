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
const OF_BODY = ['content-type', 'content-length', 'content-encoding'];

/**
 * The next request after a response with `code` and `location`, as fetch and browsers do it (RFC 9110, 15.4). After 303,
 * and after 301 or 302 of a POST, it is a GET without a body. Headers and body, of the dialog or of a msg, are meant for
 * the origin that was asked: none of them goes to another one. Undefined where the response is no redirect. Throws
 * `BAD_REDIRECT_URL` or `BAD_REDIRECT_SCHEME` where it leads to no http or https URL.
 */
export function nextHop(hop: Hop, code: number, location: string | undefined): Hop | undefined {
  if (!REDIRECTS.has(code) || location === undefined) return undefined;
  // It is not quoted: it may hold a password, or characters that steer a terminal.
  if (!URL.canParse(location, hop.url)) throw new MonitoringError('BAD_REDIRECT_URL');
  const url = new URL(location, hop.url);
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new MonitoringError('BAD_REDIRECT_SCHEME', { scheme: url.protocol.slice(0, 20) });
  const drops = (code === 303 && hop.method !== 'HEAD') || (code < 303 && hop.method === 'POST');
  const method = drops ? 'GET' : hop.method;
  if (url.origin !== hop.url.origin) return { url, method, headers: {}, body: undefined };
  const headers = Object.entries(hop.headers).filter(([name]) => !drops || !OF_BODY.includes(name));
  return { url, method, headers: Object.fromEntries(headers), body: drops ? undefined : hop.body };
}
