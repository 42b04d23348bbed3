import type { LookupAddress } from 'node:dns';
import { MonitoringError } from '../../../lib/errors.ts';
import type { Resolver } from '../../../lib/io/resolver.ts';
import { withTimeout } from '../../../lib/io/timeout.ts';
import { hostOf } from '../../../lib/url-host.ts';
import { isInside } from '../request/address.ts';

/** How long a name may take that a proxy is to resolve, in ms: this host may know no name server of the world. */
const PROXIED_NAME_MS = 1_000;
/** Characters of a host in an error: a redirect may name one of 16 kB. */
const MOST_SHOWN = 100;

/**
 * Keeps one check from being led inside: a server out there that redirects to this host or to the networks around it would
 * have its page fetched from there, and its text in a record. Where the first URL is inside itself, redirects may be too.
 */
export class RedirectGuard {
  readonly #first: URL;
  readonly #resolver: Resolver;
  /** What the first URL was connected to; undefined where a proxy did it. */
  #firstAddress: string | undefined;

  constructor(first: URL, resolver: Resolver) {
    this.#first = first;
    this.#resolver = resolver;
  }

  /** Hears which address the first URL was connected to without a proxy. */
  begin(address: string | undefined): void {
    this.#firstAddress = address;
  }

  /**
   * Judges the addresses that a redirect is about to be connected to, and no other than them: a name that has one address
   * when it is judged and another when it is used gains nothing by it. Rejects with `REDIRECT_INSIDE`.
   */
  async admit(url: URL, addresses: readonly LookupAddress[]): Promise<void> {
    if (!addresses.some(({ address }) => isInside(address)) || (await this.#isFirstInside())) return;
    throw new MonitoringError('REDIRECT_INSIDE', { host: hostOf(url).slice(0, MOST_SHOWN) });
  }

  /** The same for a redirect that a proxy connects to, as well as this host can know its addresses. */
  async admitProxied(url: URL): Promise<void> {
    return this.admit(url, await this.#addressesOf(url));
  }

  async #isFirstInside(): Promise<boolean> {
    if (this.#firstAddress !== undefined) return isInside(this.#firstAddress);
    const addresses = await this.#addressesOf(this.#first);
    // The name's owner could add an address inside to those outside.
    return addresses.length > 0 && addresses.every(({ address }) => isInside(address));
  }

  #addressesOf(url: URL): Promise<LookupAddress[]> {
    const none = (): LookupAddress[] => [];
    return withTimeout(this.#resolver.resolve(hostOf(url)), PROXIED_NAME_MS, none).catch(none);
  }
}
