import { MonitoringError } from '../../../lib/errors.ts';
import type { CheckRequest } from '../io/check.ts';
import type { CheckSettings } from '../settings.ts';
import { msgHeaders } from './headers.ts';
import { basic, proxyFor } from './proxy.ts';
import { parseUrl } from './url.ts';

export interface Credentials {
  user: string;
  password: string;
  token: string;
}

/** How the server is reached: TLS, and the variables that may name a proxy. */
export interface Access {
  tls: CheckRequest['tls'];
  variables: { readonly [name: string]: string | undefined };
}

/** What a msg may bring: `url`, `headers`, and `payload` as the body. */
export type Asked = { readonly [key: string]: unknown };

/** The URL that the msg asks for, else the node's own. Throws `BAD_MSG_URL`. */
export function targetOf(asked: Asked | undefined, own: URL): URL {
  if (asked?.url === undefined || asked.url === '') return own;
  const url = parseUrl(asked.url);
  if (url === undefined) throw new MonitoringError('BAD_MSG_URL');
  return url;
}

function bodyOf({ body, bodyFromPayload }: CheckSettings, asked: Asked | undefined): string | Uint8Array | undefined {
  const payload = bodyFromPayload ? asked?.payload : undefined;
  if (payload === undefined || payload === null) return body === '' ? undefined : body;
  if (typeof payload === 'string' || payload instanceof Uint8Array) return payload;
  return JSON.stringify(payload);
}

function authorization(
  authType: string,
  url: URL,
  { user = '', password = '', token = '' }: Partial<Credentials>,
): string {
  if (authType === 'basic') return basic(user, password);
  if (authType === 'bearer') return `Bearer ${token}`;
  return url.username === '' ? '' : basic(decodeURIComponent(url.username), decodeURIComponent(url.password));
}

/** The request of one check, from the dialog, its credentials and the msg that asks for it. Throws `BAD_MSG_HEADERS`. */
export function buildRequest(
  settings: CheckSettings,
  credentials: Partial<Credentials>,
  { tls, variables }: Access,
  target: URL,
  asked: Asked | undefined,
): CheckRequest {
  const own = msgHeaders(asked?.headers);
  if (own === undefined) throw new MonitoringError('BAD_MSG_HEADERS');
  const secret = authorization(settings.authType, target, credentials);
  const { timeoutMs, maxRedirects, bodyLimit, family, method } = settings;
  return {
    url: target,
    method,
    headers: { ...(secret === '' ? {} : { authorization: secret }), ...settings.headers, ...own },
    body: bodyOf(settings, asked),
    timeoutMs,
    maxRedirects,
    bodyLimit,
    family,
    tls,
    proxyFor: (url) => proxyFor(url, variables),
  };
}
