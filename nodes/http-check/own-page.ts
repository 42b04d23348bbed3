import type { CheckRequest } from './io/check.ts';
import type { Access } from './request/request.ts';
import { ownPage } from './request/url.ts';

/** What the check wants of Node-RED besides the node itself. `RED` has it all. */
export interface Runtime {
  settings: {
    uiHost?: string;
    uiPort?: number;
    https?: unknown;
    httpAdminRoot?: string | false | undefined;
    httpNodeRoot?: string | false | undefined;
  };
  server?: {
    listening: boolean;
    address(): { address: string; port: number } | string | null;
    once(event: 'listening', listener: () => void): unknown;
    off(event: 'listening', listener: () => void): unknown;
  };
  nodes: { getNode(id: string): unknown };
}

interface TlsConfigNode {
  valid: boolean;
  addTLSOptions(options: CheckRequest['tls']): CheckRequest['tls'];
}

/** The options of the tls-config of this id, or undefined where there is none or its files could not be read. */
export function tlsOptionsOf(RED: Runtime, id: string | undefined): CheckRequest['tls'] | undefined {
  if (id === undefined || id === '') return {};
  const node = RED.nodes.getNode(id) as TlsConfigNode | null | undefined;
  return node?.valid === true ? node.addTLSOptions({}) : undefined;
}

/** The own page is asked for at an address of this machine: no certificate names that, and no proxy leads there. */
export const OWN_PAGE: Access = { tls: { rejectUnauthorized: false }, variables: {} };

/** The page of the Node-RED that this runs in. */
export function ownPageOf(RED: Runtime): URL {
  const { uiHost, uiPort, https, httpAdminRoot, httpNodeRoot } = RED.settings;
  const address = RED.server?.address();
  const listening = typeof address === 'object' && address !== null ? address : undefined;
  return ownPage({
    https: https !== undefined && https !== null,
    host: listening?.address ?? uiHost,
    port: listening?.port ?? uiPort ?? 1880,
    adminRoot: httpAdminRoot,
    nodeRoot: httpNodeRoot,
  });
}

/** Calls `start` once the server listens: flows start a little before. Returns a function that calls it off. */
export function whenListening(server: Runtime['server'], start: () => void): () => void {
  if (server === undefined || server.listening) {
    start();
    return () => undefined;
  }
  server.once('listening', start);
  return () => {
    server.off('listening', start);
  };
}
