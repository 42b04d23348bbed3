import { wait } from '../../../lib/io/wait.ts';
import { type Endpoint, endpointName } from '../endpoint.ts';
import { frameOf } from './ship/frame-pool.ts';
import type { Transport } from './transports/transport.ts';

/** What became of one record that was sent to one endpoint. */
export interface EndpointTestResult {
  readonly endpoint: string;
  /** `delivered`: answered 202. `sent`: the system took it, nobody confirms it. */
  readonly outcome: 'delivered' | 'sent' | 'failed';
  readonly error?: unknown;
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
      let transport: Transport | undefined;
      try {
        transport = createTransport(endpoint);
        return { endpoint: name, outcome: await sendOne(transport, document) };
      } catch (error) {
        return { endpoint: name, outcome: 'failed', error };
      } finally {
        await transport?.close();
      }
    }),
  );
}

/** Rejects with what went wrong. */
async function sendOne(transport: Transport, document: string): Promise<'delivered' | 'sent'> {
  await transport.open(new AbortController().signal);
  const { refusal, failure } = await transport.send({ texts: [document], frame: frameOf([document]) });
  const error = refusal ?? failure;
  if (error !== undefined) throw error;
  if (!transport.unconfirmed) return 'delivered';
  await wait(REFUSAL_MS, transport.lost);
  transport.lost.throwIfAborted();
  return 'sent';
}
