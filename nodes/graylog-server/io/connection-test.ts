import { errorCode, reason } from '../../../lib/errors.ts';
import { type Endpoint, endpointName } from '../endpoint.ts';
import { frameOf } from './ship/frame-pool.ts';
import type { Transport } from './transports/transport.ts';

/** What became of one record that was sent to one endpoint. */
export interface EndpointTestResult {
  endpoint: string;
  /** `delivered`: answered 202. `sent`: the system took it, nobody confirms it. */
  outcome: 'delivered' | 'sent' | 'failed';
  reason?: string;
}

/** Nothing tells that a UDP port is closed but an answer of its host, which takes a moment. */
const REFUSAL_MS = 300;

/** Sends `document` to every endpoint over a connection of its own, and says what happened. Never rejects. */
export function testEndpoints(
  endpoints: readonly Endpoint[],
  createTransport: (endpoint: Endpoint) => Transport,
  document: string,
): Promise<EndpointTestResult[]> {
  return Promise.all(
    endpoints.map(async (endpoint): Promise<EndpointTestResult> => {
      const name = endpointName(endpoint);
      const transport = createTransport(endpoint);
      try {
        await transport.open();
        await transport.send({ texts: [document], frame: frameOf([document]) });
        const lost = await Promise.race([
          transport.lost,
          new Promise<undefined>((resolve) => setTimeout(resolve, transport.unconfirmed ? REFUSAL_MS : 0)),
        ]);
        if (lost !== undefined) throw lost;
        return { endpoint: name, outcome: transport.unconfirmed ? 'sent' : 'delivered' };
      } catch (error) {
        return { endpoint: name, outcome: 'failed', reason: reason(error) || (errorCode(error) ?? '') };
      } finally {
        await transport.close();
      }
    }),
  );
}
