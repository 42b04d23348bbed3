// The default flow: that the file is what the script makes, and what is promised of every group.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { readSettings as readAlert } from '../../../../nodes/alert/settings.ts';
import { type FilterConfig, readSettings as readFilter } from '../../../../nodes/record-filter/settings.ts';
import { packageJson } from '../../../support/package.ts';
import { crossing } from '../../../support/rectangles.ts';
import { scriptModule } from '../../../support/script.ts';

interface FlowNode {
  id: string;
  type: string;
  name?: string;
  g?: string;
  x: number;
  y: number;
  wires?: string[][];
  links?: string[];
  info?: string;
  heldBy?: string;
  [property: string]: unknown;
}

interface Group extends FlowNode {
  name: string;
  nodes: string[];
  w: number;
  h: number;
}

const ROW = 50;
const TOLD = 'infra0alertgroup';

const text = readFileSync(new URL('../../../../flows/infrastructure-monitoring.json', import.meta.url), 'utf8');
const flow = JSON.parse(text) as FlowNode[];
const groups = flow.filter((node): node is Group => node.type === 'group');
const placed = flow.filter(({ g }) => g !== undefined);
const byId = new Map(flow.map((node) => [node.id, node]));
const rectangle = ({ x, y, w, h }: Group) => ({ x, y, width: w, height: h });
const configTypes = ['tab', 'group', 'graylog-server', 'docker-engine'];

test('the file is what `npm run flow` makes', async () => {
  const { defaultFlow } = await scriptModule<{ defaultFlow(): object[] }>('flow/default-flow.js');
  const { textOf } = await scriptModule<{ textOf(nodes: object[]): string }>('flow/place.js');
  assert.equal(text, textOf(defaultFlow()));
});

test('every type is of this package or of Node-RED itself, and none is code', () => {
  const own = Object.keys(packageJson()['node-red'].nodes);
  const core = ['tab', 'group', 'link in', 'link out', 'status', 'catch'];
  for (const { id, type } of flow) assert.ok([...own, ...core].includes(type), `${id} is a ${type}`);
});

test('each id is there once, and every wire, link and group leads to what is there', () => {
  assert.equal(byId.size, flow.length);
  for (const node of flow) {
    const nodes = node.type === 'group' ? (node as Group).nodes : [];
    for (const end of [...(node.wires ?? []).flat(), ...(node.links ?? []), ...nodes])
      assert.ok(byId.has(end), `${node.id} leads to ${end}`);
  }
});

test('every group is complete: only who is told is elsewhere, and its sources have a graylog of their own', () => {
  for (const node of placed) {
    for (const end of (node.wires ?? []).flat())
      assert.equal(byId.get(end)?.g, node.g, `${node.id} is wired to ${end}`);
    if (node.type === 'link out')
      assert.deepEqual(
        node.links?.map((end) => byId.get(end)?.g),
        [TOLD],
      );
  }
  for (const { id, style, info = '' } of groups) {
    const inside = placed.filter(({ g }) => g === id);
    assert.ok((style as { label: boolean }).label && info.length > 100, `${id} says what it does`);
    // Statuses and errors are no records.
    if (inside.some(({ type }) => type === 'catch')) continue;
    assert.ok(
      inside.some(({ type }) => type === 'graylog-out'),
      `${id} has a graylog`,
    );
  }
});

test('no node does nothing: each one is reached, and each one leads on', () => {
  const reached = new Set(placed.flatMap(({ wires = [], links = [] }) => [...wires.flat(), ...links]));
  const ends = ['graylog-out', 'notify', 'link out'];
  const starts = [
    'docker-events-in',
    'docker-logs-in',
    'auth-log-in',
    'disk-stats',
    'uptime',
    'http-check',
    'catch',
    'status',
  ];
  for (const { id, type, wires = [] } of placed) {
    assert.ok(starts.includes(type) || reached.has(id), `${id} is reached`);
    assert.ok(ends.includes(type) || (wires[0] ?? []).length > 0, `${id} leads on`);
  }
});

test('an alert stands on a branch: without any alert or filter, all the records still have their way', () => {
  for (const { id, type, wires = [] } of placed) {
    if (!['docker-events-in', 'auth-log-in', 'disk-stats', 'uptime', 'http-check', 'docker-logs-in'].includes(type))
      continue;
    const next = (wires[0] ?? []).map((end) => byId.get(end));
    const ways = next.flatMap((node) =>
      node?.type === 'record-filter' ? [byId.get(node.wires?.[0]?.[0] ?? '')] : [node],
    );
    assert.ok(
      ways.some((node) => node?.type === 'graylog-out'),
      `${id} reaches its graylog past no alert`,
    );
  }
});

test('all alerts and filters are sound, and what holds one back is there', () => {
  const alerts = flow.filter(({ type }) => type === 'alert');
  const names = alerts.map(({ name }) => name);
  assert.equal(new Set(names).size, names.length);
  for (const alert of alerts) {
    assert.equal(readAlert(alert, 'UTC').name, alert.name);
    assert.ok(alert.heldBy === '' || names.includes(alert.heldBy), `${alert.name} is held back by ${alert.heldBy}`);
  }
  for (const filter of flow.filter(({ type }) => type === 'record-filter'))
    assert.ok(!('wrong' in readFilter(filter as FilterConfig)));
});

test('no frame lies on another one, all are seen, and each has room for a row of the operator’s own', () => {
  for (const [index, one] of groups.entries()) {
    const { x, y, w, h } = one;
    assert.ok(x >= 0 && y >= 0 && x + w <= 1060 && y + h <= 860, `${one.name} is seen`);
    const withRow = { ...rectangle(one), height: h + ROW };
    for (const other of groups.slice(index + 1))
      assert.ok(!crossing(withRow, rectangle(other)), `${one.name}: ${other.name}`);
  }
});

test('every node is inside its frame, and wires lead to the right', () => {
  for (const { id, g, x, y, type, wires = [] } of placed) {
    const group = byId.get(g ?? '') as Group;
    assert.ok(x > group.x && x < group.x + group.w && y > group.y && y < group.y + group.h, `${id} is in its frame`);
    assert.ok(group.nodes.includes(id));
    for (const end of wires.flat()) assert.ok((byId.get(end)?.x ?? 0) > x, `${id} leads to the right`);
    assert.ok(!configTypes.includes(type));
  }
});

test('what keeps a state has the id that it had in 0.1.0', () => {
  const ids = {
    ...{ infra0000authlog: 'auth-log-in', infra00000disks: 'disk-stats', infra000000uptime: 'uptime' },
    ...{ infra00000http: 'http-check', infra0dockevents: 'docker-events-in', infra00dockerlog: 'docker-logs-in' },
    ...{ infra000graylog: 'graylog-server', infra0000docker: 'docker-engine', infra0000000tab: 'tab' },
  };
  for (const [id, type] of Object.entries(ids)) assert.equal(byId.get(id)?.type, type);
});
