import { promises as dns, type LookupAddress } from 'node:dns';
import { readFile } from 'node:fs/promises';
import { isIP, type LookupFunction } from 'node:net';
import { parseHosts } from '../hosts-file.ts';
import { Semaphore } from './semaphore.ts';

/** 0 is either. */
export type Family = 0 | 4 | 6;

const HOSTS_FILE = process.platform === 'win32' ? 'C:\\Windows\\System32\\drivers\\etc\\hosts' : '/etc/hosts';
/** How long a name waits for the thread before the name servers are asked without one, in ms. */
const THREAD_PATIENCE_MS = 50;

export interface ResolverOptions {
  /** The file with the names of this host; `/etc/hosts` unless given. */
  hostsFile?: string;
  /** Asks as the system does, with a thread of the pool; `dns.lookup` unless given. */
  lookup?: (name: string, options: { all: true; family: Family }) => Promise<LookupAddress[]>;
  /** Asks the name servers over the network, without a thread. */
  query?: (name: string, family: Family) => Promise<LookupAddress[]>;
}

/**
 * Resolves names in the order that hosts have used for ever: the hosts file, then the system (getaddrinfo). getaddrinfo
 * holds a thread of libuv's pool until the name server has answered, and libuv gives it half of the four. So one look-up
 * at a time has a thread, a name is asked for once however many want it, and who finds the thread taken asks the name
 * servers over the network: a name whose server is dead delays no other.
 */
export class Resolver {
  readonly #hostsFile: string;
  readonly #lookup: NonNullable<ResolverOptions['lookup']>;
  readonly #query: NonNullable<ResolverOptions['query']>;
  readonly #thread = new Semaphore(1, THREAD_PATIENCE_MS);
  readonly #asked = new Map<string, Promise<LookupAddress[]>>();

  constructor({ hostsFile = HOSTS_FILE, lookup = dns.lookup, query = queryNameServers }: ResolverOptions = {}) {
    this.#hostsFile = hostsFile;
    this.#lookup = lookup;
    this.#query = query;
  }

  /** The addresses of a name, at least one. Rejects with the error of the system's resolver. */
  resolve(name: string, family: Family = 0): Promise<LookupAddress[]> {
    const version = isIP(name);
    if (version !== 0) {
      const isWanted = family === 0 || family === version;
      return isWanted ? Promise.resolve([{ address: name, family: version }]) : Promise.reject(noAddress(name, family));
    }
    const key = `${family} ${name}`;
    const asked = this.#asked.get(key);
    if (asked !== undefined) return asked;
    const answer = this.#ask(name, family).finally(() => this.#asked.delete(key));
    this.#asked.set(key, answer);
    return answer;
  }

  /** The same for the `lookup` option of `net.connect` and its relatives. */
  readonly lookup: LookupFunction = (name, options, callback) => {
    const family =
      options.family === 4 || options.family === 'IPv4' ? 4 : options.family === 6 || options.family === 'IPv6' ? 6 : 0;
    this.resolve(name, family).then(
      (addresses) => {
        const [first] = addresses;
        if (options.all === true) callback(null, addresses);
        else callback(null, first?.address ?? '', first?.family);
      },
      (error: NodeJS.ErrnoException) => callback(error, ''),
    );
  };

  async #ask(name: string, family: Family): Promise<LookupAddress[]> {
    const named = await this.#named(name, family);
    if (named.length > 0) return named;
    if (!(await this.#thread.acquire())) {
      const answered = await this.#query(name, family).catch(() => []);
      if (answered.length > 0) return answered;
      // It may be a name that only the system knows, such as one of a search domain: that takes its turn.
      while (!(await this.#thread.acquire()));
    }
    try {
      return await this.#lookup(name, { all: true, family });
    } finally {
      this.#thread.release();
    }
  }

  /** What the hosts file says of the name. It is read anew each time: it is short, and people edit it. */
  async #named(name: string, family: Family): Promise<LookupAddress[]> {
    const text = await readFile(this.#hostsFile, 'utf8').catch(() => '');
    const addresses = parseHosts(text).get(name.toLowerCase()) ?? [];
    return addresses
      .map((address) => ({ address, family: isIP(address) }))
      .filter((one) => one.family !== 0 && (family === 0 || one.family === family));
  }
}

function noAddress(name: string, family: Family): Error {
  return Object.assign(new Error(`${name} has no IPv${family} address`), { code: 'ENOTFOUND' });
}

async function queryNameServers(name: string, family: Family): Promise<LookupAddress[]> {
  const resolver = new dns.Resolver({ timeout: 5_000, tries: 2 });
  const answers = await Promise.allSettled([
    family === 6 ? [] : resolver.resolve4(name),
    family === 4 ? [] : resolver.resolve6(name),
  ]);
  return answers.flatMap((answer, index) =>
    answer.status === 'fulfilled' ? answer.value.map((address) => ({ address, family: index === 0 ? 4 : 6 })) : [],
  );
}
