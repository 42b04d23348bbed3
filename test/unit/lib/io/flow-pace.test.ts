import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FlowPace, isPrompt, type WiredNode } from '../../../../lib/io/flow-pace.ts';

function map(...nodes: WiredNode[]): Map<string, WiredNode> {
  return new Map(nodes.map((node) => [node.id, node]));
}

const OUT: WiredNode = { id: 'out', type: 'graylog-out', wires: [] };
const FILTER: WiredNode = { id: 'filter', type: 'rbe', wires: [['link']] };
const LINK: WiredNode = { id: 'link', type: 'link out', wires: [], links: ['in'] };
const IN: WiredNode = { id: 'in', type: 'link in', wires: [['out']] };

test('the way of the default flow, through a filter and links, is prompt', () => {
  assert.equal(isPrompt([['filter']], map(FILTER, LINK, IN, OUT)), true);
  assert.equal(isPrompt([[]], map()), true, 'and so is no way at all');
});

test('a record filter is prompt', () => {
  assert.equal(isPrompt([['filter']], map({ ...FILTER, type: 'record-filter' }, LINK, IN, OUT)), true);
});

for (const [what, node] of [
  ['a switch', { id: 'in', type: 'switch', wires: [['out']] }],
  ['a subflow', { id: 'in', type: 'subflow:1', wires: [['out']] }],
  ['a node of another package', { id: 'in', type: 'somebody-elses', wires: [['out']] }],
] as const) {
  test(`a way over ${what} is not, however far behind`, () => {
    const node_ = { ...node, wires: node.wires.map((ids) => [...ids]) };
    assert.equal(isPrompt([['filter']], map(FILTER, LINK, node_, OUT)), false);
  });
}

test('wires in a circle, or to a node that nobody knows, are looked at once', () => {
  assert.equal(isPrompt([['filter']], map({ ...FILTER, wires: [['filter', 'out']] }, OUT)), true);
  assert.equal(isPrompt([['gone']], map(OUT)), false);
});

test('a node sends many msgs a turn while the way is prompt, and one at a time soon after it is not', (t) => {
  let nowMs = 0;
  t.mock.method(performance, 'now', () => nowMs);
  let nodes = [FILTER, LINK, IN, OUT];
  const pace = new FlowPace({ wires: [['filter']] }, (hear) => {
    for (const node of nodes) hear(node);
  });
  assert.equal(pace.msgsPerTurn(), 32);
  nodes = [FILTER, LINK, { ...IN, type: 'switch' }, OUT];
  nowMs = 249;
  assert.equal(pace.msgsPerTurn(), 32, 'the wires are not looked at for every batch');
  nowMs = 250;
  assert.equal(pace.msgsPerTurn(), 1);
});
