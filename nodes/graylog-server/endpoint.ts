/** Where records go: one of the addresses in `LOGGING_URL`, tried in order. Pure, and checked alike in the editor. */

import { MonitoringError } from '../../lib/errors.ts';
import { parsePort } from '../../lib/port.ts';
import { CHUNK_HEADER_BYTES, MAX_CHUNKS } from './chunk.ts';

export const PROTOCOLS = ['tcp', 'tls', 'udp', 'http', 'https'] as const;

export type Protocol = (typeof PROTOCOLS)[number];

export interface Endpoint {
  readonly protocol: Protocol;
  /** A host name or an address; IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
  /** Only HTTP(S). Graylog's input answers 404 everywhere but at `/gelf`. */
  readonly path: string;
}

export const DEFAULT_PORT = 12_201;
export const GELF_PATH = '/gelf';

/** The port in `text`, or the default where it is undefined. Throws `BAD_PORT`. */
export function requirePort(text: string | undefined): number {
  if (text === undefined) return DEFAULT_PORT;
  const port = parsePort(text);
  if (port === undefined) throw new MonitoringError('BAD_PORT', { text });
  return port;
}

const ADDRESS = /^(?:([a-z][a-z0-9+.-]*):\/\/)?(\[[0-9a-f:.%a-z]+\]|[^\s:/[\]@]+)(?::([^/]*))?(\/(?!\/)\S*)?$/i;

/**
 * One address: `host`, `host:port` or `scheme://host:port/path`. Without a scheme it is TCP, as the old shell commands
 * meant it. Throws `BAD_ADDRESS`, `BAD_SCHEME` or `BAD_PORT`.
 */
export function parseEndpoint(text: string, defaultPort: number = DEFAULT_PORT): Endpoint {
  const [, scheme = 'tcp', host = '', portText, path = ''] = ADDRESS.exec(text.trim()) ?? [];
  if (host === '') throw new MonitoringError('BAD_ADDRESS', { text });
  const protocol = PROTOCOLS.find((known) => known === scheme.toLowerCase());
  if (protocol === undefined) throw new MonitoringError('BAD_SCHEME', { text });
  const port = portText === undefined ? defaultPort : requirePort(portText);
  const isHttp = protocol === 'http' || protocol === 'https';
  if (!isHttp && path !== '' && path !== '/') throw new MonitoringError('BAD_ADDRESS', { text });
  return { protocol, host: host.replace(/^\[|\]$/g, ''), port, path: path === '' || path === '/' ? GELF_PATH : path };
}

/** All addresses of a comma-separated list, in order. Throws for the first that is wrong, and for none. */
export function parseEndpoints(text: string, defaultPort: number = DEFAULT_PORT): Endpoint[] {
  const parts = text.split(',').filter((part) => part.trim() !== '');
  if (parts.length === 0) throw new MonitoringError('BAD_ADDRESS', { text });
  return parts.map((part) => parseEndpoint(part, defaultPort));
}

/** The endpoints of a configuration, or what is wrong with it. No `url` is none; no `port` is the default one. */
export function readEndpoints(
  url: string | undefined,
  port: string | undefined,
): { endpoints: Endpoint[]; fault?: unknown } {
  try {
    const defaultPort = requirePort(port);
    return { endpoints: url === undefined ? [] : parseEndpoints(url, defaultPort) };
  } catch (error) {
    return { endpoints: [], fault: error };
  }
}

/** What is wrong with the TLS options, where one of the endpoints needs them. `tls` gives them, or throws. */
export function tlsFault(endpoints: readonly Endpoint[], tls: () => unknown): unknown {
  if (!endpoints.some(({ protocol }) => protocol === 'tls' || protocol === 'https')) return undefined;
  try {
    tls();
    return undefined;
  } catch (error) {
    return error;
  }
}

/** The endpoint for people: `tcp://graylog.example:12201`. */
export function endpointName({ protocol, host, port }: Endpoint): string {
  return `${protocol}://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** The same endpoints with a port of their own, for one kind of record. */
export function withPort(endpoints: readonly Endpoint[], port: number | undefined): Endpoint[] {
  return endpoints.map((endpoint) => (port === undefined ? endpoint : { ...endpoint, port }));
}

/**
 * The largest message in bytes that every one of the endpoints takes: 2 MiB less its NUL on TCP, 64 KiB less its
 * newline on HTTP, 128 chunks on UDP (Graylog's GelfChunkAggregator and its inputs' defaults).
 */
export function largestMessage(endpoints: readonly Endpoint[], chunkBytes: number): number {
  const limits = endpoints.map(({ protocol }) => {
    if (protocol === 'udp') return MAX_CHUNKS * (chunkBytes - CHUNK_HEADER_BYTES);
    return protocol === 'http' || protocol === 'https' ? 65_535 : 2_097_151;
  });
  return Math.min(...limits);
}
