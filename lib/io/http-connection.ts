import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { connect, isIP, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls, type TLSSocket } from 'node:tls';
import { MonitoringError } from '../errors.ts';
import { orAbort } from './abort.ts';
import type { Resolver } from './resolver.ts';

/** How long the first of several addresses may take before the next is tried beside it, in milliseconds. */
const NEXT_ADDRESS_MS = 1_000;

export interface ConnectionRoute {
  readonly proxy: URL | undefined;
  /** Of the dialog's tls-config: key, certificate, authorities, server name, `rejectUnauthorized`. */
  readonly tls: ConnectionOptions;
  readonly resolver: Resolver;
}

function hostOf(url: URL): string {
  return url.hostname.replace(/^\[(.*)\]$/, '$1');
}

function portOf(url: URL): number {
  return Number(url.port || (url.protocol === 'https:' ? 443 : 80));
}

/** The header's value for user and password of a URL; undefined where it has neither. */
function basicOf({ username, password }: URL): string | undefined {
  if (username === '' && password === '') return undefined;
  return `Basic ${Buffer.from(`${decoded(username)}:${decoded(password)}`).toString('base64')}`;
}

/** People write a `%` of a password as it is. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export function proxyHeaders(proxy: URL): { [name: string]: string } {
  const credentials = basicOf(proxy);
  return credentials === undefined ? {} : { 'proxy-authorization': credentials };
}

async function connectTcp(url: URL, resolver: Resolver, signal: AbortSignal): Promise<Socket> {
  const host = hostOf(url);
  const addresses = await orAbort(resolver.resolve(host), signal);
  const socket = connect({
    host,
    port: portOf(url),
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: NEXT_ADDRESS_MS,
    lookup: (_name, _options, callback) => callback(null, addresses),
  });
  // An error that comes while nobody waits for this socket comes up at the next read from it.
  socket.on('error', () => undefined);
  const abort = (): void => void socket.destroy(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  socket.once('close', () => signal.removeEventListener('abort', abort));
  await once(socket, 'connect');
  return socket;
}

async function secure(socket: Socket, url: URL, options: ConnectionOptions): Promise<TLSSocket> {
  const host = hostOf(url);
  const servername = isIP(host) === 0 ? host : '';
  const tls = connectTls({ host, servername, ...options, socket, rejectUnauthorized: false });
  tls.on('error', () => undefined);
  await once(tls, 'secureConnect');
  if (!tls.authorized && options.rejectUnauthorized !== false) throw distrustOf(tls, host);
  return tls;
}

/** Names the issuer: one that nobody has heard of is a proxy that opens TLS. */
function distrustOf(tls: TLSSocket, host: string): MonitoringError {
  const { CN, O } = tls.getPeerCertificate().issuer ?? {};
  const issuer = [O, CN].flat().filter((name) => typeof name === 'string' && name !== '');
  // Node.js gives an Error here, or only its code, whatever its types say.
  const cause: unknown = tls.authorizationError;
  return new MonitoringError('UNTRUSTED_ISSUER', { host, issuer: issuer.join(', ').slice(0, 200) || '?' }, { cause });
}

/** Asks an HTTP proxy for a tunnel (RFC 9110, 9.3.6). */
async function openTunnel(socket: Socket, url: URL, proxy: URL): Promise<void> {
  const authority = `${url.hostname}:${portOf(url)}`;
  const request = httpRequest({
    method: 'CONNECT',
    path: authority,
    headers: { host: authority, ...proxyHeaders(proxy) },
    createConnection: () => socket,
  });
  request.end();
  const [response] = (await once(request, 'connect')) as [IncomingMessage];
  if (response.statusCode !== 200) throw new MonitoringError('PROXY_STATUS', { status: response.statusCode ?? 0 });
}

/**
 * Opens a connection for one request to `url`: name, TCP, tunnel where there is a proxy, TLS with a certificate that is trusted.
 * Rejects with the system's error, with `PROXY_STATUS` or `UNTRUSTED_ISSUER`, or with the reason of `signal`. When that aborts
 * later on, the socket is destroyed.
 */
export async function openHttpConnection(url: URL, route: ConnectionRoute, signal: AbortSignal): Promise<Socket> {
  const { proxy, tls, resolver } = route;
  let socket = await connectTcp(proxy ?? url, resolver, signal);
  try {
    if (proxy?.protocol === 'https:') socket = await secure(socket, proxy, {});
    if (url.protocol !== 'https:') return socket;
    if (proxy !== undefined) await openTunnel(socket, url, proxy);
    return await secure(socket, url, tls);
  } catch (error) {
    socket.destroy();
    throw error;
  }
}
