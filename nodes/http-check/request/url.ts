import { configured } from '../../../lib/environment.ts';

/** The URL, or undefined where the text is no http or https URL. */
export function parseUrl(text: unknown): URL | undefined {
  if (typeof text !== 'string' || !URL.canParse(text.trim())) return undefined;
  const url = new URL(text.trim());
  return url.protocol === 'http:' || url.protocol === 'https:' ? url : undefined;
}

/** The URL without user and password, as records and files may have it. */
export function withoutSecrets(url: URL): string {
  const shown = new URL(url);
  shown.username = '';
  shown.password = '';
  return shown.href;
}

/** What the dialog accepts: a URL, nothing, or a placeholder for a variable. */
export function isUrlSetting(value: unknown): boolean {
  const text = configured(value);
  return text === undefined || parseUrl(text) !== undefined;
}

export interface OwnServer {
  https: boolean;
  /** Where it listens; undefined or an "any" address stands for this machine. */
  host: string | undefined;
  port: number;
  /** The settings `httpAdminRoot` and `httpNodeRoot`; false: that part is switched off. */
  adminRoot: string | false | undefined;
  nodeRoot: string | false | undefined;
}

/** The page of this Node-RED itself: its editor, or what its flows serve where it has no editor. */
export function ownPage({ https, host, port, adminRoot, nodeRoot }: OwnServer): URL {
  const any = host === undefined || host === '' || host === '0.0.0.0' || host === '::';
  const name = any ? '127.0.0.1' : host;
  const root = adminRoot === false ? nodeRoot || '/' : (adminRoot ?? '/');
  const authority = name.includes(':') ? `[${name}]` : name;
  return new URL(`${https ? 'https' : 'http'}://${authority}:${port}/${root.replace(/^\/+/, '')}`);
}
