import { MonitoringError } from '../../../lib/errors.ts';
import { basic, basicOf, proxyFor } from '../../../lib/proxy.ts';
import type { CheckRequest } from '../io/check.ts';
import type { CheckSettings } from '../settings.ts';
import { msgHeaders } from './headers.ts';
import { parseUrl } from './url.ts';

/** What Node-RED keeps apart from the flow. */
export interface Credentials {
  user: string;
  password: string;
  token: string;
  /** Header lines and body of the dialog: flows of 0.1.0 have them as properties. */
  headers: string;
  body: string;
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

/** The body that the msg brings, where the dialog says so and it has one. */
function payloadOf(bodyFromPayload: boolean, asked: Asked | undefined): string | Uint8Array | undefined {
  const payload = bodyFromPayload ? asked?.payload : undefined;
  if (payload === undefined || payload === null) return undefined;
  if (typeof payload === 'string' || payload instanceof Uint8Array) return payload;
  return JSON.stringify(payload);
}

function authorization(
  authType: string,
  { user = '', password = '', token = '' }: Partial<Credentials>,
): string | undefined {
  if (authType === 'basic') return basic(user, password);
  return authType === 'bearer' ? `Bearer ${token}` : undefined;
}

/** What the dialog and its credentials give to the servers that they are for. */
function dialogHeaders(settings: CheckSettings, credentials: Partial<Credentials>): CheckRequest['headers'] {
  const secret = authorization(settings.authType, credentials);
  return { ...(secret === undefined ? {} : { authorization: secret }), ...settings.headers };
}

/**
 * What OpenSSL shall accept besides its default, TLS 1.2 and what is safe today. Old versions need old ciphers and short keys:
 * its security level 0.
 */
function tlsVersions(minVersion: CheckSettings['tlsMinVersion']): CheckRequest['tls'] {
  if (minVersion === '') return {};
  if (minVersion === 'TLSv1.2' || minVersion === 'TLSv1.3') return { minVersion };
  return { minVersion, ciphers: 'DEFAULT@SECLEVEL=0' };
}

/** Whether the login that the dialog asks for is there: credentials are lost with the secret that they were encrypted with. */
export function hasLogin(authType: string, { user = '', password = '', token = '' }: Partial<Credentials>): boolean {
  if (authType === 'basic') return user !== '' || password !== '';
  return authType !== 'bearer' || token !== '';
}

/**
 * The request of one check, from the dialog, its credentials and the msg that asks for it. `own` is the URL of the node:
 * the dialog's login, headers, body and client certificate are for its origin, and for that of a msg's URL only where the
 * dialog says so. Throws `BAD_MSG_HEADERS`.
 */
export function buildRequest(
  settings: CheckSettings,
  credentials: Partial<Credentials>,
  { tls, variables }: Access,
  target: URL,
  asked: Asked | undefined,
  own: URL = target,
): CheckRequest {
  const brought = msgHeaders(asked?.headers);
  if (brought === undefined) throw new MonitoringError('BAD_MSG_HEADERS');
  const isTrusted = target.origin === own.origin || settings.secretsElsewhere;
  // User and password in a URL are for that URL.
  const inUrl = isTrusted && settings.authType !== 'none' ? undefined : basicOf(target);
  const { timeoutMs, maxRedirects, bodyLimit, family, method, insideRedirects, matchType, match } = settings;
  const { ca, rejectUnauthorized } = tls;
  return {
    url: target,
    method,
    headers: {
      ...(inUrl === undefined ? {} : { authorization: inUrl }),
      ...(isTrusted ? dialogHeaders(settings, credentials) : {}),
      ...brought,
    },
    body: payloadOf(settings.bodyFromPayload, asked) ?? (isTrusted && settings.body !== '' ? settings.body : undefined),
    timeoutMs,
    maxRedirects,
    bodyLimit,
    family,
    insideRedirects,
    isStrict: settings.isStrict,
    isHeadEnough: matchType === 'unread',
    keyword: matchType === 'contains' || matchType === 'excludes' ? match : undefined,
    tls: { ...(isTrusted ? tls : { ca, rejectUnauthorized }), ...tlsVersions(settings.tlsMinVersion) },
    proxyFor: (url) => proxyFor(url, variables),
  };
}
