import { wait } from '../../../../lib/io/wait.ts';
import { type Endpoint, endpointName } from '../../endpoint.ts';
import type { Transport } from '../transports/transport.ts';

export interface FailoverOptions {
  /** The endpoints in order, asked at each connect; none means "not yet known". */
  endpoints(): readonly Endpoint[];
  /** May throw, which counts as an endpoint that did not open. */
  createTransport(endpoint: Endpoint): Transport;
  /** How often a server further up in the list is looked for while a later one serves, in ms. */
  readonly returnMs: number;
  /** A new connection every so many ms, for load balancers; 0 is never. */
  readonly renewMs: number;
}

export interface Opened {
  readonly transport: Transport;
  /** The place of its endpoint in the list. */
  readonly index: number;
  readonly name: string;
}

/** The endpoint tried last, and why it did not open. */
export interface OpenFault {
  readonly name: string;
  readonly error: unknown;
}

/** Chooses among the endpoints of a server: the first that opens. */
export class Failover {
  readonly #options: FailoverOptions;

  constructor(options: FailoverOptions) {
    this.#options = options;
  }

  /**
   * Opens the first of `count` endpoints that answers. Neither `opened` nor `fault` where there is none to try, or where
   * the signal aborts.
   */
  async openFirst(
    signal: AbortSignal,
    count = Number.POSITIVE_INFINITY,
  ): Promise<{ opened?: Opened; fault?: OpenFault }> {
    let fault: OpenFault | undefined;
    for (const [index, endpoint] of this.#options.endpoints().slice(0, count).entries()) {
      const name = endpointName(endpoint);
      let transport: Transport | undefined;
      try {
        transport = this.#options.createTransport(endpoint);
        await transport.open(signal);
        return { opened: { transport, index, name } };
      } catch (error) {
        await transport?.close();
        if (signal.aborted) return {};
        fault = { name, error };
      }
    }
    return fault === undefined ? {} : { fault };
  }

  /**
   * While the endpoint at `index` serves, looks for one further up in the list, and for a fresh connection when one is
   * due. `found` hears of each that opens and must abort the signal at the first, which ends the search.
   */
  lookForBetter(index: number, found: (opened: Opened) => void, signal: AbortSignal): void {
    if (index > 0) void this.#lookFurtherUp(index, found, signal);
    if (this.#options.renewMs > 0) void this.#renew(index, found, signal);
  }

  async #lookFurtherUp(index: number, found: (opened: Opened) => void, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await wait(this.#options.returnMs, signal);
      await this.#look(index, found, signal);
    }
  }

  async #renew(index: number, found: (opened: Opened) => void, signal: AbortSignal): Promise<void> {
    await wait(this.#options.renewMs, signal);
    await this.#look(index + 1, found, signal);
  }

  async #look(count: number, found: (opened: Opened) => void, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    const { opened } = await this.openFirst(signal, count);
    if (opened === undefined) return;
    if (signal.aborted) await opened.transport.close();
    else found(opened);
  }
}
