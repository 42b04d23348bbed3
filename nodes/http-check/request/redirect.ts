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
 * A `Location` as a URL may be: its bytes beyond ASCII, which come as Latin-1, are percent-encoded as they are. So UTF-8
 * stays UTF-8, as in curl and in browsers.
 */
function asciiLocation(location: string): string {
  return location.replace(/[\x80-\xff]/g, (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase()}`);
}

/**
 * The next request after a response with `code` and `location`, as fetch and browsers do it (RFC 9110, 15.4). After 303,
 * and after 301 or 302 of a POST, it is a GET without a body. Headers and body, of the dialog or of a msg, are meant for
 * the origin that was asked: none of them goes to another one. Undefined where the response is no redirect; an empty
 * `location` is none, as in curl. Throws
 * `BAD_REDIRECT_URL` or `BAD_REDIRECT_SCHEME` where it leads to no http or https URL.
 */
export function nextHop(hop: Hop, code: number, location: string | undefined): Hop | undefined {
  if (!REDIRECTS.has(code) || location === undefined || location.trim() === '') return undefined;
  const to = asciiLocation(location);
  // It is not quoted: it may hold a password, or characters that steer a terminal.
  if (!URL.canParse(to, hop.url)) throw new MonitoringError('BAD_REDIRECT_URL');
  const url = new URL(to, hop.url);
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new MonitoringError('BAD_REDIRECT_SCHEME', { scheme: url.protocol.slice(0, 20) });
  const drops = (code === 303 && hop.method !== 'HEAD') || (code < 303 && hop.method === 'POST');
  const method = drops ? 'GET' : hop.method;
  if (url.origin !== hop.url.origin) return { url, method, headers: {}, body: undefined };
  const headers = Object.entries(hop.headers).filter(([name]) => !drops || !OF_BODY.includes(name));
  return { url, method, headers: Object.fromEntries(headers), body: drops ? undefined : hop.body };
}
