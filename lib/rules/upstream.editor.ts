import type { EditorRED } from 'node-red';

declare const RED: EditorRED;

/** The kind of record that a node type sends, as `log_type` names it. */
const LOG_TYPES: { readonly [type: string]: string } = {
  'auth-log-in': 'auth',
  'disk-stats': 'disk',
  uptime: 'uptime',
  'http-check': 'http_check',
  'docker-events-in': 'docker_event',
  'docker-logs-in': 'docker_log',
  alert: 'alert',
  status: 'node_status',
  catch: 'node_status',
};

/** What the walk needs of a node of the workspace. */
interface Wired {
  readonly id: string;
  readonly type: string;
  readonly links?: readonly string[];
}

/** The kinds of records that can reach a node over the wires and links of the workspace. */
export function logTypesBefore(id: string): string[] {
  const found = new Set<string>();
  const seen = new Set<string>();
  const next = [id];
  for (let at = next.pop(); at !== undefined; at = next.pop()) {
    if (seen.has(at)) continue;
    seen.add(at);
    for (const source of sourcesOf(at)) {
      const logType = LOG_TYPES[source.type];
      if (logType === undefined) next.push(source.id);
      else found.add(logType);
    }
  }
  return [...found];
}

function sourcesOf(id: string): Wired[] {
  const node = RED.nodes.node(id) as Wired | null;
  if (node === null) return [];
  const wired = (RED.nodes.filterLinks({ target: node }) as { source: Wired }[]).map(({ source }) => source);
  const linked = node.type === 'link in' ? (node.links ?? []) : [];
  return [...wired, ...linked.flatMap((link) => (RED.nodes.node(link) as Wired | null) ?? [])];
}
