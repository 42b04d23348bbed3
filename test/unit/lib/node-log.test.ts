import assert from 'node:assert/strict';
import { test } from 'node:test';
import { logVisibly } from '../../../lib/node-log.ts';
import { FORGED } from '../../support/steering-texts.ts';

test('what a node logs by itself, and the error of a `done`, is one line', () => {
  const lines: string[] = [];
  const node = {
    log: (text: unknown) => void lines.push(String(text)),
    warn: (text: unknown) => void lines.push(String(text)),
    error: (text: unknown, msg?: object) => void lines.push(`${text} ${JSON.stringify(msg)}`),
  };
  logVisibly(node);
  node.log(FORGED);
  node.warn(FORGED);
  node.error(new Error(FORGED), { mine: 7 });
  const good = new Error('good');
  node.error(good);
  const line = 'boom\\n25 Nov 10:00:00 - [info] [graylog-server:x] FORGED LINE \\x1b[31mred\\x1b[0m\\u202e';
  assert.deepEqual(lines, [line, line, `Error: ${line} {"mine":7}`, 'Error: good undefined']);
});

/** A node as Node-RED has it: its functions look up its name and its flow. `catches`: a Catch node takes its errors. */
function nodeOfRuntime(catches: boolean, name?: string) {
  const lines: string[] = [];
  const caught: unknown[] = [];
  const flow = {
    log: ({ level, name, msg }: { level: string | number; name?: string; msg: unknown }) =>
      void lines.push(`${level === 20 ? 'error' : level} ${name} ${msg}`),
    handleError(source: { name?: string }, text: unknown, msg: object) {
      if (catches) caught.push({ of: source.name, text: String(text), msg });
      return catches;
    },
  };
  type Runtime = { name?: string; _flow: typeof flow };
  const node = {
    name,
    _flow: flow,
    log(this: Runtime, text: string) {
      this._flow.log({ level: 'info', name: this.name, msg: text });
    },
    warn(this: Runtime, text: string) {
      this._flow.log({ level: 'warn', name: this.name, msg: text });
    },
    error(this: Runtime, text: string, msg?: object) {
      const isHandled = msg !== undefined && this._flow.handleError(this, text, msg);
      if (!isHandled) this._flow.log({ level: 'error', name: this.name, msg: text });
    },
  };
  return { node, lines, caught };
}

test('an error that no msg caused is logged once, whether a Catch node takes it or not', () => {
  for (const catches of [false, true]) {
    const { node, lines, caught } = nodeOfRuntime(catches);
    logVisibly(node, { label: 'graylog' });
    node.error('no server', {});
    assert.deepEqual(lines, ['error graylog no server']);
    assert.deepEqual(caught, catches ? [{ of: undefined, text: 'no server', msg: {} }] : []);
  }
});

test('the error of a msg is logged beside a Catch node only where it is wanted', () => {
  const { node, lines, caught } = nodeOfRuntime(true);
  let isWanted = false;
  logVisibly(node, { label: 'disk stats', mustLog: () => isWanted });
  node.error('first', { payload: 1 });
  isWanted = true;
  node.error('second', { payload: 2 });
  assert.deepEqual(lines, ['error disk stats second']);
  assert.equal(caught.length, 2);
});

test('a node without a name has its label in the log, and any other its name', () => {
  const nameless = nodeOfRuntime(false);
  logVisibly(nameless.node, { label: 'uptime' });
  nameless.node.log('one');
  nameless.node.warn('two');
  assert.deepEqual(nameless.lines, ['info uptime one', 'warn uptime two']);
  const called = nodeOfRuntime(false, 'host of mine');
  logVisibly(called.node, { label: 'uptime' });
  called.node.warn('three');
  assert.deepEqual(called.lines, ['warn host of mine three']);
});
