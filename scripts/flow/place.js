import { labelWidth, nodeWidth } from './label-width.js';

/**
 * Places groups, rows and nodes. A node is placed by its left edge: the editor keeps its middle. Other fonts than Arial make a
 * node wider by 20 px, which is 10 px at each side: the distances below have room for it.
 */

/** Where the left edges of the nodes in a row are, by the column of the group and the part that a node has in it. */
const LEFT_EDGES = {
  left: { source: 36, filter: 219, alert: 272, ship: 393, link: 517 },
  right: { source: 610, alert: 822, ship: 876, people: 873, link: 1003 },
};
/** Between the rows of a group there is room for a node and its status. */
const ROW = 50;
/** The editor's frame is 25 px round the nodes, which are 30 px high. */
const FRAME = 25;
const NODE_HEIGHT = 30;
const TOP = 4;
/** Between groups there is room for a row of the operator's own. */
const GAP = 54;
/** A link node without a label is a square. */
const LINK_WIDTH = 30;

const ROLES = {
  watched: { stroke: '#3390c5', fill: '#3fa7dd' },
  told: { stroke: '#d9623f', fill: '#ee7f5e' },
  itself: { stroke: '#8c8fa6', fill: '#a3a6bd' },
};

function styleOf(role) {
  const { stroke, fill } = ROLES[role];
  return { label: true, stroke, 'stroke-opacity': '1', fill, 'fill-opacity': '0.1' };
}

/** `label` is what the editor shows of a node that has no name. */
function widthOf({ type, name, label = name, hasInput, l }) {
  return /^link /.test(type) && l !== true ? LINK_WIDTH : nodeWidth(label, hasInput);
}

/** The groups from top to bottom in both columns, and what is in them, as nodes of a flow on the tab `tab`. */
export function place(tab, groups) {
  const tops = { left: TOP, right: TOP };
  const placed = groups.map(({ id, column, role, title, info, rows }) => {
    const top = tops[column];
    const nodes = rows.flatMap((row, index) =>
      row.map((node) => placeNode(node, tab, id, column, top + FRAME + NODE_HEIGHT / 2 + index * ROW)),
    );
    const lefts = nodes.map(({ x, w }) => x - w / 2);
    const rights = nodes.map(({ x, w }) => x + w / 2);
    const x = Math.min(...lefts) - FRAME;
    const h = (rows.length - 1) * ROW + NODE_HEIGHT + 2 * FRAME;
    const w = Math.max(Math.max(...rights) + FRAME - x, Math.ceil(labelWidth(title) + 8));
    tops[column] = top + h + GAP;
    const frame = { nodes: nodes.map((node) => node.id), x, y: top, w, h };
    const group = { id, type: 'group', z: tab, name: title, style: styleOf(role), info, ...frame };
    return { group, nodes: nodes.map(({ w: _, ...node }) => node) };
  });
  return [...placed.map(({ group }) => group), ...placed.flatMap(({ nodes }) => nodes)];
}

function placeNode({ part, to = [], hasInput, label, ...node }, z, g, column, y) {
  const w = widthOf({ ...node, label, hasInput });
  const { id, type, ...properties } = node;
  const wires = to.map((ends) => [ends].flat());
  return { id, type, z, g, ...properties, x: LEFT_EDGES[column][part] + w / 2, y, w, wires };
}

/** The text of a flow file. */
export function textOf(nodes) {
  return `${JSON.stringify(nodes, null, 2)}\n`;
}
