/** What Node-RED's runtime tells of a node's configuration (`RED.nodes.eachNode`). */
export interface FlowNode {
  id: string;
  type: string;
  /** The tab or subflow that it is in; absent for a config node of all flows. */
  z?: string;
  name?: string;
  wires?: string[][];
  /** Of link nodes: the ids of those at the other end. A `link call` may have the id alone. */
  links?: string[] | string;
  linkType?: string;
  /** Of `graylog-out`: the id of its `graylog-server`. */
  server?: string;
  /** Disabled. */
  d?: boolean;
  /** Of a tab that is disabled. */
  disabled?: boolean;
  /** Of a subflow: where msgs come in, and where they leave it. */
  in?: { wires?: { id: string }[] }[];
}

export type FlowNodes = ReadonlyMap<string, FlowNode>;

/** The ids of the `graylog-server`s that msgs can come to; `all` where that cannot be told. */
export type Reach = ReadonlySet<string> | 'all';

const SUBFLOW = 'subflow:';

/**
 * Which servers the msgs of a node with these wires can come to: over wires, links, junctions and subflows, through nodes
 * of any type. What is disabled passes nothing on. A wire to what is not configured, as inside of a running subflow, or a
 * link that a msg names, may lead anywhere.
 */
export function reachOf(wires: readonly (readonly string[])[], nodes: FlowNodes): Reach {
  const servers = new Set<string>();
  const reached = new Set(wires.flat());
  // A set goes on to what is added while it is gone through.
  for (const id of reached) {
    const node = nodes.get(id);
    if (node === undefined) return 'all';
    if (isDisabled(node, nodes)) continue;
    if (node.type === 'graylog-out') {
      const server = node.server ?? '';
      if (nodes.get(server)?.type === 'graylog-server') servers.add(server);
      // A variable of the flow names it.
      else if (server.startsWith('$')) return 'all';
    }
    const next = nextOf(node, nodes);
    if (next === 'anywhere') return 'all';
    for (const one of next) reached.add(one);
  }
  return servers;
}

/** The names of servers, for people. */
export function serverNames(servers: Iterable<string>, nodes: FlowNodes): string {
  const names = [...servers].map((id) => nodes.get(id)?.name?.trim() || 'graylog-server');
  return [...new Set(names)].sort().join(', ');
}

function isDisabled(node: FlowNode, nodes: FlowNodes): boolean {
  return node.d === true || (node.z !== undefined && nodes.get(node.z)?.disabled === true);
}

/** The ids of the nodes to which a node may hand on a msg. */
function nextOf(node: FlowNode, nodes: FlowNodes): readonly string[] | 'anywhere' {
  const wired = (node.wires ?? []).flat();
  if (node.type === 'link out') return [node.links ?? []].flat();
  if (node.type === 'link call')
    return node.linkType === 'dynamic' ? 'anywhere' : [...wired, ...[node.links ?? []].flat()];
  if (!node.type.startsWith(SUBFLOW)) return wired;
  const subflow = nodes.get(node.type.slice(SUBFLOW.length));
  if (subflow === undefined) return 'anywhere';
  const entries = (subflow.in ?? []).flatMap(({ wires = [] }) => wires.map(({ id }) => id));
  return [...wired, ...entries];
}
