/** Where an engine is: the addresses that `DOCKER_HOST` can have, as the docker command reads them, and plain paths. */

export const DEFAULT_SOCKET = '/var/run/docker.sock';

const PLAIN_PORT = 2375;
const TLS_PORT = 2376;

export type EngineAddress =
  | { readonly kind: 'socket'; readonly path: string }
  | {
      readonly kind: 'tcp';
      readonly host: string;
      readonly port: number;
      /** Put before every path of the API, without a trailing slash. */
      readonly prefix: string;
      readonly tls: boolean;
    }
  | {
      readonly kind: 'ssh';
      readonly host: string;
      readonly port: number | undefined;
      readonly user: string | undefined;
      /** The engine's socket on the far side. */
      readonly socket: string;
    };

/** A key of the catalogue that says what is wrong with an address. */
export type AddressFault = 'scheme' | 'host' | 'port' | 'path' | 'password';

export type ParsedAddress =
  | { readonly address: EngineAddress; readonly fault?: undefined }
  /** The folder of the logs of a Kubernetes node's pods: no engine is asked. */
  | { readonly pods: string; readonly fault?: undefined; readonly address?: undefined }
  | { readonly fault: AddressFault; readonly address?: undefined };

/** Where the kubelet's runtime writes the logs of pods. */
export const POD_LOGS = '/var/log/pods';

/** Of the container runtime interface, in whose format the logs are. */
const PODS_SCHEME = 'cri';

const SOCKET_SCHEMES = ['unix', 'npipe'];
const TCP_SCHEMES = ['tcp', 'http', 'https'];

function socketAddress(path: string): ParsedAddress {
  if (path === '') return { address: { kind: 'socket', path: DEFAULT_SOCKET } };
  // A named pipe is written npipe:////./pipe/docker_engine: what is left is //./pipe/docker_engine.
  return path.startsWith('/') ? { address: { kind: 'socket', path } } : { fault: 'path' };
}

function podsAddress(path: string): ParsedAddress {
  const folder = path.replace(/(?<=.)\/+$/, '');
  if (folder === '') return { pods: POD_LOGS };
  return folder.startsWith('/') ? { pods: folder } : { fault: 'path' };
}

function portOf(text: string | undefined): number | undefined {
  const port = Number(text);
  return Number.isInteger(port) && port > 0 && port < 65_536 ? port : undefined;
}

/** What stands after the scheme of a TCP or ssh address. */
interface Authority {
  /** What stands before the `@`. */
  readonly credentials: string | undefined;
  readonly host: string;
  readonly port: number | undefined;
  readonly path: string;
}

function parseAuthority(text: string): Authority | { readonly fault: AddressFault } {
  const parts = /^(?:([^@/]*)@)?(\[[0-9a-f:.%]+\]|[^:/[\]\s]*)(?::([^/]*))?(\/\S*)?$/i.exec(text);
  const [, credentials, bracketed, portText, path = ''] = parts ?? [];
  // A name that begins with a dash would be an option to the ssh command.
  if (!bracketed || bracketed.startsWith('-') || credentials?.startsWith('-')) return { fault: 'host' };
  const port = portOf(portText);
  if (portText !== undefined && port === undefined) return { fault: 'port' };
  return { credentials, host: bracketed.replace(/^\[|\]$/g, ''), port, path };
}

function sshAddress({ credentials, host, port, path }: Authority): ParsedAddress {
  if (credentials?.includes(':')) return { fault: 'password' };
  const socket = path.length > 1 ? path : DEFAULT_SOCKET;
  return { address: { kind: 'ssh', host, port, user: credentials || undefined, socket } };
}

function tcpAddress({ credentials, host, port, path }: Authority, tls: boolean): ParsedAddress {
  if (credentials !== undefined) return { fault: 'password' };
  const prefix = path.replace(/\/+$/, '');
  return { address: { kind: 'tcp', host, port: port ?? (tls ? TLS_PORT : PLAIN_PORT), prefix, tls } };
}

/**
 * Reads `cri:///var/log/pods`, `unix:///path`, `npipe:////./pipe/name`, `/path`, `tcp://host:port`, `http://`, `https://`, `host:port` and
 * `ssh://user@host:port/socket`. `tls` says that the connection is encrypted even where the scheme does not say so.
 */
export function parseAddress(text: string, tls = false): ParsedAddress {
  const trimmed = text.trim();
  const parsed = parseTrimmed(trimmed, tls);
  // The words for any other fault quote the address.
  return parsed.fault !== undefined && mayHoldPassword(trimmed) ? { fault: 'password' } : parsed;
}

/** A user is allowed with ssh, and there a password follows a colon. */
function mayHoldPassword(text: string): boolean {
  return /^ssh:\/\//i.test(text) ? /:[^@]*@/.test(text.slice('ssh:'.length)) : text.includes('@');
}

function parseTrimmed(trimmed: string, tls: boolean): ParsedAddress {
  if (trimmed === '' || trimmed.startsWith('/')) return socketAddress(trimmed);
  const [, scheme = 'tcp', rest = ''] = /^(?:([a-z][a-z0-9+.-]*):\/\/)?(.*)$/is.exec(trimmed) ?? [];
  const kind = scheme.toLowerCase();
  if (kind === PODS_SCHEME) return podsAddress(rest);
  if (SOCKET_SCHEMES.includes(kind)) return socketAddress(rest);
  if (!TCP_SCHEMES.includes(kind) && kind !== 'ssh') return { fault: 'scheme' };
  const authority = parseAuthority(rest);
  if ('fault' in authority) return authority;
  return kind === 'ssh' ? sshAddress(authority) : tcpAddress(authority, tls || kind === 'https');
}

/** The address in words, for a status. */
export function placeOf(address: EngineAddress): string {
  if (address.kind === 'socket') return address.path;
  const host = address.host.includes(':') ? `[${address.host}]` : address.host;
  if (address.kind === 'tcp') return `${address.tls ? 'https' : 'tcp'}://${host}:${address.port}${address.prefix}`;
  const user = address.user === undefined ? '' : `${address.user}@`;
  return `ssh://${user}${host}${address.port === undefined ? '' : `:${address.port}`}`;
}
