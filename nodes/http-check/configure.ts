import { tlsOptions } from '../../lib/tls-config.ts';
import { type ContextOwner, isJsonata } from './expression.ts';
import type { RunnerOptions } from './io/check-runner.ts';
import { type Credentials, hasLogin } from './request/request.ts';
import { parseUrl } from './request/url.ts';
import { readSettings } from './settings.ts';

/** What is needed of `RED`. */
interface Runtime {
  util: Parameters<typeof isJsonata>[0];
  nodes: Parameters<typeof tlsOptions>[0];
}

interface ConfiguredNode extends ContextOwner {
  credentials?: Partial<Credentials>;
}

export type Configured = Pick<RunnerOptions, 'settings' | 'url' | 'tls'> | { wrong: string };

/**
 * What the configuration comes to, or the name of the property that has a value it cannot have. `address` is the URL, from
 * the dialog or the environment.
 */
export function configure(
  { util, nodes }: Runtime,
  node: ConfiguredNode,
  config: { tls?: string },
  address: string | undefined,
): Configured {
  const settings = readSettings(config, node.credentials);
  if ('wrong' in settings) return settings;
  if (!hasLogin(settings.authType, node.credentials ?? {})) return { wrong: 'credentials' };
  const url = parseUrl(address);
  if (url === undefined && address !== undefined) return { wrong: 'url' };
  if (settings.matchType === 'jsonata' && !isJsonata(util, node, settings.match)) return { wrong: 'match' };
  try {
    return { settings, url, tls: tlsOptions(nodes, config.tls) };
  } catch {
    return { wrong: 'tls' };
  }
}
