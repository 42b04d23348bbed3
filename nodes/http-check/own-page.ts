/** The page of the Node-RED that this runs in: what a check without a URL asks for. */

import type { CodeRange } from './answer/accept.ts';
import type { Access } from './request/request.ts';
import type { CheckSettings } from './settings.ts';

/** What is needed of `RED`. */
export interface Runtime {
  settings: {
    uiHost?: string;
    uiPort?: number;
    https?: unknown;
    httpAdminRoot?: string | false | undefined;
    httpNodeRoot?: string | false | undefined;
    httpStatic?: unknown;
  };
  server?: {
    listening: boolean;
    address(): { address: string; port: number } | string | null;
    once(event: 'listening', listener: () => void): unknown;
    off(event: 'listening', listener: () => void): unknown;
  };
}

/** The own page is asked for at an address of this machine: no certificate names that, and no proxy leads there. */
export const OWN_PAGE: Access = { tls: { rejectUnauthorized: false }, variables: {} };

/**
 * Without an editor, behind a login, or where it wants https, Node-RED answers with a code of its own, and is as well as
 * with 200.
 */
const OWN_ACCEPT: CodeRange = [200, 499];

/** The settings where the own page is asked for: any answer of this Node-RED shows that it is up, also one that sends elsewhere. */
export function ownPageSettings(settings: CheckSettings): CheckSettings {
  return { ...settings, accept: [...settings.accept, OWN_ACCEPT], maxRedirects: 0 };
}

/** Whether Node-RED has no page at all: then its server does not even listen. */
export function isHeadless({ settings }: Runtime): boolean {
  return settings.httpAdminRoot === false && settings.httpNodeRoot === false && !settings.httpStatic;
}

/** The URL of the editor, or of what the flows serve where Node-RED has no editor. */
export function ownPage({ settings, server }: Runtime): URL {
  const { uiHost, uiPort, https, httpAdminRoot, httpNodeRoot } = settings;
  const address = server?.address();
  const listening = typeof address === 'object' && address !== null ? address : undefined;
  const host = listening?.address ?? uiHost ?? '';
  const isAny = host === '' || host === '0.0.0.0' || host === '::';
  const name = isAny ? '127.0.0.1' : host;
  const authority = name.includes(':') ? `[${name}]` : name;
  const port = listening?.port ?? uiPort ?? 1880;
  const scheme = https === undefined || https === null ? 'http' : 'https';
  const root = httpAdminRoot === false ? httpNodeRoot || '/' : (httpAdminRoot ?? '/');
  return new URL(`${scheme}://${authority}:${port}/${root.replace(/^\/+/, '')}`);
}

/** Calls `start` once the server listens, which it does a little after the flows start; not when `signal` aborts first. */
export function whenListening({ server }: Runtime, start: () => void, signal: AbortSignal): void {
  if (server === undefined || server.listening) {
    start();
    return;
  }
  server.once('listening', start);
  signal.addEventListener('abort', () => void server.off('listening', start), { once: true });
}
