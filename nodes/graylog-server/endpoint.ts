/** Where records go: one of the addresses in `LOGGING_URL`, tried in order. Pure, and checked alike in the editor. */

import { MonitoringError } from '../../lib/errors.ts';
import { parsePort } from '../../lib/port.ts';
import { visible } from '../../lib/visible.ts';
import { CHUNK_HEADER_BYTES, MAX_CHUNKS } from './chunk.ts';

const PROTOCOLS = ['tcp', 'tls', 'udp', 'http', 'https', 'amqp', 'amqps', 'file'] as const;

export type Protocol = (typeof PROTOCOLS)[number];

export interface Endpoint {
  readonly protocol: Protocol;
  /** A host name or an address; IPv6 without brackets. Empty for a file. */
  readonly host: string;
  readonly port: number;
  /**
   * Only HTTP(S), brokers and files. Graylog's input answers 404 everywhere but at `/gelf`. The virtual host of a broker. Empty:
   * the file of the user directory.
   */
  readonly path: string;
  /** The `Authorization` header for the name and the password of an HTTP(S) address. Never shown. */
  readonly authorization?: string;
  /** The name and the password of a broker's address. Never shown. */
  readonly login?: BrokerLogin;
}

export interface BrokerLogin {
  readonly user: string;
  readonly password: string;
}

const TCP_BYTES = 2_097_151;

const DEFAULT_PORT = 12_201;
const GELF_PATH = '/gelf';
/** The ports that AMQP 0-9-1 has of its own, and the virtual host that every broker begins with. */
const BROKER_PORTS = { amqp: 5_672, amqps: 5_671 } as const;
const DEFAULT_VHOST = '/';
/** Where records go while no address is configured. */
const DEFAULT_ADDRESS = 'file:';

/** The port in `text`, or the default where it is undefined. Throws `BAD_PORT`, with `text` as what it is shown as. */
function requirePort(text: string | undefined, shown: string | undefined = text): number {
  if (text === undefined) return DEFAULT_PORT;
  const port = parsePort(text);
  if (port === undefined) throw new MonitoringError('BAD_PORT', { text: visible(shown ?? '') });
  return port;
}

const ADDRESS =
  /^(?:([a-z][a-z0-9+.-]*):\/\/)?(?:([^\s/]*)@)?(\[[0-9a-f:.%a-z]+\]|[^\s:/[\]@]+)(?::([^/]*))?(\/(?!\/)\S*)?$/i;

/** `file:`, or `file:` and an absolute path, as `file:/srv/records.ndjson` or `file:///srv/records.ndjson`. */
const FILE = /^file:(?:\/\/(?=\/))?(?:\/(?=[a-z]:[\\/]))?(|\/(?!\/).*|[a-z]:[\\/].*)$/i;

/**
 * One address: `host`, `host:port`, `scheme://host:port/path` or `file:/path`. Without a scheme it is TCP, as the old shell
 * commands meant it. Throws `BAD_ADDRESS`, `BAD_SCHEME`, `BAD_PORT` or `PASSWORD_IN_ADDRESS`; none of them shows a password.
 */
export function parseEndpoint(text: string, defaultPort?: number, list: string = text): Endpoint {
  const shown = withoutSecrets(text, list);
  const file = FILE.exec(text.trim())?.[1];
  if (file !== undefined) return { protocol: 'file', host: '', port: 0, path: file };
  if (/^file:(?!\d+$)(?!\/\/)/i.test(text.trim())) throw new MonitoringError('BAD_ADDRESS', { text: shown });
  const [, scheme = 'tcp', user, host = '', portText, path = ''] = ADDRESS.exec(text.trim()) ?? [];
  if (host === '') throw new MonitoringError('BAD_ADDRESS', { text: shown });
  const protocol = PROTOCOLS.find((known) => known === scheme.toLowerCase());
  if (protocol === undefined) throw new MonitoringError('BAD_SCHEME', { text: shown });
  const port = portText === undefined ? (defaultPort ?? ownPort(protocol)) : requirePort(portText, shown);
  if (isBroker(protocol)) return brokerOf({ protocol, host: bare(host), port }, path, user, shown);
  const isHttp = protocol === 'http' || protocol === 'https';
  if (user !== undefined && !isHttp) throw new MonitoringError('PASSWORD_IN_ADDRESS', { text: shown });
  if (!isHttp && path !== '' && path !== '/') throw new MonitoringError('BAD_ADDRESS', { text: shown });
  return {
    protocol,
    host: bare(host),
    port,
    path: path === '' || path === '/' ? GELF_PATH : path,
    ...(user === undefined ? {} : { authorization: basic(user, shown) }),
  };
}

/** Whether this scheme is one of a broker that stands before Graylog. */
export function isBroker(protocol: Protocol): protocol is 'amqp' | 'amqps' {
  return protocol === 'amqp' || protocol === 'amqps';
}

function ownPort(protocol: Protocol): number {
  return isBroker(protocol) ? BROKER_PORTS[protocol] : DEFAULT_PORT;
}

const bare = (host: string): string => host.replace(/^\[|\]$/g, '');

/** `amqp://name:password@host:port/vhost`, each part percent-encoded where it must be (RabbitMQ's URI specification). */
function brokerOf(at: Omit<Endpoint, 'path'>, path: string, user: string | undefined, shown: string): Endpoint {
  if (/[?#]|^\/.*\//.test(path)) throw new MonitoringError('BAD_ADDRESS', { text: shown });
  const vhost = path.length > 1 ? decoded(path.slice(1), shown) : DEFAULT_VHOST;
  if (user === undefined) return { ...at, path: vhost };
  const [name = '', password = ''] = loginParts(user, shown);
  return { ...at, path: vhost, login: { user: name, password } };
}

/** All addresses of a comma-separated list, in order. Throws for the first that is wrong, and for none. */
export function parseEndpoints(text: string, defaultPort?: number): Endpoint[] {
  const parts = text.split(',').filter((part) => part.trim() !== '');
  if (parts.length === 0) throw new MonitoringError('BAD_ADDRESS', { text: visible(text) });
  return parts.map((part) => parseEndpoint(part, defaultPort, text));
}

/** The kinds of rows of the dialog that belong to one way of sending, and the schemes that have it. */
const ROWS = {
  udp: ['udp'],
  tcp: ['tcp', 'tls'],
  tls: ['tls', 'https', 'amqps'],
  http: ['http', 'https'],
  amqp: ['amqp', 'amqps'],
} as const;

/** Which kinds of rows belong to the addresses in a dialog; all of them where a variable has the addresses, or they are wrong. */
export function rowsOf(addresses: string | undefined): { readonly [kind in keyof typeof ROWS]: boolean } {
  const schemes = schemesOf(addresses);
  const shows = (kind: keyof typeof ROWS): boolean =>
    schemes?.some((one) => ROWS[kind].some((own) => own === one)) ?? true;
  return { udp: shows('udp'), tcp: shows('tcp'), tls: shows('tls'), http: shows('http'), amqp: shows('amqp') };
}

/** The port of the first of the addresses in a dialog, where neither it nor the dialog names one. */
export function usualPort(addresses: string | undefined): number {
  const [first] = schemesOf(addresses) ?? [];
  return first === undefined ? DEFAULT_PORT : ownPort(first);
}

function schemesOf(addresses: string | undefined): Protocol[] | undefined {
  try {
    return addresses === undefined ? undefined : parseEndpoints(addresses).map(({ protocol }) => protocol);
  } catch {
    return undefined;
  }
}

/**
 * The endpoints of a configuration, or what is wrong with it. No `url` is the file of the user directory; no `port` is the
 * default one. Both may be given as a function, which may throw.
 */
export function readEndpoints(
  url: Given<string | undefined>,
  port: Given<string | undefined>,
): { endpoints: Endpoint[]; fault?: unknown } {
  try {
    const portText = given(port);
    const defaultPort = portText === undefined ? undefined : requirePort(portText);
    return { endpoints: parseEndpoints(given(url) ?? DEFAULT_ADDRESS, defaultPort) };
  } catch (error) {
    return { endpoints: [], fault: error };
  }
}

type Given<T> = T | (() => T);

function given<T extends string | undefined>(value: Given<T>): T {
  return typeof value === 'function' ? value() : value;
}

/**
 * An address that is wrong, as it may be shown: without what stands before the last `@` and behind a `?`. A comma in a
 * password cuts it into two addresses, so that where any address of the list has an `@` none without one is shown. A port
 * that is no number may be the rest of a password.
 */
function withoutSecrets(text: string, list: string): string {
  const at = text.lastIndexOf('@');
  if (at < 0 && list.includes('@')) return '…';
  const shown = text
    .slice(at + 1)
    .trim()
    .replace(/\?.*$/s, '?…')
    .replace(/:(?!\d+(?:\/|$))[^/\]:]*(?=\/[^/]|\/?$)/, ':…')
    .slice(0, MAX_SHOWN);
  return visible(at < 0 ? shown : `…@${shown}`);
}

const MAX_SHOWN = 200;

/** The value of the `Authorization` header for `name:password`, each of them percent-encoded where it must be. */
function basic(user: string, shown: string): string {
  const bytes = new TextEncoder().encode(loginParts(user, shown).join(':'));
  return `Basic ${btoa(String.fromCharCode(...bytes))}`;
}

/** The name and the password in what stands before an `@`. */
function loginParts(user: string, shown: string): string[] {
  const colon = user.indexOf(':');
  const parts = colon < 0 ? [user, ''] : [user.slice(0, colon), user.slice(colon + 1)];
  return parts.map((part) => decoded(part, shown));
}

function decoded(text: string, shown: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new MonitoringError('BAD_ADDRESS', { text: shown });
  }
}

/** What is wrong with the TLS options, where one of the endpoints needs them. `tls` gives them, or throws. */
export function tlsFault(endpoints: readonly Endpoint[], tls: () => unknown): unknown {
  if (!endpoints.some(({ protocol }) => ROWS.tls.some((own) => own === protocol))) return undefined;
  try {
    tls();
    return undefined;
  } catch (error) {
    return error;
  }
}

/** The endpoint for people: `tcp://graylog.example:12201`, `amqp://broker.example:5672/logs`, `file:/srv/records.ndjson`. */
export function endpointName({ protocol, host, port, path }: Endpoint): string {
  if (protocol === 'file') return `file:${path}`;
  const vhost = isBroker(protocol) && path !== DEFAULT_VHOST ? `/${encodeURIComponent(path)}` : '';
  return `${protocol}://${host.includes(':') ? `[${host}]` : host}:${port}${vhost}`;
}

/** The same endpoints with a port of their own, for one kind of record. It is one of Graylog's: a broker keeps its own. */
export function withPort(endpoints: readonly Endpoint[], port: number | undefined): Endpoint[] {
  return endpoints.map((endpoint) =>
    port === undefined || isBroker(endpoint.protocol) ? endpoint : { ...endpoint, port },
  );
}

/**
 * The largest message in bytes that every one of the endpoints takes: 2 MiB less its NUL on TCP, 64 KiB less its
 * newline on HTTP, 128 chunks on UDP (Graylog's GelfChunkAggregator and its inputs' defaults). A file and a broker take what TCP takes.
 */
export function largestMessage(endpoints: readonly Endpoint[], chunkBytes: number): number {
  const limits = endpoints.map(({ protocol }) => {
    if (protocol === 'udp') return MAX_CHUNKS * (chunkBytes - CHUNK_HEADER_BYTES);
    return protocol === 'http' || protocol === 'https' ? 65_535 : TCP_BYTES;
  });
  return Math.min(TCP_BYTES, ...limits);
}
