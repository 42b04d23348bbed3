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
  /** Of a `link out`: `return` where it gives a msg back to the node that called. */
  mode?: string;
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

/** Node types that only pass a msg on to other nodes. */
const PASSING = new Set(['link out', 'link in', 'link call', 'junction']);

/**
 * Whether no msg of a node with these wires ever comes to a node that does something with it: the wires lead to nothing, to
 * disabled nodes, or to links without their other end. Where that cannot be told, as in a running subflow, it does not go
 * nowhere.
 */
export function goesNowhere(wires: readonly (readonly string[])[], nodes: FlowNodes): boolean {
  const reached = new Set(wires.flat());
  for (const id of reached) {
    const node = nodes.get(id);
    if (node === undefined) return false;
    if (isDisabled(node, nodes)) continue;
    const next = PASSING.has(node.type) && node.mode !== 'return' ? passedTo(node, nodes) : 'anywhere';
    if (next === 'anywhere') return false;
    for (const one of next) reached.add(one);
  }
  return true;
}

/** Where a passing node leads. A link that was copied without its other end still names it. */
function passedTo(node: FlowNode, nodes: FlowNodes): readonly string[] | 'anywhere' {
  const next = nextOf(node, nodes);
  if (next === 'anywhere') return next;
  const links = [node.links ?? []].flat();
  const isCallOfNobody = node.type === 'link call' && !links.some((id) => nodes.has(id));
  return isCallOfNobody ? [] : next.filter((id) => nodes.has(id) || !links.includes(id));
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
