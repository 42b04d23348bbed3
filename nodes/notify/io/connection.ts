import type { Socket } from 'node:net';
import type { ConnectionOptions, TLSSocket } from 'node:tls';
import { MonitoringError } from '../../../lib/errors.ts';
import { connectTcp, openTunnel, secure } from '../../../lib/io/http-connection.ts';
import type { Resolver } from '../../../lib/io/resolver.ts';
import { hostOf } from '../../../lib/url-host.ts';

export interface ConnectionRoute {
  readonly proxy: URL | undefined;
  /** Of the dialog's tls-config: key, certificate, authorities, server name, `rejectUnauthorized`. */
  readonly tls: ConnectionOptions;
  readonly resolver: Resolver;
}

/**
 * Opens a connection for one request to `url`, over TLS with a certificate that is trusted. Rejects with the system's error, with
 * `PROXY_STATUS` or `UNTRUSTED_ISSUER`, or with the reason of `signal`. When that aborts later on, the socket is destroyed.
 */
export async function openTrusted(url: URL, route: ConnectionRoute, signal: AbortSignal): Promise<Socket> {
  const { proxy, tls, resolver } = route;
  let socket = await connectTcp(proxy ?? url, { resolver }, signal);
  try {
    if (proxy?.protocol === 'https:') socket = await trusted(socket, proxy, {});
    if (url.protocol !== 'https:') return socket;
    if (proxy !== undefined) await openTunnel(socket, url, proxy);
    return await trusted(socket, url, tls);
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

async function trusted(socket: Socket, url: URL, options: ConnectionOptions): Promise<TLSSocket> {
  const tls = await secure(socket, url, options);
  if (!tls.authorized && options.rejectUnauthorized !== false) throw distrustOf(tls, hostOf(url));
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
