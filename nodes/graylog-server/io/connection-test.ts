import { wait } from '../../../lib/io/wait.ts';
import { type Endpoint, endpointName } from '../endpoint.ts';
import { frameOf } from './ship/frame-pool.ts';
import type { Transport } from './transports/transport.ts';

/** What became of one record that was sent to one endpoint. */
export interface EndpointTestResult {
  readonly endpoint: string;
  /** `delivered`: answered 202. `read`: the server hung up in its turn. `sent`: the system took it, nobody confirms it. */
  readonly outcome: 'delivered' | 'read' | 'sent' | 'failed';
  readonly error?: unknown;
}

/** Nothing tells that a UDP port is closed but an answer of its host, which takes a moment. */
const REFUSAL_MS = 300;
/** How long a server may take to hang up when it is asked to. */
const FIN_MS = 3_000;

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
        await transport?.close(AbortSignal.abort());
      }
    }),
  );
}

/** Rejects with what went wrong. */
async function sendOne(transport: Transport, document: string): Promise<'delivered' | 'read' | 'sent'> {
  await transport.open(new AbortController().signal);
  const { refused = [], failure } = await transport.send({ texts: [document], frame: frameOf([document]) });
  const error = refused[0]?.error ?? failure;
  if (error !== undefined) throw error;
  if (transport.confirms === 'batch') return 'delivered';
  await wait(REFUSAL_MS, transport.lost);
  transport.lost.throwIfAborted();
  if (transport.confirms === 'never') return 'sent';
  const { isRead } = await transport.close(AbortSignal.timeout(FIN_MS));
  return isRead ? 'read' : 'sent';
}
