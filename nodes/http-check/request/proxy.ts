/** Which proxy of the environment a request goes through, by the rules of curl. */

type Variables = { readonly [name: string]: string | undefined };

function matches(entry: string, host: string, port: string): boolean {
  const [, name = '', onlyPort] = /^(.*?)(?::(\d+))?$/.exec(entry) ?? [];
  if (onlyPort !== undefined && onlyPort !== port) return false;
  const domain = name.replace(/^\*?\./, '');
  return host === domain || host.endsWith(`.${domain}`);
}

/**
 * The proxy for `url` after `http_proxy`, `https_proxy`, `all_proxy` and `no_proxy`, in lower or upper case. Upper-case
 * `HTTP_PROXY` counts too, as in Node-RED's own http request node. A value that is no URL is no proxy.
 */
export function proxyFor(url: URL, variables: Variables): URL | undefined {
  const read = (name: string): string => (variables[name] || variables[name.toUpperCase()] || '').trim();
  const host = url.hostname.toLowerCase();
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  const exceptions = read('no_proxy')
    .toLowerCase()
    .split(/[,\s]+/);
  if (exceptions.some((entry) => entry === '*' || (entry !== '' && matches(entry, host, port)))) return undefined;
  const proxy = read(`${url.protocol.slice(0, -1)}_proxy`) || read('all_proxy');
  const address = proxy === '' || proxy.includes('://') ? proxy : `http://${proxy}`;
  if (!URL.canParse(address)) return undefined;
  const parsed = new URL(address);
  return parsed.protocol === 'http:' || parsed.protocol === 'https:' ? parsed : undefined;
}

/** The value of an `Authorization` header for user and password (RFC 7617). */
export function basic(user: string, password: string): string {
  const bytes = new TextEncoder().encode(`${user}:${password}`);
  return `Basic ${btoa(String.fromCharCode(...bytes))}`;
}
