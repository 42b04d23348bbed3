import type { ConnectionOptions } from 'node:tls';
import { MonitoringError } from './errors.ts';

/** Node-RED's own `tls-config` node. `valid` is false where its files could not be read. */
interface TlsConfigNode {
  valid: boolean;
  addTLSOptions(options: ConnectionOptions): ConnectionOptions;
}

/**
 * The names that its dialog keeps of what was uploaded, by its `certType`, and where the node then has the content, which is
 * kept with the credentials. A type that is not here has nothing uploaded.
 */
const UPLOADED: { readonly [certType: string]: { readonly [name: string]: string } } = {
  files: { certname: 'cert', keyname: 'key', caname: 'ca' },
  pfx: { p12name: 'pfx' },
};

/** The part of `RED.nodes` that is asked for a tls-config node. */
export interface TlsNodes {
  getNode(id: string): unknown;
  /** Goes through the configuration of all nodes. */
  eachNode?(hear: (config: { id: string }) => void): void;
}

/** Whether files were uploaded for a tls-config node and it has none of one: Node-RED could not decrypt its credentials. */
function isWithoutFiles(nodes: TlsNodes, id: string, node: object): boolean {
  let isMissing = false;
  nodes.eachNode?.((config) => {
    if (config.id !== id) return;
    const names = UPLOADED[String(Reflect.get(config, 'certType') || 'files')] ?? {};
    isMissing = Object.entries(names).some(([name, kept]) => Reflect.get(config, name) && !Reflect.get(node, kept));
  });
  return isMissing;
}

function isTlsConfig(node: unknown): node is TlsConfigNode {
  const { addTLSOptions, valid } = (node ?? {}) as Partial<TlsConfigNode>;
  return typeof addTLSOptions === 'function' && valid !== false;
}

/**
 * What `tls.connect` shall take by the tls-config node of this id; nothing where the id is empty. `nodes` is `RED.nodes`.
 * Throws `BAD_TLS_CONFIG` where there is no such node, where it is another kind of node, or where it could not read its files,
 * and `CREDENTIALS_MISSING` where what was uploaded for it is gone.
 */
export function tlsOptions(nodes: TlsNodes, id: unknown): ConnectionOptions {
  if (id === undefined || id === null || id === '') return {};
  const node = nodes.getNode(String(id));
  if (!isTlsConfig(node)) throw new MonitoringError('BAD_TLS_CONFIG');
  if (isWithoutFiles(nodes, String(id), node)) throw new MonitoringError('CREDENTIALS_MISSING');
  return node.addTLSOptions({});
}
