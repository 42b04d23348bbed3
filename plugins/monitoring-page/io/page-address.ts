import type { Server } from 'node:net';

interface Runtime {
  readonly server?: unknown;
  readonly settings: object;
}

/** Tells the page's address once the server listens. Nothing where there is no server, or its pages are switched off. */
export function tellAddress({ server, settings: given }: Runtime, path: string, tell: (address: string) => void): void {
  const settings = given as { readonly httpAdminRoot?: unknown; readonly https?: unknown };
  const root = settings.httpAdminRoot;
  const isServer = typeof server === 'object' && server !== null && typeof (server as Server).address === 'function';
  if (root === false || !isServer) return;
  const listening = server as Server & { readonly cert?: unknown };
  const say = (): void => {
    const found = listening.address();
    if (found === null || typeof found === 'string') return;
    const isAny = found.address === '0.0.0.0' || found.address === '::';
    const host = isAny ? '127.0.0.1' : found.family === 'IPv6' ? `[${found.address}]` : found.address;
    const scheme = settings.https === undefined ? 'http' : 'https';
    tell(`${scheme}://${host}:${found.port}${String(root ?? '/').replace(/\/$/, '')}${path}/`);
  };
  if (listening.listening) say();
  else listening.once('listening', say);
}
