import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { sendInBatches } from '../../../../lib/io/event-loop.ts';
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

test('an alert is prompt whatever is behind it: few msgs go on from there', () => {
  const alert: WiredNode = { id: 'alert', type: 'alert', wires: [['slow']] };
  const slow: WiredNode = { id: 'slow', type: 'switch', wires: [[]] };
  assert.equal(isPrompt([['alert', 'out']], map(alert, slow, OUT)), true);
  assert.equal(isPrompt([['alert', 'slow']], map(alert, slow, OUT)), false);
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

/** A pace over a filter and links to `end`, with a clock of its own. */
function paced(t: TestContext, end: WiredNode = OUT) {
  let nowMs = 0;
  t.mock.method(performance, 'now', () => nowMs);
  let nodes = [FILTER, LINK, { ...IN, wires: [[end.id]] }, end];
  const said: boolean[] = [];
  const pace = new FlowPace({
    node: { wires: [['filter']] },
    eachNode: (hear) => nodes.forEach(hear),
    slowed: (isSlowed) => said.push(isSlowed),
  });
  t.after(() => pace.close());
  return {
    pace,
    said,
    pass(ms: number): void {
      nowMs += ms;
    },
    replace(one: WiredNode): void {
      nodes = nodes.map((node) => (node.id === one.id ? one : node));
    },
  };
}

const SWITCH: WiredNode = { id: 'switch', type: 'switch', wires: [[]] };

test('a node sends many msgs a turn while the way is prompt, and one at a time soon after it is not', async (t) => {
  const { pace, pass, replace } = paced(t);
  assert.equal(pace.perTurn(), 32);
  replace({ ...IN, type: 'switch', wires: [['out']] });
  pass(6);
  assert.equal(await pace.perTurn(), 32, 'the wires are not looked at for every batch');
  pass(250);
  assert.equal(await pace.perTurn(), 1);
});

test('all readers of a node share its turns, one after the other', async (t) => {
  const { pace } = paced(t, SWITCH);
  let turn = 0;
  const count = (): void => {
    turn += 1;
    if (turn < 20) setImmediate(count);
  };
  count();
  const sent: string[] = [];
  const read = (name: string): Promise<void> =>
    sendInBatches(
      [1, 2, 3],
      () => pace.perTurn(),
      (part) => sent.push(`${name}${part.length} ${turn}`),
    );
  await Promise.all([read('a'), read('b')]);
  assert.deepEqual(
    sent.map((one) => one.slice(0, 2)),
    ['a1', 'a1', 'b1', 'a1', 'b1', 'b1'],
  );
  assert.equal(new Set(sent.map((one) => one.slice(3))).size, 6, sent.join());
});

test('a turn that takes long lets fewer msgs into the next one, and a short one more', async (t) => {
  const { pace, pass } = paced(t);
  assert.equal(pace.perTurn(), 32);
  const counts: number[] = [];
  for (const ms of [11, 11, 6, 1]) {
    const next = pace.perTurn();
    pass(ms);
    counts.push(await next);
  }
  assert.deepEqual(counts, [16, 8, 8, 16]);
});

test('it says that it is slowed after a second in which each msg waited long, and when none waits any more', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { pace, pass, said } = paced(t, SWITCH);
  await pace.perTurn();
  for (let turn = 0; turn < 2_500; turn++) {
    const next = pace.perTurn();
    pass(1);
    await next;
  }
  assert.deepEqual(said, [true]);
  pass(2_000);
  t.mock.timers.tick(2_000);
  assert.deepEqual(said, [true, false]);
});

test('it says nothing where the nodes behind are about as fast as a switch', async (t) => {
  const { pace, pass, said } = paced(t, SWITCH);
  await pace.perTurn();
  for (let turn = 0; turn < 30_000; turn++) {
    const next = pace.perTurn();
    pass(0.1);
    await next;
  }
  assert.deepEqual(said, []);
});

test('once it is closed nothing waits', async (t) => {
  const { pace } = paced(t, SWITCH);
  await pace.perTurn();
  const next = pace.perTurn();
  pace.close();
  assert.ok((await next) >= 1);
  assert.equal(typeof pace.perTurn(), 'number');
});

test('a node waits while those that get its records directly want it to, and sends many at once otherwise', async (t) => {
  const sender = { isDirect: true, isBusy: true };
  const node = { wires: [['out']] };
  const pace = new FlowPace({ node, eachNode: (hear) => hear(OUT), sender });
  t.after(() => pace.close());
  const answer = pace.perTurn();
  assert.ok(answer instanceof Promise);
  let isAnswered = false;
  void answer.then(() => {
    isAnswered = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(isAnswered, false);
  sender.isBusy = false;
  assert.ok((await answer) >= 1);
});
