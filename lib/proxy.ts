/** Which proxy of the environment a request goes through, by the rules of curl. */

import { MonitoringError } from './errors.ts';
import { networkTest } from './rules/network.ts';

type Variables = { readonly [name: string]: string | undefined };

/** An entry of `no_proxy` without its port: a bare IPv6 address has none, `[::1]:80` and `host:80` do. */
function splitPort(entry: string): { name: string; onlyPort: string | undefined } {
  const bracketed = /^\[(.*)\](?::(\d+))?$/.exec(entry);
  if (bracketed !== null) return { name: bracketed[1] ?? '', onlyPort: bracketed[2] };
  const named = /^([^:]*):(\d+)$/.exec(entry);
  return named === null ? { name: entry, onlyPort: undefined } : { name: named[1] ?? '', onlyPort: named[2] };
}

const withoutDots = (name: string): string => name.replace(/^\*?\./, '').replace(/\.$/, '');

/** Whether `no_proxy` has this entry for the host: its domain, a domain above it, its address, or its network. */
function matches(entry: string, host: string, port: string): boolean {
  if (entry === '*') return true;
  const { name, onlyPort } = splitPort(entry);
  if (onlyPort !== undefined && onlyPort !== port) return false;
  const address = host.replace(/^\[(.*)\]$/, '$1');
  if (networkTest(address) !== undefined) return networkTest(name.replace(/^\[(.*)\]/, '$1'))?.(address) === true;
  const domain = withoutDots(name);
  const own = withoutDots(host);
  return domain !== '' && (own === domain || own.endsWith(`.${domain}`));
}

/**
 * The proxy for `url` after `http_proxy`, `https_proxy`, `all_proxy` and `no_proxy`, in lower or upper case. Upper-case
 * `HTTP_PROXY` counts too, as in Node-RED's own http request node. `no_proxy` is as in curl (CURLOPT_NOPROXY): domains, addresses,
 * networks like `10.0.0.0/8`, `*`; and besides, ports. Throws `BAD_PROXY`, or `PROXY_UNSUPPORTED` for SOCKS.
 */
export function proxyFor(url: URL, variables: Variables): URL | undefined {
  const read = (name: string): string => (variables[name] || variables[name.toUpperCase()] || '').trim();
  const host = url.hostname.toLowerCase();
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  const exceptions = read('no_proxy')
    .toLowerCase()
    .split(/[,\s]+/);
  if (exceptions.some((entry) => matches(entry, host, port))) return undefined;
  const own = `${url.protocol.slice(0, -1)}_proxy`;
  const variable = read(own) === '' ? 'all_proxy' : own;
  const proxy = read(variable);
  if (proxy === '') return undefined;
  // The value is not quoted: it may hold a password.
  const address = proxy.includes('://') ? proxy : `http://${proxy}`;
  if (!URL.canParse(address)) throw new MonitoringError('BAD_PROXY', { variable });
  const parsed = new URL(address);
  if (parsed.protocol === 'http:' || parsed.protocol === 'https:') return parsed;
  throw new MonitoringError('PROXY_UNSUPPORTED', { variable, scheme: parsed.protocol.slice(0, 20) });
}

/** The value of an `Authorization` header for user and password (RFC 7617). */
export function basic(user: string, password: string): string {
  const bytes = new TextEncoder().encode(`${user}:${password}`);
  return `Basic ${btoa(String.fromCharCode(...bytes))}`;
}

/** One character, percent-encoded as UTF-8. */
const ENCODED =
  /%[0-7][\da-f]|%[cd][\da-f]%[89ab][\da-f]|%e[\da-f](?:%[89ab][\da-f]){2}|%f[0-7](?:%[89ab][\da-f]){3}/gi;

/** Decodes what decodes: people write a `%` of a password as it is. */
function decode(text: string): string {
  return text.replace(ENCODED, (encoded) => {
    try {
      return decodeURIComponent(encoded);
    } catch {
      return encoded;
    }
  });
}

/** The header's value for user and password of a URL; undefined where it has neither. */
export function basicOf({ username, password }: URL): string | undefined {
  return username === '' && password === '' ? undefined : basic(decode(username), decode(password));
}

/** The header by which a proxy with a user or a password in its URL knows who asks. */
export function proxyAuthorization(proxy: URL): { [name: string]: string } {
  const credentials = basicOf(proxy);
  return credentials === undefined ? {} : { 'proxy-authorization': credentials };
}
