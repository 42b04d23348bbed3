import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { FlowNode } from '../../../lib/reach.ts';
import { defaultFlows, FLOW_VERSION, versionsSince } from '../../../plugins/default-flow/flow-version.ts';
import { lineOf, noticesOf } from '../../../plugins/default-flow/notices.ts';
import { shippedTwice } from '../../../plugins/default-flow/shipped-twice.ts';

interface AnyNode extends FlowNode {
  [name: string]: unknown;
}

const translate = (key: string, args: object = {}): string => [key, ...Object.values(args)].join(' ');
const byId = (nodes: AnyNode[]) => new Map(nodes.map((node) => [node.id, node]));
const read = (path: string) => JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8')) as AnyNode[];

const DEFAULT = read('../../../flows/infrastructure-monitoring.json');
const MARK = { name: 'MONITORING_FLOW', value: String(FLOW_VERSION), type: 'str' };
const FIRST = read('../../fixtures/upgrade-0.1.0/user-directory/flows.json');

/** The nodes as "Import copy" makes them: with other ids, and links among themselves. */
function copyOf(nodes: AnyNode[]): AnyNode[] {
  const ids = new Map(nodes.map(({ id }) => [id, `${id}-copy`]));
  const renamed = (_name: string, value: unknown) => ids.get(String(value)) ?? value;
  return JSON.parse(JSON.stringify(nodes), renamed) as AnyNode[];
}

test('the default flow carries the version of this package, and each version has its words', () => {
  assert.deepEqual(
    defaultFlows(DEFAULT).map(({ version }) => version),
    [FLOW_VERSION],
  );
  const words = JSON.parse(
    readFileSync(new URL('../../../plugins/default-flow/locales/en-US/default-flow.json', import.meta.url), 'utf8'),
  );
  for (const version of versionsSince(1)) assert.ok(words['default-flow'].change[version], `version ${version}`);
});

test('the flow of 0.1.0, its copy under other ids, and a marked tab of any name are known', () => {
  const versions = (nodes: unknown[]): number[] => defaultFlows(nodes).map(({ version }) => version);
  assert.deepEqual(versions(FIRST), [1]);
  assert.deepEqual(versions(copyOf(FIRST)), [1]);
  assert.deepEqual(versions([{ id: 'a', type: 'tab', label: 'mine', env: [MARK] }]), [FLOW_VERSION]);
});

test('a flow of an operator, and what is no flow, is no default flow', () => {
  const mark = (value: unknown) => ({ id: 'a', type: 'tab', label: 'x', env: [{ name: 'MONITORING_FLOW', value }] });
  const strange = [null, 5, 'text', {}, { id: 'a', type: 'tab' }, { type: 'tab', label: 'Infrastructure monitoring' }];
  assert.deepEqual(defaultFlows([...strange, mark('x'), mark(-1), mark(1.5), mark(null)]), []);
  assert.deepEqual(defaultFlows([{ id: 'a', type: 'tab', env: 'none' }]), []);
});

test('an older default flow is told with what changed since; the newest beside it ends that', () => {
  const [notice] = noticesOf(byId(FIRST), translate);
  assert.equal(notice?.title, `default-flow.outdated.title Infrastructure monitoring 1 ${FLOW_VERSION}`);
  assert.deepEqual(notice?.lines, ['default-flow.change.2', 'default-flow.outdated.how']);
  assert.match(lineOf(notice), /^default-flow.outdated.title .* default-flow.change.2 /);
  assert.deepEqual(noticesOf(byId(DEFAULT), translate), []);
  const disabled = FIRST.map((node) => (node.type === 'tab' ? { ...node, disabled: true } : node));
  const moved = [...disabled, ...copyOf(DEFAULT)];
  assert.deepEqual(noticesOf(byId(moved), translate), []);
});

for (const [what, flow] of Object.entries({ 'the default flow': DEFAULT, 'the flow of 0.1.0': FIRST })) {
  test(`${what}, imported twice, is told to be shipped twice, until one of the tabs is disabled`, () => {
    const both = [...flow, ...copyOf(flow)];
    const types = shippedTwice(byId(both)).map(({ type }) => type);
    assert.deepEqual(types.sort(), [
      'auth-log-in',
      'disk-stats',
      'docker-events-in',
      'docker-logs-in',
      'http-check',
      'uptime',
    ]);
    const notice = noticesOf(byId(both), translate).find(({ id }) => id.startsWith('twice'));
    assert.match(notice?.title ?? '', /^default-flow\.twice\.title auth-log-in, disk-stats, /);
    assert.match(notice?.lines.join() ?? '', /^default-flow\.twice\.tabs (.+) \1$/, 'two tabs of the same name');
    assert.equal(shippedTwice(byId(flow)).length, 0);
    const disabled = both.map((node) => (node.id === 'infra0000000tab' ? { ...node, disabled: true } : node));
    assert.deepEqual(shippedTwice(byId(disabled)), []);
  });
}

const OUT: AnyNode[] = [
  { id: 't', type: 'tab', label: 'Tab' },
  { id: 'server', type: 'graylog-server' },
  { id: 'out', type: 'graylog-out', z: 't', server: 'server', wires: [] },
];
const check = (id: string, more: object = {}): AnyNode => ({
  ...{ id, type: 'http-check', z: 't', url: 'http://192.0.2.1/', interval: '60', wires: [['out']] },
  ...more,
});
const twiceOf = (...nodes: AnyNode[]) => shippedTwice(byId([...OUT, ...nodes])).length;

test('two sources with the same settings ship twice, wherever they stand and whatever they are called', () => {
  assert.equal(twiceOf(check('a', { x: 1, name: 'one' }), check('b', { x: 2, name: 'other' })), 1);
  assert.equal(twiceOf(check('a'), check('b'), check('c')), 2);
  const engine = (id: string): AnyNode => ({ id, type: 'docker-engine', name: id, host: 'unix:///a.sock' });
  const docker = (id: string, one: string): AnyNode => ({ ...check(id), type: 'docker-logs-in', engine: one });
  assert.equal(twiceOf(engine('e'), engine('f'), docker('a', 'e'), docker('b', 'f')), 1);
  assert.equal(
    twiceOf(engine('e'), { ...engine('f'), host: 'tcp://192.0.2.2' }, docker('a', 'e'), docker('b', 'f')),
    0,
  );
});

test('two Graylogs are meant; one under two config nodes is not', () => {
  const server = (id: string, endpoints: string): AnyNode => ({ id, type: 'graylog-server', name: id, endpoints });
  const out = (id: string): AnyNode => ({ id, type: 'graylog-out', z: 't', server: `s${id}`, wires: [] });
  const pair = (...servers: AnyNode[]) =>
    twiceOf(...servers, out('1'), out('2'), check('a', { wires: [['1']] }), check('b', { wires: [['2']] }));
  assert.equal(pair(server('s1', 'tcp://192.0.2.1'), server('s2', 'tcp://192.0.2.2')), 0);
  assert.equal(pair(server('s1', 'tcp://192.0.2.1'), server('s2', 'tcp://192.0.2.1')), 1);
  assert.equal(twiceOf(check('a', { wires: [['gone']] }), check('b')), 1, 'what leads anywhere may lead there');
  assert.equal(twiceOf(check('a', { wires: [['gone']] }), check('b', { wires: [] })), 0);
});

test('what differs, ships nowhere, is disabled, or is asked by a msg ships nothing twice', () => {
  assert.equal(twiceOf(check('a'), check('b', { url: 'http://192.0.2.2/' })), 0);
  assert.equal(twiceOf(check('a'), check('b', { wires: [[]] })), 0);
  assert.equal(twiceOf(check('a'), check('b', { d: true })), 0);
  assert.equal(twiceOf(check('a', { interval: '0' }), check('b', { interval: '0' })), 0);
  assert.equal(twiceOf(check('a'), check('b', { z: 'subflow' }), { id: 'subflow', type: 'subflow' }), 0);
});
