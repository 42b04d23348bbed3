/** A request as it goes over the wire. */

import { Buffer } from 'node:buffer';
import type { Hop } from './redirect.ts';
import { withoutUser } from './url.ts';

/** What is asked for. `deflate` is understood too, but servers do not agree on what it is. */
const ENCODINGS = 'gzip, br';

/** What this side says of the length of the body itself, whatever a dialog or a msg has. */
const OF_LENGTH = ['content-length', 'transfer-encoding'];
/** Methods whose requests are expected to have a body: without one they say so (RFC 9110, 8.6). */
const WITH_BODY = ['POST', 'PUT', 'PATCH'];
/** What HTTP/2 does not know (RFC 9113, 8.2.2). */
const OF_CONNECTION = ['host', 'connection', 'keep-alive', 'proxy-connection', 'upgrade', 'te', 'http2-settings'];

/** A request, whatever protocol it goes by. */
export interface WireRequest {
  method: string;
  url: URL;
  /** Names in lower case; values are Latin-1. */
  headers: { [name: string]: string };
  body: string | Uint8Array | undefined;
}

/** The request of a hop. `cookie` is the value of that field, if any. */
export function wireRequest({ method, url, headers, body }: Hop, cookie: string | undefined): WireRequest {
  const given = Object.entries(headers).filter(([name]) => !OF_LENGTH.includes(name));
  const length = body === undefined ? undefined : Buffer.byteLength(body);
  return {
    method,
    url,
    headers: {
      host: url.host,
      'user-agent': 'infra-monitoring http-check',
      accept: '*/*',
      'accept-encoding': ENCODINGS,
      connection: 'close',
      ...Object.fromEntries(given),
      ...(cookie === undefined ? {} : { cookie }),
      ...(length !== undefined || WITH_BODY.includes(method) ? { 'content-length': String(length ?? 0) } : {}),
    },
    body,
  };
}

/** "Content-Type" for "content-type": some devices know names only as browsers write them. */
function writtenName(name: string): string {
  return name.replace(/(?:^|-)[a-z]/g, (start) => start.toUpperCase());
}

/** The head of the request in HTTP/1.1. A proxy that forwards it is told the whole URL. `extra` are more headers. */
export function headText(
  { method, url, headers }: WireRequest,
  isForwarded: boolean,
  extra: { [name: string]: string },
): string {
  const target = isForwarded ? withoutUser(url).replace(/#.*$/, '') : `${url.pathname}${url.search}`;
  const lines = Object.entries({ ...headers, ...extra }).map(([name, value]) => `${writtenName(name)}: ${value}\r\n`);
  return `${method} ${target} HTTP/1.1\r\n${lines.join('')}\r\n`;
}

/** The fields of the request in HTTP/2 (RFC 9113, 8.3.1). */
export function http2Fields({ method, url, headers }: WireRequest): { [name: string]: string } {
  const fields = Object.entries(headers).filter(([name]) => !OF_CONNECTION.includes(name));
  return {
    ':method': method,
    ':scheme': url.protocol.slice(0, -1),
    ':authority': headers.host ?? url.host,
    ':path': `${url.pathname}${url.search}`,
    ...Object.fromEntries(fields),
  };
}
