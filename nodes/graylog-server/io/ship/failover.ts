import { MonitoringError } from '../../../../lib/errors.ts';
import { type Endpoint, endpointName } from '../../endpoint.ts';
import type { Transport } from '../transports/transport.ts';

export interface FailoverOptions {
  /** The endpoints in order, asked at each connect; none means "not yet known". */
  endpoints(): readonly Endpoint[];
  /** May throw, which counts as an endpoint that did not open. */
  createTransport(endpoint: Endpoint): Transport;
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

export interface OpenResult {
  readonly opened?: Opened;
  readonly fault?: OpenFault;
}

/**
 * Chooses among the endpoints of a server. It remembers of each how often in a row it was of no use: one that opens and
 * delivers nothing goes behind those that have failed less often, and among equals the order of the list counts.
 */
export class Failover {
  readonly #options: FailoverOptions;
  readonly #failures = new Map<number, number>();

  constructor(options: FailoverOptions) {
    this.#options = options;
  }

  /** Takes note that messages were delivered to the endpoint at this place. */
  delivered(index: number): void {
    this.#failures.delete(index);
  }

  /** Takes note that a connection to it ended, or did not open, and nothing was delivered over it. */
  failed(index: number): void {
    this.#failures.set(index, (this.#failures.get(index) ?? 0) + 1);
  }

  /**
   * Opens the first that answers of the endpoints that have failed least often. Neither `opened` nor `fault` where there
   * is none to try, or where the signal aborts.
   */
  async openFirst(signal: AbortSignal): Promise<OpenResult> {
    const line = [...this.#options.endpoints().keys()].sort((a, b) => this.#failuresOf(a) - this.#failuresOf(b));
    let result: OpenResult = {};
    for (const index of line) {
      result = await this.open(index, signal);
      if (result.opened !== undefined || signal.aborted) return result;
      this.failed(index);
    }
    return result;
  }

  /** Opens the endpoint at this place of the list. Neither `opened` nor `fault` where the signal aborts. */
  async open(index: number, signal: AbortSignal): Promise<OpenResult> {
    const endpoint = this.#options.endpoints()[index];
    if (endpoint === undefined) return { fault: { name: '', error: new MonitoringError('CLOSED') } };
    const name = endpointName(endpoint);
    let transport: Transport | undefined;
    try {
      transport = this.#options.createTransport(endpoint);
      await transport.open(signal);
    } catch (error) {
      await transport?.close(AbortSignal.abort());
      return signal.aborted ? {} : { fault: { name, error } };
    }
    if (!signal.aborted) return { opened: { transport, index, name } };
    await transport.close(signal);
    return {};
  }

  /** Opens the first that answers of those further up in the list than `index`. */
  async openEarlier(index: number, signal: AbortSignal): Promise<Opened | undefined> {
    for (let i = 0; i < index && !signal.aborted; i += 1) {
      const { opened } = await this.open(i, signal);
      if (opened !== undefined) return opened;
    }
    return undefined;
  }

  #failuresOf(index: number): number {
    return this.#failures.get(index) ?? 0;
  }
}
