import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type FlowNode, type FlowNodes, goesNowhere, reachOf, serverNames } from '../../../lib/reach.ts';

const SERVERS: FlowNode[] = [
  { id: 'A', type: 'graylog-server', name: 'main' },
  { id: 'B', type: 'graylog-server' },
];
const OUTS: FlowNode[] = [
  { id: 'outA', type: 'graylog-out', server: 'A', wires: [] },
  { id: 'outB', type: 'graylog-out', server: 'B', wires: [] },
];

const nodesOf = (more: FlowNode[]): FlowNodes => new Map([...SERVERS, ...OUTS, ...more].map((node) => [node.id, node]));

/** The servers that a source wired to `x` reaches. */
function reach(...more: FlowNode[]): string[] | 'all' {
  const found = reachOf([['x']], nodesOf(more));
  return found === 'all' ? found : [...found].sort();
}

test('a source reaches the servers that its wires lead to, through nodes of any type, and no other', () => {
  assert.deepEqual(reach({ id: 'x', type: 'graylog-out', server: 'A' }), ['A']);
  assert.deepEqual(reach({ id: 'x', type: 'somebody-elses', wires: [[], ['outB']] }), ['B']);
  assert.deepEqual(
    reach({ id: 'x', type: 'junction', wires: [['y']] }, { id: 'y', type: 'switch', wires: [['outA'], ['outB', 'x']] }),
    ['A', 'B'],
  );
  assert.deepEqual(reach({ id: 'x', type: 'debug', wires: [] }), []);
  assert.deepEqual(reach({ id: 'x', type: 'graylog-out', server: 'gone' }), []);
  assert.deepEqual(reach({ id: 'x', type: 'graylog-out' }), []);
  assert.deepEqual(reachOf([], nodesOf([])), new Set());
});

test('links lead on: out, and a call with its way back', () => {
  const entry: FlowNode = { id: 'in', type: 'link in', wires: [['outB']] };
  assert.deepEqual(reach({ id: 'x', type: 'link out', links: ['in'], wires: [] }, entry), ['B']);
  assert.deepEqual(reach({ id: 'x', type: 'link out', links: [] }), []);
  assert.deepEqual(reach({ id: 'x', type: 'link call', links: ['in'], wires: [['outA']] }, entry), ['A', 'B']);
  assert.deepEqual(reach({ id: 'x', type: 'link call', links: 'in', wires: [['outA']] }, entry), ['A', 'B']);
});

test('a subflow leads through its inside and out again', () => {
  const subflow: FlowNode = { id: 's', type: 'subflow', in: [{ wires: [{ id: 'inner' }] }] };
  const inner: FlowNode = { id: 'inner', type: 'change', z: 's', wires: [['outB']] };
  assert.deepEqual(reach({ id: 'x', type: 'subflow:s', wires: [['outA']] }, subflow, inner), ['A', 'B']);
});

test('where it cannot be told, every server is reached', () => {
  assert.equal(reach(), 'all', 'a wire to what is not configured, as in a running subflow');
  assert.equal(reach({ id: 'x', type: 'link call', linkType: 'dynamic', wires: [] }), 'all');
  assert.equal(reach({ id: 'x', type: 'subflow:gone', wires: [] }), 'all');
  // biome-ignore lint/suspicious/noTemplateCurlyInString: Node-RED replaces it with the variable
  assert.equal(reach({ id: 'x', type: 'graylog-out', server: '${SERVER}' }), 'all');
});

test('what is disabled passes nothing on', () => {
  assert.deepEqual(reach({ id: 'x', type: 'change', d: true, wires: [['outA']] }), []);
  const tab: FlowNode = { id: 't', type: 'tab', disabled: true };
  assert.deepEqual(reach(tab, { id: 'x', type: 'change', z: 't', wires: [['outA']] }), []);
});

test('servers have names for people', () => {
  assert.equal(serverNames(['B', 'A'], nodesOf([])), 'graylog-server, main');
  assert.equal(serverNames(['gone'], nodesOf([])), 'graylog-server');
});

const ends: { [name: string]: [boolean, string[][], ...FlowNode[]] } = {
  'no wire at all': [true, []],
  'outputs without a wire': [true, [[], []]],
  'one of two outputs': [false, [[], ['outA']]],
  'a node that does something': [false, [['x']], { id: 'x', type: 'debug', wires: [] }],
  'a disabled node': [true, [['x']], { id: 'x', type: 'debug', d: true, wires: [] }],
  'a node of a disabled tab': [
    true,
    [['x']],
    { id: 't', type: 'tab', disabled: true },
    { id: 'x', type: 'debug', z: 't', wires: [] },
  ],
  'a link without links': [true, [['x']], { id: 'x', type: 'link out', links: [], wires: [] }],
  'a link that was copied without its other end': [
    true,
    [['x']],
    { id: 'x', type: 'link out', links: ['gone'], wires: [] },
  ],
  'a link to a node of another tab': [
    false,
    [['x']],
    { id: 'x', type: 'link out', z: 't', links: ['in'], wires: [] },
    { id: 'in', type: 'link in', z: 'other', wires: [['outA']] },
  ],
  'a link whose other end is wired to nothing': [
    true,
    [['x']],
    { id: 'x', type: 'link out', links: ['in'], wires: [] },
    { id: 'in', type: 'link in', wires: [[]] },
  ],
  'a link whose other end is disabled': [
    true,
    [['x']],
    { id: 'x', type: 'link out', links: ['in'], wires: [] },
    { id: 'in', type: 'link in', d: true, wires: [['outA']] },
  ],
  'a link back to who called': [false, [['x']], { id: 'x', type: 'link out', mode: 'return', wires: [] }],
  'a call of nobody': [true, [['x']], { id: 'x', type: 'link call', links: ['gone'], wires: [['outA']] }],
  'a call of a link by its id alone': [
    false,
    [['x']],
    { id: 'x', type: 'link call', links: 'in', wires: [[]] },
    { id: 'in', type: 'link in', wires: [['outA']] },
  ],
  'a call of whom the msg names': [false, [['x']], { id: 'x', type: 'link call', linkType: 'dynamic', wires: [] }],
  'a junction to nothing, in a circle': [
    true,
    [['x']],
    { id: 'x', type: 'junction', wires: [['y']] },
    { id: 'y', type: 'junction', wires: [['x']] },
  ],
  'a junction to a node': [false, [['x']], { id: 'x', type: 'junction', wires: [['outA']] }],
  'an instance of a subflow': [false, [['x']], { id: 'x', type: 'subflow:s', wires: [] }],
  'what is not configured, as in a running subflow': [false, [['x']]],
};

for (const [end, [isNowhere, wires, ...more]] of Object.entries(ends)) {
  test(`a node that is wired to ${end} goes ${isNowhere ? 'nowhere' : 'somewhere'}`, () => {
    assert.equal(goesNowhere(wires, nodesOf(more)), isNowhere);
  });
}
