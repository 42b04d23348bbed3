/** Where a redirect leads and what goes along. */

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
 * The next request after a response with `code` and `location`, as fetch and browsers do it (RFC 9110, 15.4): 303, and
 * 301 or 302 after a POST, become a GET without a body; secrets stay with the origin. Undefined where the response is the
 * end. Throws where the location is no http or https URL.
 */
export function nextHop(hop: Hop, code: number, location: string | undefined): Hop | undefined {
  if (!REDIRECTS.has(code) || location === undefined) return undefined;
  if (!URL.canParse(location, hop.url)) throw new Error(`redirected to what is no URL: ${location}`);
  const url = new URL(location, hop.url);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw new Error(`redirected to ${url.protocol}`);
  const drops = (code === 303 && hop.method !== 'HEAD') || (code < 303 && hop.method === 'POST');
  const leave = [
    ...(url.origin === hop.url.origin ? [] : [...SECRET, 'host']),
    ...(drops ? ['content-type', 'content-length', 'content-encoding'] : []),
  ];
  const headers = Object.fromEntries(Object.entries(hop.headers).filter(([name]) => !leave.includes(name)));
  return { url, method: drops ? 'GET' : hop.method, headers, body: drops ? undefined : hop.body };
}
