import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RecordSender } from '../../../lib/record-sender.ts';

type Msg = { _msgid: string; topic: string; payload: { message: string } };

/** A node that notes to which wires it sends what, as Node-RED does it. */
class Sending {
  wires: string[][];
  readonly sent: { wires: string[][]; msg: Msg }[] = [];

  constructor(...ids: string[]) {
    this.wires = [ids];
  }

  send(msg: Msg): void {
    this.sent.push({ wires: this.wires, msg });
  }
}

const msgOf = (message: string): Msg => ({ _msgid: message, topic: 'auth/other', payload: { message } });

test('over one wire the msg itself goes, as the node sends it', () => {
  const node = new Sending('a');
  const msg = msgOf('one');
  new RecordSender(node).send(msg);
  assert.deepEqual(node.sent, [{ wires: node.wires, msg }]);
  assert.equal(node.sent[0]?.msg, msg);
});

test('over several wires each node gets a msg of its own, the same for all', () => {
  const node = new Sending('a', 'b', 'c');
  const msg = msgOf('one');
  new RecordSender(node).send(msg);
  assert.deepEqual(
    node.sent.map(({ wires }) => wires),
    [[['a']], [['b']], [['c']]],
  );
  for (const { msg: sent } of node.sent) assert.deepEqual(sent, msg);
  assert.equal(new Set(node.sent.map(({ msg: sent }) => sent)).size, 3);
  assert.equal(new Set(node.sent.map(({ msg: sent }) => sent.payload)).size, 3);
});

test('what the first one does to its msg at once, the others do not see', () => {
  const seen: string[] = [];
  const node = new Sending('a', 'b');
  node.send = (msg: Msg): void => {
    seen.push(msg.payload.message);
    msg.payload.message = 'changed';
  };
  new RecordSender(node).send(msgOf('one'));
  assert.deepEqual(seen, ['one', 'one']);
});

test('wires that change while the node runs are followed', () => {
  const node = new Sending('a', 'b');
  const sender = new RecordSender(node);
  sender.send(msgOf('one'));
  node.wires = [['c']];
  sender.send(msgOf('two'));
  node.wires = [['d', 'e']];
  sender.send(msgOf('three'));
  assert.deepEqual(
    node.sent.map(({ wires }) => wires.flat().join()),
    ['a', 'b', 'c', 'd', 'e'],
  );
});
