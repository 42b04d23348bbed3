import type { TlsOptions } from 'node:tls';
import { MonitoringError } from '../../lib/errors.ts';
import { type TlsNodes, tlsOptions } from '../../lib/tls-config.ts';
import type { Settings } from './settings.ts';

/**
 * What a server of TLS takes by the tls-config node of this id; undefined where the id is empty, or nothing speaks TLS. With
 * a CA in it only senders are let in that have a certificate of it. Throws as `tlsOptions` does, and `BAD_TLS_CONFIG` where
 * there is no certificate.
 */
export function serverTls(nodes: TlsNodes, id: unknown, { isTcp, isHttp }: Settings): TlsOptions | undefined {
  if (id === undefined || id === null || id === '' || !(isTcp || isHttp)) return undefined;
  const { cert, key, ca, passphrase } = tlsOptions(nodes, id);
  if (cert === undefined || key === undefined) throw new MonitoringError('BAD_TLS_CONFIG');
  return {
    ...{ cert, key, minVersion: 'TLSv1.2' },
    ...(passphrase === undefined ? {} : { passphrase }),
    ...(ca === undefined ? {} : { ca, requestCert: true, rejectUnauthorized: true }),
  };
}
