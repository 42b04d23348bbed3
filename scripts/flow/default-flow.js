import { docker } from './groups/docker.js';
import { host } from './groups/host.js';
import { http } from './groups/http.js';
import { logins } from './groups/logins.js';
import { itself, told } from './groups/monitoring.js';
import { configNodes, TAB, tab } from './nodes.js';
import { place } from './place.js';

const INFO = `Watches this host and sends every record to Graylog.

- **Blue**: what is watched. A red bell beside a source decides what rings.
- **Red**: who is told.
- **Grey**: the monitoring itself.

Every group is complete: copy one to another Node-RED, delete what you do not need. Changes are fields and wires, never code. The description of a group says what to change in it.
`;

/** The default flow: a tab, the config nodes, the groups and their nodes. */
export function defaultFlow() {
  const [hostItself, disks] = host;
  const groups = [docker, logins, hostItself, told, itself, http, disks];
  // A link knows its other ends, at both ends.
  const links = groups.flatMap(({ rows }) => rows.flat()).filter(({ type }) => type === 'link out');
  const nodes = place(TAB, groups).map((node) =>
    node.type === 'link in' ? { ...node, links: links.map(({ id }) => id) } : node,
  );
  return [tab(INFO), ...configNodes, ...nodes];
}
