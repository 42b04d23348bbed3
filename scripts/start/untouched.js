// What of a flow file is the default flow as it was deployed, and what is an operator's own.
import { createHash } from 'node:crypto';

const hash = (text) => createHash('sha256').update(text).digest('hex');

/** The frame of a group is measured by each editor anew, round its nodes. */
const MEASURED = { group: ['x', 'y', 'w', 'h'] };

/** A text that is the same for nodes that are the same, whatever the order of the nodes and of their properties is. */
function canonical(nodes) {
  const texts = nodes.map((node) => {
    const skipped = MEASURED[node.type] ?? [];
    const names = Object.keys(node).filter((name) => !skipped.includes(name));
    return JSON.stringify(names.sort().map((name) => [name, node[name]]));
  });
  return JSON.stringify(texts.sort());
}

/** What is noted of a flow that is deployed, to know it again. `text` is that of its file. */
export function noteOf(text, nodes, version) {
  return { sha256: hash(text), version, nodes: hash(canonical(nodes)), ids: nodes.map(({ id }) => id) };
}

/** The nodes in the text of a flow file; undefined where there are none. */
export function nodesIn(text) {
  try {
    const nodes = JSON.parse(text);
    return Array.isArray(nodes) && nodes.every((node) => typeof node === 'object' && node !== null) ? nodes : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The nodes that an operator has beside the default flow, where that is as it was deployed: all bytes of the file, or all
 * nodes of it, as an editor writes them when something else is deployed. Undefined where it was changed.
 */
export function othersBesideUntouched(text, note) {
  if (note === undefined) return undefined;
  if (hash(text) === note.sha256) return [];
  const nodes = nodesIn(text);
  if (nodes === undefined || note.nodes === undefined || !Array.isArray(note.ids)) return undefined;
  const ids = new Set(note.ids);
  // What was added to the tab is a change of it, too.
  const isOurs = ({ id, z }) => ids.has(id) || ids.has(z);
  const others = nodes.filter((node) => !isOurs(node));
  return hash(canonical(nodes.filter(isOurs))) === note.nodes ? others : undefined;
}

/**
 * Why a flow that nobody touched cannot be renewed all the same: another node names one that the new flow lacks, or a node
 * that may have a secret, which is kept beside the flow file, is no longer there. Undefined where it can.
 */
export function hindrance(others, old, next, hasCredentials) {
  const kept = new Set(next.map(({ id }) => id));
  const gone = old.filter(({ id }) => !kept.has(id));
  const named = JSON.stringify(others);
  const isNamed = gone.find(({ id }) => named.includes(JSON.stringify(id)));
  if (isNamed !== undefined) return `a node of yours leads to "${isNamed.name || isNamed.type}", which it lacks`;
  const secretive = gone.find(({ type }) => SECRETIVE.includes(type));
  if (hasCredentials && secretive !== undefined)
    return `"${secretive.name || secretive.type}" may hold a secret of yours, and it lacks that`;
  return undefined;
}

/** Nodes of ours whose dialog takes a secret. */
const SECRETIVE = ['graylog-server', 'http-check', 'notify'];
