import { promises as dns, type LookupAddress } from 'node:dns';
import { readFile } from 'node:fs/promises';
import { isIP, type LookupFunction } from 'node:net';
import { MonitoringError } from '../errors.ts';
import { addressesIn, withoutDot } from '../hosts-file.ts';
import { candidatesOf, isForSystemOnly, parseResolvConf, type SearchRules } from '../resolv-conf.ts';
import { Semaphore } from './semaphore.ts';

/** 0 is either. */
export type Family = 0 | 4 | 6;

const HOSTS_FILE = process.platform === 'win32' ? 'C:\\Windows\\System32\\drivers\\etc\\hosts' : '/etc/hosts';
const RESOLV_CONF = '/etc/resolv.conf';
/** How long a name waits for the thread before the name servers are asked without one, in ms. */
const THREAD_PATIENCE_MS = 50;
/** How long it waits for the thread after that, in ms: more names than it can serve must not pile up. */
const TURN_PATIENCE_MS = 10_000;

const LOOPBACK: readonly LookupAddress[] = [
  { address: '127.0.0.1', family: 4 },
  { address: '::1', family: 6 },
];

export interface ResolverOptions {
  /** The file with the names of this host; `/etc/hosts` unless given. */
  hostsFile?: string;
  /** Asks as the system does, with a thread of the pool; `dns.lookup` unless given. */
  lookup?: (name: string, options: { all: true; family: Family }) => Promise<LookupAddress[]>;
  /** Asks the name servers over the network, without a thread. Gives none where the system might know better. */
  query?: (name: string, family: Family) => Promise<LookupAddress[]>;
}

/**
 * Resolves names in the order that hosts have used for ever: the hosts file, then the system (getaddrinfo). getaddrinfo
 * holds a thread of libuv's pool until the name server has answered, and libuv gives it half of the four. So one look-up
 * at a time has a thread, a name is asked for once however many want it, and who finds the thread taken asks the name
 * servers over the network, by the search domains that the system would use: a name whose server is dead delays no other.
 */
export class Resolver {
  readonly #hostsFile: string;
  readonly #lookup: NonNullable<ResolverOptions['lookup']>;
  readonly #query: NonNullable<ResolverOptions['query']>;
  readonly #thread = new Semaphore(1, THREAD_PATIENCE_MS);
  readonly #turn = new Semaphore(1, TURN_PATIENCE_MS);
  readonly #asked = new Map<string, Promise<LookupAddress[]>>();

  constructor({ hostsFile = HOSTS_FILE, lookup = dns.lookup, query = queryNameServers }: ResolverOptions = {}) {
    this.#hostsFile = hostsFile;
    this.#lookup = lookup;
    this.#query = query;
  }

  /**
   * The addresses of a name, at least one. Rejects with the error of the system's resolver, with
   * `NO_ADDRESS`, or with `NAME_UNRESOLVED` where its turn did not come.
   */
  resolve(name: string, family: Family = 0): Promise<LookupAddress[]> {
    const version = isIP(name);
    if (version !== 0) {
      const isWanted = family === 0 || family === version;
      return isWanted ? Promise.resolve([{ address: name, family: version }]) : Promise.reject(noAddress(name, family));
    }
    const key = `${family} ${name.toLowerCase()}`;
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
    const own = isLocalhost(name) ? LOOPBACK.filter((one) => family === 0 || one.family === family) : [];
    if (own.length > 0) return [...own];
    if (await this.#thread.acquire()) return this.#askSystem(name, family);
    const answered = await this.#query(name, family).catch(() => []);
    if (answered.length > 0) return answered;
    // It may be a name that only the system knows, such as one of a directory service: that takes its turn.
    if (!(await this.#takeTurn())) throw new MonitoringError('NAME_UNRESOLVED', { name });
    return this.#askSystem(name, family);
  }

  /** Waits for the thread. Those who wait do so behind each other, so that only one of them looks for it. */
  async #takeTurn(): Promise<boolean> {
    if (!(await this.#turn.acquire())) return false;
    try {
      const until = performance.now() + TURN_PATIENCE_MS;
      while (!(await this.#thread.acquire())) if (performance.now() > until) return false;
      return true;
    } finally {
      this.#turn.release();
    }
  }

  async #askSystem(name: string, family: Family): Promise<LookupAddress[]> {
    try {
      return await this.#lookup(name, { all: true, family });
    } finally {
      this.#thread.release();
    }
  }

  /** What the hosts file says of the name. It is read anew each time: people edit it. */
  async #named(name: string, family: Family): Promise<LookupAddress[]> {
    const text = await readFile(this.#hostsFile, 'utf8').catch(() => '');
    return addressesIn(text, name)
      .map((address) => ({ address, family: isIP(address) }))
      .filter((one) => one.family !== 0 && (family === 0 || one.family === family));
  }
}

function noAddress(name: string, family: Family): Error {
  return new MonitoringError('NO_ADDRESS', { name, family });
}

/** Names of this host whatever a name server says (RFC 6761, 6.3). */
function isLocalhost(name: string): boolean {
  return /(?:^|\.)localhost$/i.test(withoutDot(name));
}

/** Whether a name server said that there is no such name or no such address, and did not merely fail. */
function isNegative(error: unknown): boolean {
  return ['ENOTFOUND', 'ENODATA'].includes(String((error as { code?: unknown }).code));
}

/** The addresses of the first of the system's candidates that has any. One that cannot be decided ends the search. */
async function queryNameServers(name: string, family: Family): Promise<LookupAddress[]> {
  if (isForSystemOnly(name)) return [];
  for (const candidate of candidatesOf(name, await searchRules())) {
    const addresses = await queryName(candidate, family);
    if (addresses.length > 0) return addresses;
  }
  return [];
}

async function searchRules(): Promise<SearchRules> {
  return parseResolvConf(await readFile(RESOLV_CONF, 'utf8').catch(() => ''));
}

async function queryName(name: string, family: Family): Promise<LookupAddress[]> {
  const resolver = new dns.Resolver({ timeout: 5_000, tries: 2 });
  const answers = await Promise.allSettled([
    family === 6 ? [] : resolver.resolve4(name),
    family === 4 ? [] : resolver.resolve6(name),
  ]);
  const addresses = answers.flatMap((answer, index) =>
    answer.status === 'fulfilled' ? answer.value.map((address) => ({ address, family: index === 0 ? 4 : 6 })) : [],
  );
  if (addresses.length > 0) return addresses;
  const undecided = answers.find((answer) => answer.status === 'rejected' && !isNegative(answer.reason));
  if (undecided?.status === 'rejected') throw undecided.reason;
  return [];
}
