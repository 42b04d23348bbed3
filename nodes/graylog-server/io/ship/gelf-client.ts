import gelf from 'gelf-pro';
import { createEncoder, type GelfFields } from '../../../../lib/gelf-encoder.ts';
import type { Done } from '../buffer/queue.ts';

/** The part of gelf-pro that is used: it hands a document to its adapter, whose contract is `send(string, callback)`. */
export interface GelfClient {
  adapter: { send(document: string, callback: Done): void };
  getStringFromObject(fields: GelfFields): string;
  send(document: string, callback: Done): unknown;
}

/**
 * A gelf-pro client of one's own. The module and its adapters are singletons, so that two servers in one process would
 * both send to the one configured last: an object on top of it keeps adapter and encoder apart. `take` is our transport.
 */
export function createGelfClient(take: (document: string, done: Done) => void): GelfClient {
  const client = Object.create(gelf as object) as GelfClient;
  client.adapter = { send: take };
  client.getStringFromObject = createEncoder();
  return client;
}
