/** Which proxy of the environment a request goes through, by the rules of curl. */

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
 * The proxy for `url` after `http_proxy`, `https_proxy`, `all_proxy` and `no_proxy`, in lower or upper case, as text; it may
 * hold a password. Undefined where there is none. `no_proxy` is as in curl (CURLOPT_NOPROXY): domains, addresses, networks,
 * `*`; and besides, ports.
 */
export function proxyTextFor(url: URL, variables: Variables): string | undefined {
  const read = (name: string): string => (variables[name] || variables[name.toUpperCase()] || '').trim();
  const host = url.hostname.toLowerCase();
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  const exceptions = read('no_proxy')
    .toLowerCase()
    .split(/[,\s]+/)
    .filter((entry) => entry !== '');
  if (exceptions.some((entry) => matches(entry, host, port))) return undefined;
  const proxy = read(`${url.protocol.slice(0, -1)}_proxy`) || read('all_proxy');
  return proxy === '' ? undefined : proxy.includes('://') ? proxy : `http://${proxy}`;
}
