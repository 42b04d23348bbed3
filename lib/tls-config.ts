import type { ConnectionOptions } from 'node:tls';
import { MonitoringError } from './errors.ts';

/** Node-RED's own `tls-config` node. `valid` is false where its files could not be read. */
interface TlsConfigNode {
  valid: boolean;
  addTLSOptions(options: ConnectionOptions): ConnectionOptions;
}

function isTlsConfig(node: unknown): node is TlsConfigNode {
  const { addTLSOptions, valid } = (node ?? {}) as Partial<TlsConfigNode>;
  return typeof addTLSOptions === 'function' && valid !== false;
}

/**
 * What `tls.connect` shall take by the tls-config node of this id; nothing where the id is empty. `nodes` is `RED.nodes`.
 * Throws `BAD_TLS_CONFIG` where there is no such node, where it is another kind of node, or where it could not read its files.
 */
export function tlsOptions(nodes: { getNode(id: string): unknown }, id: unknown): ConnectionOptions {
  if (id === undefined || id === null || id === '') return {};
  const node = nodes.getNode(String(id));
  if (!isTlsConfig(node)) throw new MonitoringError('BAD_TLS_CONFIG');
  return node.addTLSOptions({});
}
