import type { LookupAddress } from 'node:dns';
import type { Socket } from 'node:net';
import type { ConnectionOptions, TLSSocket } from 'node:tls';
import { MonitoringError } from '../../../lib/errors.ts';
import { connectTcp, openTunnel, secure } from '../../../lib/io/http-connection.ts';
import type { Family, Resolver } from '../../../lib/io/resolver.ts';
import type { PhaseTimer } from '../answer/phase-timer.ts';
import { type TrustAnchors, type Validity, validityOf } from './certificate.ts';

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

/** `UNTRUSTED_CERTIFICATE` where the certificate of the peer is not to be trusted. */
function distrustOf(tls: TLSSocket): MonitoringError | undefined {
  if (tls.authorized) return undefined;
  // Node.js gives an Error here, or only its code, whatever its types say.
  const cause: unknown = tls.authorizationError;
  return new MonitoringError('UNTRUSTED_CERTIFICATE', {}, { cause });
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
  const { resolver, family } = route;
  const onPhase = (phase: 'dns' | 'connect'): void => timer.enter(phase);
  const admit = proxy === undefined ? route.admit : undefined;
  let socket = await connectTcp(proxy ?? url, { resolver, family, admit, onPhase }, signal);
  try {
    if (proxy?.protocol === 'https:') {
      socket = await secure(socket, proxy, { ALPNProtocols: ['http/1.1'] });
      const distrust = distrustOf(socket as TLSSocket);
      if (distrust !== undefined) throw new MonitoringError('PROXY_CERTIFICATE', {}, { cause: distrust });
    }
    if (url.protocol !== 'https:') return { socket, validity: undefined, protocol: undefined, distrust: undefined };
    if (proxy !== undefined) await openTunnel(socket, url, proxy);
    timer.enter('tls');
    const tls = await secure(socket, url, { ALPNProtocols: [...route.protocols], ...route.tls });
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
