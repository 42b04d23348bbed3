import type { LookupAddress } from 'node:dns';
import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { connect, isIP, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls, type TLSSocket } from 'node:tls';
import { MonitoringError } from '../errors.ts';
import { proxyAuthorization } from '../proxy.ts';
import { hostOf } from '../url-host.ts';
import { orAbort } from './abort.ts';
import type { Family, Resolver } from './resolver.ts';

/** The steps of a connection over HTTP: name and TCP, the tunnel of a proxy, TLS. Who may be trusted is for the caller to say. */

/** How long the first of several addresses may take before the next is tried beside it, in milliseconds. */
const NEXT_ADDRESS_MS = 1_000;

export interface TcpRoute {
  readonly resolver: Resolver;
  /** 0 where not given: whatever there is. */
  readonly family?: Family;
  /** Judges the addresses one of which is to be connected to; rejects where none may be. */
  readonly admit?: ((addresses: readonly LookupAddress[]) => Promise<void>) | undefined;
  /** Hears what is done now. */
  onPhase?(phase: 'dns' | 'connect'): void;
}

function portOf(url: URL): number {
  return Number(url.port || (url.protocol === 'https:' ? 443 : 80));
}

/**
 * Connects to the host of a URL. Rejects with the system's error or with the reason of `signal`. When that aborts later on, the
 * socket is destroyed.
 */
export async function connectTcp(url: URL, route: TcpRoute, signal: AbortSignal): Promise<Socket> {
  const host = hostOf(url);
  const family = route.family ?? 0;
  if (isIP(host) === 0 || family !== 0) route.onPhase?.('dns');
  const addresses = await orAbort(route.resolver.resolve(host, family), signal);
  route.onPhase?.('connect');
  if (route.admit !== undefined) await orAbort(route.admit(addresses), signal);
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

/** TLS with the host of a URL. It says by itself whether the certificate is to be trusted; rejects with the system's error. */
export async function secure(socket: Socket, url: URL, options: ConnectionOptions): Promise<TLSSocket> {
  const host = hostOf(url);
  const tls = connectTls({
    host,
    servername: isIP(host) === 0 ? host : '',
    ...options,
    socket,
    // The caller looks at it: of a certificate that has ended it must still be told when it did.
    rejectUnauthorized: false,
  });
  tls.on('error', () => undefined);
  await once(tls, 'secureConnect');
  return tls;
}

/** Asks an HTTP proxy for a tunnel (RFC 9110, 9.3.6). Rejects with `PROXY_STATUS` where it gives none. */
export async function openTunnel(socket: Socket, url: URL, proxy: URL): Promise<void> {
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
