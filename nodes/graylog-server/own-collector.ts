import type { Endpoint } from './endpoint.ts';
import { GELF_PATH } from './endpoint.ts';

/** The parts of Node-RED's HTTP server and settings that say where it listens. */
interface Listening {
  address(): { address: string; port: number } | string | null;
}

interface HttpSettings {
  httpNodeRoot?: string | false;
  https?: unknown;
}

const ANY_ADDRESS: { [address: string]: string } = { '0.0.0.0': '127.0.0.1', '::': '127.0.0.1' };

/**
 * The collector flow in this Node-RED, where no Graylog is configured: HTTP on Node-RED's own port. None while the
 * server does not listen yet, which is so for a moment after the flows have started.
 */
export function ownCollectorEndpoint(server: Listening | undefined, settings: HttpSettings): Endpoint[] {
  const listening = server?.address();
  if (listening === null || listening === undefined || typeof listening === 'string') return [];
  const root = typeof settings.httpNodeRoot === 'string' ? settings.httpNodeRoot.replace(/\/$/, '') : '';
  return [
    {
      protocol: settings.https === undefined ? 'http' : 'https',
      host: ANY_ADDRESS[listening.address] ?? listening.address,
      port: listening.port,
      path: `${root}${GELF_PATH}`,
    },
  ];
}
