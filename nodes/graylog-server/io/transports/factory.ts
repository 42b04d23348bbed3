import type { ConnectionOptions } from 'node:tls';
import type { Endpoint } from '../../endpoint.ts';
import type { DeliveryOptions } from '../../options.ts';
import { HttpTransport } from './http.ts';
import { TcpTransport } from './tcp.ts';
import type { Transport } from './transport.ts';
import { UdpTransport } from './udp.ts';

export interface Security {
  /** The TLS options, asked at each connection; empty for the system's authorities. May throw `BAD_TLS_CONFIG`. */
  tls(): ConnectionOptions;
  authorization: string | undefined;
  /** The collector in this Node-RED: it takes bulk bodies and may have a certificate that nobody signed. */
  isEmbedded: boolean;
}

const CONNECT_TIMEOUT_MS = 10_000;
const STALL_MS = 10_000;
const UDP_DATAGRAMS_PER_MS = 8;

/** Makes the transport for an endpoint. The function that is returned throws what `security.tls` throws. */
export function createTransportFactory(
  options: DeliveryOptions,
  security: Security,
): (endpoint: Endpoint) => Transport {
  return (endpoint) => {
    const { protocol } = endpoint;
    if (protocol === 'udp') {
      const { compression, chunkBytes } = options;
      return new UdpTransport(endpoint, { compression, chunkBytes, datagramsPerMs: UDP_DATAGRAMS_PER_MS });
    }
    if (protocol === 'tcp' || protocol === 'tls') {
      const tls = protocol === 'tls' ? security.tls() : undefined;
      return new TcpTransport(endpoint, { tls, connectTimeoutMs: CONNECT_TIMEOUT_MS, stallMs: STALL_MS });
    }
    return new HttpTransport(endpoint, {
      tls: protocol === 'https' ? httpsOptions(security) : undefined,
      connectTimeoutMs: CONNECT_TIMEOUT_MS,
      answerTimeoutMs: STALL_MS,
      authorization: security.authorization,
      bulk: options.bulk || security.isEmbedded,
      bodyBytes: 65_536,
      // Between two ends of one process, packing is work for nothing.
      gzip: options.gzip && !security.isEmbedded,
    });
  };
}

function httpsOptions({ isEmbedded, tls }: Security): ConnectionOptions {
  return isEmbedded ? { rejectUnauthorized: false } : tls();
}
