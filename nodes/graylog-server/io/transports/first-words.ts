import { once } from 'node:events';
import { connect, type LookupFunction } from 'node:net';
import type { Endpoint } from '../../endpoint.ts';
import { faultOfAnswer } from '../../peer-fault.ts';

const PATIENCE_MS = 2_000;
/** What a client of AMQP 0-9-1 begins with. */
const AMQP_HEADER = Buffer.from('AMQP\x00\x00\x09\x01', 'latin1');

/** What the first bytes that a peer answers to AMQP tell of it, over a connection of its own; undefined where they tell nothing. */
export async function firstWords(
  { host, port }: Endpoint,
  lookup: LookupFunction | undefined,
  signal: AbortSignal,
): Promise<unknown> {
  const socket = connect({ host, port, ...(lookup === undefined ? {} : { lookup }) });
  socket.on('error', () => undefined);
  socket.write(AMQP_HEADER);
  try {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]);
    const [first] = (await once(socket, 'data', { signal: limit })) as [Buffer];
    return faultOfAnswer(first);
  } catch {
    return undefined;
  } finally {
    socket.destroy();
  }
}
