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
  status: 'node_status',
  catch: 'node_status',
};

/** What the walk needs of a node of the workspace. */
interface Wired {
  readonly id: string;
  readonly type: string;
  readonly links?: readonly string[];
  readonly interval?: unknown;
}

/** What can reach a node over the wires and links of the workspace. */
export interface Upstream {
  /** The kinds of records, as `log_type` names them. */
  readonly logTypes: readonly string[];
  /** The longest time between two records of a source that polls, in seconds; 0 where none does. */
  readonly intervalSeconds: number;
}

export function upstreamOf(id: string): Upstream {
  const logTypes = new Set<string>();
  let intervalSeconds = 0;
  const seen = new Set<string>();
  const next = [id];
  for (let at = next.pop(); at !== undefined; at = next.pop()) {
    if (seen.has(at)) continue;
    seen.add(at);
    for (const source of sourcesOf(at)) {
      const logType = LOG_TYPES[source.type];
      if (logType === undefined) next.push(source.id);
      else logTypes.add(logType);
      const interval = logType === undefined ? 0 : Number(source.interval);
      if (interval > intervalSeconds) intervalSeconds = interval;
    }
  }
  return { logTypes: [...logTypes], intervalSeconds };
}

function sourcesOf(id: string): Wired[] {
  const node = RED.nodes.node(id) as Wired | null;
  if (node === null) return [];
  const wired = (RED.nodes.filterLinks({ target: node }) as { source: Wired }[]).map(({ source }) => source);
  const linked = node.type === 'link in' ? (node.links ?? []) : [];
  return [...wired, ...linked.flatMap((link) => (RED.nodes.node(link) as Wired | null) ?? [])];
}
