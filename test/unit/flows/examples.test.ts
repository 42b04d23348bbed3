// The small examples: each imports and runs alone, is laid out to be read, and needs no code.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { packageRoot } from '../../support/node-red.ts';
import { nodeTypes } from '../../support/package.ts';

interface Part {
  id: string;
  type: string;
  name?: string;
  label?: string;
  info?: string;
  z?: string;
  g?: string;
  x?: number;
  y?: number;
  w?: number;
  h?: number;
  nodes?: string[];
  wires?: string[][];
  [property: string]: unknown;
}

const folder = join(packageRoot, 'flows');
const DEFAULT = 'infrastructure-monitoring.json';
const names = readdirSync(folder).filter((file) => file.endsWith('.json') && file !== DEFAULT);
const read = (name: string) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Part[];
const CORE = ['tab', 'group', 'comment', 'inject', 'debug', 'switch', 'change', 'status', 'tls-config'];
/** What names a config node. */
const CONFIG = ['server', 'engine', 'tls'];
/** Those with a wider letter than this are not known here: no label is narrower than so much a letter, in px. */
const PX_A_LETTER = 7;
const HEIGHT = 30;
/** What stands below a node. */
const STATUS = 22;

/** The room that a node and its status take; a label is as wide as its letters at least. */
function box({ x = 0, y = 0, name = '' }: Part) {
  const width = Math.max(100, Math.ceil((name.length * PX_A_LETTER + 50) / 20) * 20);
  return { left: x - width / 2, right: x + width / 2, top: y - HEIGHT / 2, bottom: y + HEIGHT / 2 + STATUS };
}

const isPlaced = ({ type, wires }: Part): boolean => wires !== undefined && type !== 'tab';

test('no two examples share an id with each other or the default flow', () => {
  const ids = [...names, DEFAULT].flatMap((name) => read(name).map(({ id }) => id));
  assert.equal(new Set(ids).size, ids.length);
});

test('there is an example for each of the tasks that people come with', () => {
  for (const task of [
    /disk/,
    /guess/,
    /container/,
    /endpoint/,
    /ports/,
    /tls/,
    /noisy/,
    /stderr/,
    /silence/,
    /fields/,
    /watcher/,
  ])
    assert.ok(
      names.some((name) => task.test(name)),
      String(task),
    );
});

test('every example that the README names is there', () => {
  const readme = readFileSync(join(packageRoot, 'README.md'), 'utf8');
  const table = /\n## Examples\n([\s\S]*?)\n## /.exec(readme)?.[1] ?? '';
  const named = [...table.matchAll(/`([a-z-]+)`/g)].map(([, name]) => `${name}.json`);
  assert.ok(named.length > 10);
  assert.deepEqual(
    named.filter((name) => !names.includes(name)),
    [],
  );
});

for (const name of names) {
  const flow = read(name);
  const nodes = flow.filter(isPlaced);

  test(`${name} has known types only, no code, and a name and a word for everything`, () => {
    for (const { type } of flow) assert.ok([...CORE, ...nodeTypes].includes(type), type);
    const [tab] = flow.filter(({ type }) => type === 'tab');
    assert.ok((tab?.label ?? '').length > 0 && (tab?.info ?? '').length > 40, 'the tab says what it is for');
    // A node of ours without a name shows what it is.
    for (const { id, type, name: own = '' } of nodes) assert.ok(own !== '' || nodeTypes.includes(type), id);
  });

  test(`${name} needs nothing that it does not bring`, () => {
    const ids = new Set(flow.map(({ id }) => id));
    for (const part of flow) {
      for (const other of (part.wires ?? []).flat()) assert.ok(ids.has(other), `${part.id} leads to ${other}`);
      for (const property of CONFIG) {
        const named = String(part[property] ?? '');
        assert.ok(named === '' || ids.has(named), `${part.id} names ${named}`);
      }
      for (const one of [part.scope ?? []].flat()) assert.ok(ids.has(String(one)), `${part.id} watches ${one}`);
      assert.equal(part.links, undefined, 'it has no links');
    }
    for (const { id, z } of nodes) assert.equal(z, flow.find(({ type }) => type === 'tab')?.id, id);
  });

  test(`${name} is laid out from left to right, in its group, and nothing covers another`, () => {
    const byId = new Map(nodes.map((node) => [node.id, node]));
    for (const node of nodes)
      for (const id of (node.wires ?? []).flat()) {
        const next = byId.get(id) as Part;
        assert.ok(box(next).left > box(node).right, `the wire from ${node.name} to ${next.name} leads to the right`);
      }
    for (const [index, one] of nodes.entries())
      for (const other of nodes.slice(index + 1)) {
        const [a, b] = [box(one), box(other)];
        const isApart = a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top;
        assert.ok(isApart, `${one.name} and ${other.name}`);
      }
    for (const { x = 0, y = 0, w = 0, h = 0, nodes: members = [] } of flow.filter(({ type }) => type === 'group'))
      for (const id of members) {
        const { left, right, top, bottom } = box(byId.get(id) as Part);
        assert.ok(left >= x && right <= x + w && top >= y && bottom <= y + h, `${id} is in its group`);
      }
    const right = Math.max(...nodes.map((node) => box(node).right));
    const bottom = Math.max(...nodes.map((node) => box(node).bottom));
    assert.ok(right <= 1060 && bottom <= 860, `it is seen at 100 %: ${right} x ${bottom}`);
  });
}
