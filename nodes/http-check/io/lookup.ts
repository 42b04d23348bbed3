import { promises as dns, type LookupAddress } from 'node:dns';
import { isIP } from 'node:net';
import { MonitoringError } from '../../../lib/errors.ts';
import { Semaphore } from '../../../lib/io/semaphore.ts';

export type Family = 0 | 4 | 6;

function noAddress(name: string, family: Family): MonitoringError {
  return new MonitoringError('NO_ADDRESS', { name, family });
}

/** Asks the name servers over the network: that holds no thread, and knows no `/etc/hosts` and no search domains. */
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
 * The resolver of all checks of a Node-RED. Names are resolved as everything else on this host resolves them, by
 * getaddrinfo(3), which holds a thread until the name server has answered. Three rules keep a dead name server from
 * delaying other names: only a few threads are held; a name is asked for once however many checks want it; and a name
 * that finds no thread free is asked of the name servers over the network.
 */
export class Resolver {
  readonly #threads: Semaphore;
  /** The questions that are open, by family and name. */
  readonly #open = new Map<string, Promise<LookupAddress[]>>();

  constructor(threads: Semaphore = new Semaphore(2, 50)) {
    this.#threads = threads;
  }

  /** The addresses of a name, at least one. Rejects with the error of the system's resolver, or with `NO_ADDRESS`. */
  async resolve(name: string, family: Family): Promise<LookupAddress[]> {
    const version = isIP(name);
    if (version !== 0) {
      if (family !== 0 && family !== version) throw noAddress(name, family);
      return [{ address: name, family: version }];
    }
    const key = `${family} ${name}`;
    const answer = this.#open.get(key) ?? this.#ask(name, family).finally(() => this.#open.delete(key));
    this.#open.set(key, answer);
    return answer;
  }

  async #ask(name: string, family: Family): Promise<LookupAddress[]> {
    let hasThread = await this.#threads.acquire();
    if (!hasThread) {
      const addresses = await resolveByNetwork(name, family).catch(() => undefined);
      if (addresses !== undefined) return addresses;
      // It may be a name of /etc/hosts or of a search domain, which only the system knows.
      while (!hasThread) hasThread = await this.#threads.acquire();
    }
    try {
      return await dns.lookup(name, { all: true, family });
    } finally {
      this.#threads.release();
    }
  }
}
