import { type FlowNode, type FlowNodes, reachOf } from '../../lib/reach.ts';

/** Nodes that make records by themselves. */
const SOURCES = new Set(['auth-log-in', 'disk-stats', 'docker-events-in', 'docker-logs-in', 'http-check', 'uptime']);
/** What of a node's configuration does not change its records. */
const NEUTRAL = new Set(['id', 'x', 'y', 'z', 'g', 'l', 'd', 'name', 'info', 'wires', 'inputLabels', 'outputLabels']);
/** A long flow is not to be compared word by word for ever. */
const MOST_SOURCES = 1_000;

/** Two sources that make the same records, both shipped. */
export interface Twice {
  readonly type: string;
  /** The tabs that they are in, by their names. */
  readonly tabs: readonly [string, string];
  /** Whether that is one and the same. */
  readonly isOneTab: boolean;
}

/** The sources that do the same as an earlier one, where both come to one Graylog: every record of theirs is shipped twice. */
export function shippedTwice(nodes: FlowNodes): Twice[] {
  const known = new Map<string, { node: FlowNode; servers: Servers }[]>();
  const found: Twice[] = [];
  const sources = [...nodes.values()].filter((node) => SOURCES.has(node.type)).slice(0, MOST_SOURCES);
  for (const node of sources.filter((one) => runs(one, nodes))) {
    const what = settingsOf(node, nodes);
    const servers = serversOf(node, nodes);
    const same = known.get(what) ?? [];
    const other = same.find((one) => meet(one.servers, servers))?.node;
    known.set(what, [...same, { node, servers }]);
    if (other === undefined) continue;
    const tabs = [tabName(other, nodes), tabName(node, nodes)] as const;
    found.push({ type: node.type, tabs, isOneTab: other.z === node.z });
  }
  return found;
}

/** The settings of the servers that a source comes to: one that was copied along is another node, and the same Graylog. */
type Servers = ReadonlySet<string> | 'all';

function serversOf({ wires = [] }: FlowNode, nodes: FlowNodes): Servers {
  const reach = reachOf(wires, nodes);
  if (reach === 'all') return reach;
  return new Set([...reach].map((id) => JSON.stringify(ownSettings(nodes.get(id) ?? {}))));
}

/** Where it cannot be told where a source comes to, it comes to every server. */
function meet(one: Servers, other: Servers): boolean {
  if (one === 'all') return other === 'all' || other.size > 0;
  if (other === 'all') return one.size > 0;
  return [...one].some((server) => other.has(server));
}

/** Whether a node is one of a tab, enabled, and polls where its type has an interval. What a msg asks for is no copy. */
function runs(node: FlowNode, nodes: FlowNodes): boolean {
  const tab = nodes.get(node.z ?? '');
  const { interval = '60' } = node as { interval?: unknown };
  return tab?.type === 'tab' && tab.disabled !== true && node.d !== true && Number(interval) !== 0;
}

/** A text that is the same for nodes with the same settings. A config node that was copied along is another one, and the same. */
function settingsOf(node: FlowNode, nodes: FlowNodes): string {
  const { engine, ...settings } = node as FlowNode & { engine?: unknown };
  const config = nodes.get(String(engine ?? ''));
  return JSON.stringify([ownSettings(settings), config === undefined ? engine : ownSettings(config)]);
}

function ownSettings(node: object): [string, unknown][] {
  const named = Object.entries(node).filter(
    ([name, value]) => !NEUTRAL.has(name) && value !== '' && value !== undefined,
  );
  return named.sort(([a], [b]) => (a < b ? -1 : 1));
}

function tabName({ z = '' }: FlowNode, nodes: FlowNodes): string {
  const { label } = (nodes.get(z) ?? {}) as { label?: unknown };
  return String(label || z).slice(0, 80);
}
