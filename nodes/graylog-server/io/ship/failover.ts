import { reason } from '../../../../lib/errors.ts';
import { type Endpoint, endpointName } from '../../endpoint.ts';
import type { Transport } from '../transports/transport.ts';

export interface ConnectorOptions {
  /** The endpoints in order, asked at each connect; none means "not yet known". */
  endpoints(): readonly Endpoint[];
  createTransport(endpoint: Endpoint): Transport;
  /** How often a server further up in the list is looked for while a later one serves, in ms. */
  returnMs: number;
  /** A new connection every so many ms, for load balancers; 0 is never. */
  renewMs: number;
}

export interface Opened {
  transport: Transport;
  /** The place of its endpoint in the list. */
  index: number;
  name: string;
}

/** The endpoint tried last, and why it did not open. */
export interface OpenFault {
  name: string;
  why: string;
}

/** Opens the first of `count` endpoints that answers. Neither `opened` nor `fault` where there is none to try. */
export async function openFirst(
  options: ConnectorOptions,
  count = Number.POSITIVE_INFINITY,
): Promise<{ opened?: Opened; fault?: OpenFault }> {
  let fault: OpenFault | undefined;
  for (const [index, endpoint] of options.endpoints().slice(0, count).entries()) {
    const name = endpointName(endpoint);
    const transport = options.createTransport(endpoint);
    try {
      await transport.open();
      return { opened: { transport, index, name } };
    } catch (error) {
      await transport.close();
      fault = { name, why: reason(error) };
    }
  }
  return fault === undefined ? {} : { fault };
}

/**
 * While the endpoint at `index` serves, looks for one further up in the list, or for a fresh connection when one is due.
 * `found` hears of the first; the function that is returned calls it off.
 */
export function lookForBetter(options: ConnectorOptions, index: number, found: (opened: Opened) => void): () => void {
  let isOver = false;
  const look = async (count: number): Promise<void> => {
    const { opened } = await openFirst(options, count);
    if (opened === undefined) return;
    if (isOver) await opened.transport.close();
    else found(opened);
    isOver = true;
  };
  const back = index > 0 ? setInterval(() => void look(index), options.returnMs) : undefined;
  const renew = options.renewMs > 0 ? setTimeout(() => void look(index + 1), options.renewMs) : undefined;
  return () => {
    isOver = true;
    clearInterval(back);
    clearTimeout(renew);
  };
}
