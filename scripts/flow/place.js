import { labelWidth, nodeWidth } from './label-width.js';

/**
 * Places groups, rows and nodes. A node is placed by its left edge: the editor keeps its middle. Other fonts than Arial make a
 * node wider by up to 40 px, which is 20 px at each side, and a status of 24 characters up to 194 px: the distances below have
 * room for it, also where a machine has monospaced fonts alone.
 */

/**
 * Where the left edges of the nodes in a row are, by the column of the group and the part that a node has in it. A group may
 * have edges of its own.
 */
const LEFT_EDGES = {
  left: { source: 36, filter: 231, alert: 272, ship: 390, link: 535 },
  right: { source: 628, alert: 823, ship: 857, people: 864, link: 1004 },
};
/** From row to row: room for a node and its status. */
const ROW = 48;
/** The editor's frame is 25 px round the nodes, which are 30 px high. */
const FRAME = 25;
const NODE_HEIGHT = 30;
const TOP = 3;
/** Between groups there is room for a row of the operator's own. */
const GAP = 50;
/** Between a group and one of the other column that begins below it. */
const LEAST_GAP = 3;
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

/**
 * The groups from top to bottom in both columns, and what is in them, as nodes of a flow on the tab `tab`. A group that needs
 * more than its column says `below` which earlier one of the other column it begins: beside that there is no room.
 */
export function place(tab, groups) {
  const tops = { left: TOP, right: TOP };
  const bottoms = {};
  const placed = groups.map(({ id, column, role, title, info, rows, edges: ownEdges, below }) => {
    const top = below === undefined ? tops[column] : Math.max(tops[column], bottoms[below] + LEAST_GAP);
    const edges = { ...LEFT_EDGES[column], ...ownEdges };
    const nodes = rows.flatMap((row, index) =>
      row.map((node) => placeNode(node, tab, id, edges, top + FRAME + NODE_HEIGHT / 2 + index * ROW)),
    );
    const lefts = nodes.map(({ x, w }) => x - w / 2);
    const rights = nodes.map(({ x, w }) => x + w / 2);
    const x = Math.min(...lefts) - FRAME;
    const h = (rows.length - 1) * ROW + NODE_HEIGHT + 2 * FRAME;
    const w = Math.max(Math.max(...rights) + FRAME - x, Math.ceil(labelWidth(title) + 8));
    tops[column] = top + h + GAP;
    bottoms[id] = top + h;
    const frame = { nodes: nodes.map((node) => node.id), x, y: top, w, h };
    const group = { id, type: 'group', z: tab, name: title, style: styleOf(role), info, ...frame };
    return { group, nodes: nodes.map(({ w: _, ...node }) => node) };
  });
  return [...placed.map(({ group }) => group), ...placed.flatMap(({ nodes }) => nodes)];
}

function placeNode({ part, to = [], hasInput, label, ...node }, z, g, edges, y) {
  const w = widthOf({ ...node, label, hasInput });
  const { id, type, ...properties } = node;
  const wires = to.map((ends) => [ends].flat());
  return { id, type, z, g, ...properties, x: edges[part] + w / 2, y, w, wires };
}

/** The text of a flow file. */
export function textOf(nodes) {
  return `${JSON.stringify(nodes, null, 2)}\n`;
}
