import type { ConnectionOptions } from 'node:tls';
import { Resolver } from '../../../../lib/io/resolver.ts';
import { type BrokerLogin, type Endpoint, isBroker } from '../../endpoint.ts';
import type { DeliveryOptions } from '../../options.ts';
import { AcknowledgementWatch } from './acknowledgement-watch.ts';
import { AmqpTransport } from './amqp.ts';
import { FileTransport } from './file.ts';
import { HttpTransport } from './http.ts';
import { TcpTransport } from './tcp.ts';
import type { Transport } from './transport.ts';
import { UdpTransport } from './udp.ts';

export interface Security {
  /** The TLS options, asked at each connection; empty for the system's authorities. May throw `BAD_TLS_CONFIG`. */
  tls(): ConnectionOptions;
  authorization: string | undefined;
  /** The login at a broker whose address has none. */
  login?: BrokerLogin | undefined;
  /** Looks names up at each connect; one of its own unless given. */
  resolver?: Resolver;
}

const CONNECT_TIMEOUT_MS = 10_000;
const STALL_MS = 10_000;
/** A real Graylog hangs up 0.2 to 0.4 s after it was asked to. */
const FIN_MS = 10_000;
/** A broker under load confirms when its disk has written, for many at once. */
const CONFIRM_MS = 20_000;
const UDP_DATAGRAMS_PER_MS = 8;
const FILE_BYTES = 10 * 1024 * 1024;

/** Makes the transport for an endpoint. The function that is returned throws what `security.tls` throws. */
export function createTransportFactory(
  options: DeliveryOptions,
  security: Security,
): (endpoint: Endpoint) => Transport {
  const { resolver = new Resolver() } = security;
  const { lookup } = resolver;
  const watch = new AcknowledgementWatch();
  const brokerLimit = { bytes: Number.POSITIVE_INFINITY };
  return (endpoint) => {
    const { protocol } = endpoint;
    if (protocol === 'file') return new FileTransport(endpoint, { maxBytes: FILE_BYTES });
    if (protocol === 'udp') {
      const { compression, chunkBytes } = options;
      const resolve = (name: string) => resolver.resolve(name);
      return new UdpTransport(endpoint, { compression, chunkBytes, datagramsPerMs: UDP_DATAGRAMS_PER_MS, resolve });
    }
    if (protocol === 'tcp' || protocol === 'tls') {
      const tls = protocol === 'tls' ? security.tls() : undefined;
      const limits = { connectTimeoutMs: CONNECT_TIMEOUT_MS, stallMs: STALL_MS, finMs: FIN_MS };
      return new TcpTransport(endpoint, { ...limits, tls, lookup, watch });
    }
    if (isBroker(protocol)) {
      return new AmqpTransport(endpoint, {
        ...options.broker,
        tls: protocol === 'amqps' ? security.tls() : undefined,
        login: security.login,
        connectTimeoutMs: CONNECT_TIMEOUT_MS,
        confirmTimeoutMs: CONFIRM_MS,
        lookup,
        limit: brokerLimit,
      });
    }
    return new HttpTransport(endpoint, {
      tls: protocol === 'https' ? security.tls() : undefined,
      connectTimeoutMs: CONNECT_TIMEOUT_MS,
      answerTimeoutMs: STALL_MS,
      lookup,
      authorization: endpoint.authorization ?? security.authorization,
      bulk: options.bulk,
      bodyBytes: 65_536,
      gzip: options.gzip,
    });
  };
}
