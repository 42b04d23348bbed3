import { promises as dns, type LookupAddress } from 'node:dns';
import { isIP } from 'node:net';
import { Semaphore } from '../../../lib/io/semaphore.ts';

export type Family = 0 | 4 | 6;

export interface Resolver {
  /** The addresses of a name, at least one. Rejects with the error of the system's resolver. */
  resolve(name: string, family: Family): Promise<LookupAddress[]>;
}

function noAddress(name: string, family: Family): Error {
  return Object.assign(new Error(`${name} has no IPv${family} address`), { code: 'ENOTFOUND' });
}

/** Asks the name servers over the network alone: no thread, but no `/etc/hosts` and no search domains either. */
async function resolveByNetwork(name: string, family: Family): Promise<LookupAddress[]> {
  if (name === 'localhost')
    return [
      { address: '127.0.0.1', family: 4 },
      { address: '::1', family: 6 },
    ].filter((address) => family === 0 || address.family === family);
  const resolver = new dns.Resolver({ timeout: 5_000, tries: 2 });
  const ask = async (version: 4 | 6): Promise<LookupAddress[]> => {
    if (family !== 0 && family !== version) return [];
    const addresses = version === 4 ? await resolver.resolve4(name) : await resolver.resolve6(name);
    return addresses.map((address) => ({ address, family: version }));
  };
  const answers = await Promise.allSettled([ask(4), ask(6)]);
  const addresses = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
  if (addresses.length === 0) throw noAddress(name, family);
  return addresses;
}

/**
 * One for all checks of a Node-RED. Names are resolved as everything else on this host resolves them, by getaddrinfo(3),
 * which holds a thread until the name server has answered. So it gets a few threads only, a name is asked for once
 * however many checks want it, and what finds no thread free asks the name servers itself: a dead one delays its own
 * names and no others.
 */
export function createResolver(lanes: Semaphore = new Semaphore(2, 50)): Resolver {
  const asked = new Map<string, Promise<LookupAddress[]>>();

  const ask = async (name: string, family: Family): Promise<LookupAddress[]> => {
    let lane = await lanes.acquire();
    if (!lane) {
      const addresses = await resolveByNetwork(name, family).catch(() => undefined);
      if (addresses !== undefined) return addresses;
      // It may be a name of /etc/hosts or of a search domain: that takes the turn.
      while (!lane) lane = await lanes.acquire();
    }
    try {
      return await dns.lookup(name, { all: true, family });
    } finally {
      lanes.release();
    }
  };

  return {
    resolve(name, family) {
      const version = isIP(name);
      if (version !== 0)
        return family === 0 || family === version
          ? Promise.resolve([{ address: name, family: version }])
          : Promise.reject(noAddress(name, family));
      const key = `${family} ${name}`;
      const answer =
        asked.get(key) ??
        ask(name, family).finally(() => {
          asked.delete(key);
        });
      asked.set(key, answer);
      return answer;
    },
  };
}
