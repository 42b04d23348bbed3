import type { LookupAddress } from 'node:dns';
import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { connect, isIP, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls, type TLSSocket } from 'node:tls';
import { MonitoringError } from '../../../lib/errors.ts';
import { orAbort } from '../../../lib/io/abort.ts';
import type { Family, Resolver } from '../../../lib/io/resolver.ts';
import type { PhaseTimer } from '../answer/phase-timer.ts';
import { basicOf } from '../request/proxy.ts';
import { hostOf } from '../request/url.ts';
import { type TrustAnchors, type Validity, validityOf } from './certificate.ts';

/** How long the first of several addresses may take before the next is tried beside it, in milliseconds. */
const NEXT_ADDRESS_MS = 1_000;

export interface Route {
  proxy: URL | undefined;
  family: Family;
  /** Of the dialog's tls-config: key, certificate, authorities, server name, `rejectUnauthorized`. */
  tls: ConnectionOptions;
  /** What may be spoken over TLS, the best first. */
  protocols: readonly string[];
  resolver: Resolver;
  anchors: TrustAnchors;
  /** Judges the addresses one of which is to be connected to; rejects where none may be. Not for those of a proxy. */
  admit?: ((addresses: readonly LookupAddress[]) => Promise<void>) | undefined;
}

export interface Connection {
  socket: Socket;
  validity: Validity | undefined;
  /** What was agreed on over TLS; undefined where nothing was. */
  protocol: string | undefined;
  /** The server's certificate is not to be trusted: nothing may be sent to it. */
  distrust: MonitoringError | undefined;
}

function portOf(url: URL): number {
  return Number(url.port || (url.protocol === 'https:' ? 443 : 80));
}

async function connectTcp(url: URL, route: Route, timer: PhaseTimer, signal: AbortSignal): Promise<Socket> {
  const host = hostOf(url);
  if (isIP(host) === 0 || route.family !== 0) timer.enter('dns');
  const addresses = await orAbort(route.resolver.resolve(host, route.family), signal);
  timer.enter('connect');
  if (route.proxy === undefined && route.admit !== undefined) await orAbort(route.admit(addresses), signal);
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

async function secure(
  socket: Socket,
  url: URL,
  protocols: readonly string[],
  options: ConnectionOptions,
): Promise<TLSSocket> {
  const host = hostOf(url);
  const tls = connectTls({
    host,
    servername: isIP(host) === 0 ? host : '',
    ALPNProtocols: [...protocols],
    ...options,
    socket,
    // It is checked below: of a certificate that has ended it must still be told when it did.
    rejectUnauthorized: false,
  });
  tls.on('error', () => undefined);
  await once(tls, 'secureConnect');
  return tls;
}

/** `UNTRUSTED_CERTIFICATE` where the certificate of the peer is not to be trusted. */
function distrustOf(tls: TLSSocket): MonitoringError | undefined {
  if (tls.authorized) return undefined;
  // Node.js gives an Error here, or only its code, whatever its types say.
  const cause: unknown = tls.authorizationError;
  return new MonitoringError('UNTRUSTED_CERTIFICATE', {}, { cause });
}

/** Asks an HTTP proxy for a tunnel (RFC 9110, 9.3.6). */
async function openTunnel(socket: Socket, url: URL, proxy: URL): Promise<void> {
  const authority = `${url.hostname}:${portOf(url)}`;
  const request = httpRequest({
    method: 'CONNECT',
    path: authority,
    headers: { host: authority, ...proxyAuthorization(proxy) },
    createConnection: () => socket,
  });
  request.end();
  const [response] = (await once(request, 'connect')) as [IncomingMessage];
  if (response.statusCode !== 200) throw new MonitoringError('PROXY_STATUS', { status: response.statusCode ?? 0 });
}

export function proxyAuthorization(proxy: URL): { [name: string]: string } {
  const credentials = basicOf(proxy);
  return credentials === undefined ? {} : { 'proxy-authorization': credentials };
}

/**
 * Opens a connection for one request to `url`: name, TCP, tunnel where there is a proxy, TLS. Rejects with the error of
 * the phase that `timer` is in, or with the reason of `signal`. When that aborts later on, the socket is destroyed.
 */
export async function openConnection(
  url: URL,
  route: Route,
  timer: PhaseTimer,
  signal: AbortSignal,
  nowMs: number,
): Promise<Connection> {
  const { proxy } = route;
  let socket = await connectTcp(proxy ?? url, route, timer, signal);
  try {
    if (proxy?.protocol === 'https:') {
      socket = await secure(socket, proxy, ['http/1.1'], {});
      const distrust = distrustOf(socket as TLSSocket);
      if (distrust !== undefined) throw new MonitoringError('PROXY_CERTIFICATE', {}, { cause: distrust });
    }
    if (url.protocol !== 'https:') return { socket, validity: undefined, protocol: undefined, distrust: undefined };
    if (proxy !== undefined) await openTunnel(socket, url, proxy);
    timer.enter('tls');
    const tls = await secure(socket, url, route.protocols, route.tls);
    return {
      socket: tls,
      validity: validityOf(tls, route.anchors, route.tls.ca, nowMs),
      protocol: tls.alpnProtocol || undefined,
      distrust: route.tls.rejectUnauthorized === false ? undefined : distrustOf(tls),
    };
  } catch (error) {
    socket.destroy();
    throw error;
  }
}
