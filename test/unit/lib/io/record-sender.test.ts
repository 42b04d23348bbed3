import assert from 'node:assert/strict';
import { test } from 'node:test';
import { closeDirectInput, type DirectInput, openDirectInput, type RecordMsg } from '../../../../lib/direct-input.ts';
import { RecordSender } from '../../../../lib/io/record-sender.ts';
import { type InfraRecord, Severity } from '../../../../lib/record.ts';

/** A node that notes to which wires it sends what, as Node-RED does it. */
class Sending {
  wires: string[][];
  readonly sent: { wires: string[][]; msg: RecordMsg }[] = [];

  constructor(...ids: string[]) {
    this.wires = [ids];
  }

  send(msg: RecordMsg): void {
    this.sent.push({ wires: this.wires, msg });
  }
}

const recordOf = (message: string): InfraRecord => ({
  ...{ log_type: 'auth', time: '2026-01-01T00:00:00.000Z', host: 'web1', level: Severity.info },
  ...{ message, event_id: message },
});
const toMsg = (payload: InfraRecord): RecordMsg => ({ _msgid: payload.event_id, topic: 'auth/other', payload });

/** A node of ours that notes what it gets directly. */
function direct(node: object = {}) {
  const taken: InfraRecord[] = [];
  const state = { isOpen: true, isBusy: false };
  const input: DirectInput = {
    isOpen: () => state.isOpen,
    isBusy: () => state.isBusy,
    take: (records) => taken.push(...records),
  };
  openDirectInput(node, input);
  return { node, taken, state };
}

test('over one wire the record itself goes, as the node sends it', () => {
  const node = new Sending('a');
  const record = recordOf('one');
  new RecordSender(node).sendAll([record], toMsg);
  assert.deepEqual(node.sent, [{ wires: node.wires, msg: toMsg(record) }]);
  assert.equal(node.sent[0]?.msg.payload, record);
});

test('over several wires each node gets a msg of its own, the same for all', () => {
  const node = new Sending('a', 'b', 'c');
  const record = recordOf('one');
  new RecordSender(node).sendAll([record], toMsg);
  assert.deepEqual(
    node.sent.map(({ wires }) => wires),
    [[['a']], [['b']], [['c']]],
  );
  for (const { msg: sent } of node.sent) assert.deepEqual(sent, toMsg(record));
  assert.equal(new Set(node.sent.map(({ msg: sent }) => sent)).size, 3);
  assert.equal(new Set(node.sent.map(({ msg: sent }) => sent.payload)).size, 3);
});

test('what the first one does to its msg at once, the others do not see', () => {
  const seen: unknown[] = [];
  const node = new Sending('a', 'b');
  node.send = ({ payload }: RecordMsg): void => {
    const record = payload as { message: string };
    seen.push(record.message);
    record.message = 'changed';
  };
  new RecordSender(node).sendAll([recordOf('one')], toMsg);
  assert.deepEqual(seen, ['one', 'one']);
});

test('wires that change while the node runs are followed', () => {
  const node = new Sending('a', 'b');
  const sender = new RecordSender(node);
  sender.sendAll([recordOf('one')], toMsg);
  node.wires = [['c']];
  sender.sendAll([recordOf('two')], toMsg);
  node.wires = [['d', 'e']];
  sender.sendAll([recordOf('three')], toMsg);
  assert.deepEqual(
    node.sent.map(({ wires }) => wires.flat().join()),
    ['a', 'b', 'c', 'd', 'e'],
  );
});

test('a node of ours gets records directly, all others msgs with copies that they may change', () => {
  const ours = direct();
  const node = new Sending('ours', 'function');
  const sender = new RecordSender(node, 0, (id) => (id === 'ours' ? ours.node : {}));
  const records = [recordOf('one'), recordOf('two')];
  sender.sendAll(records, toMsg);
  assert.deepEqual(ours.taken, records);
  assert.equal(ours.taken[0], records[0]);
  assert.deepEqual(
    node.sent.map(({ wires, msg }) => [wires, msg]),
    records.map((record) => [[['function']], toMsg(record)]),
  );
  for (const [at, { msg }] of node.sent.entries()) assert.notEqual(msg.payload, records[at]);
});

test('records that others have, too, are copied for a single node that gets msgs', () => {
  const node = new Sending('function');
  const record = recordOf('one');
  new RecordSender(node).sendAll([record], toMsg, true);
  assert.deepEqual(node.sent[0]?.msg.payload, record);
  assert.notEqual(node.sent[0]?.msg.payload, record);
});

test('while somebody watches, or once its node is closed, all go as msgs', () => {
  const ours = direct();
  const node = new Sending('ours');
  const sender = new RecordSender(node, 0, () => ours.node);
  assert.equal(sender.isDirect, true);
  ours.state.isOpen = false;
  assert.equal(sender.isDirect, false);
  sender.sendAll([recordOf('one')], toMsg);
  closeDirectInput(ours.node);
  new RecordSender(node, 0, () => ours.node).sendAll([recordOf('two')], toMsg);
  assert.deepEqual(ours.taken, []);
  assert.equal(node.sent.length, 2);
});

test('what goes directly does not overtake a msg that is still on its way', () => {
  const ours = direct();
  const node = new Sending('ours');
  const sender = new RecordSender(node, 0, () => ours.node);
  ours.state.isOpen = false;
  sender.sendAll([recordOf('one')], toMsg);
  ours.state.isOpen = true;
  sender.sendAll([recordOf('two')], toMsg);
  assert.deepEqual(ours.taken, []);
  assert.equal(node.sent.length, 2);
});

test('each output has its own wires, and says whether a node behind it wants its sender to wait', () => {
  const [first, second] = [direct(), direct()];
  const node = new Sending();
  node.wires = [['first'], ['second']];
  const find = (id: string): object => (id === 'first' ? first.node : second.node);
  const [one, other] = [new RecordSender(node, 0, find), new RecordSender(node, 1, find)];
  other.sendAll([recordOf('one')], toMsg);
  assert.deepEqual([first.taken.length, second.taken.length], [0, 1]);
  second.state.isBusy = true;
  assert.deepEqual([one.isBusy, other.isBusy], [false, true]);
});
