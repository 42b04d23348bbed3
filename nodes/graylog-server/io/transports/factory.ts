import type { ConnectionOptions } from 'node:tls';
import type { Endpoint } from '../../endpoint.ts';
import type { DeliveryOptions } from '../../options.ts';
import { FileTransport } from './file.ts';
import { HttpTransport } from './http.ts';
import { TcpTransport } from './tcp.ts';
import type { Transport } from './transport.ts';
import { UdpTransport } from './udp.ts';

export interface Security {
  /** The TLS options, asked at each connection; empty for the system's authorities. May throw `BAD_TLS_CONFIG`. */
  tls(): ConnectionOptions;
  authorization: string | undefined;
}

const CONNECT_TIMEOUT_MS = 10_000;
const STALL_MS = 10_000;
const UDP_DATAGRAMS_PER_MS = 8;
const FILE_BYTES = 10 * 1024 * 1024;

/** Makes the transport for an endpoint. The function that is returned throws what `security.tls` throws. */
export function createTransportFactory(
  options: DeliveryOptions,
  security: Security,
): (endpoint: Endpoint) => Transport {
  return (endpoint) => {
    const { protocol } = endpoint;
    if (protocol === 'file') return new FileTransport(endpoint, { maxBytes: FILE_BYTES });
    if (protocol === 'udp') {
      const { compression, chunkBytes } = options;
      return new UdpTransport(endpoint, { compression, chunkBytes, datagramsPerMs: UDP_DATAGRAMS_PER_MS });
    }
    if (protocol === 'tcp' || protocol === 'tls') {
      const tls = protocol === 'tls' ? security.tls() : undefined;
      return new TcpTransport(endpoint, { tls, connectTimeoutMs: CONNECT_TIMEOUT_MS, stallMs: STALL_MS });
    }
    return new HttpTransport(endpoint, {
      tls: protocol === 'https' ? security.tls() : undefined,
      connectTimeoutMs: CONNECT_TIMEOUT_MS,
      answerTimeoutMs: STALL_MS,
      authorization: endpoint.authorization ?? security.authorization,
      bulk: options.bulk,
      bodyBytes: 65_536,
      gzip: options.gzip,
    });
  };
}
