import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { runInNewContext } from 'node:vm';
import { visible } from '../../../lib/visible.ts';

interface FunctionNode {
  name: string;
  type: string;
  func: string;
}

interface Msg {
  payload: { [key: string]: unknown };
  alert?: { name: string; state: string };
}

const flow = JSON.parse(
  readFileSync(new URL('../../../flows/infrastructure-monitoring.json', import.meta.url), 'utf8'),
) as FunctionNode[];

/** A function node of the default flow, with a context of its own: what becomes of a payload. */
function functionNode(name: string, environment: Record<string, string> = {}): (payload: object) => Msg | null {
  const node = flow.find((part) => part.type === 'function' && part.name === name);
  assert.ok(node, `the default flow has a function ${name}`);
  const kept = new Map<string, unknown>();
  const globals = {
    context: { get: (key: string) => kept.get(key), set: (key: string, value: unknown) => kept.set(key, value) },
    env: { get: (key: string) => environment[key] },
  };
  return (payload) =>
    runInNewContext(`(function (msg) {${node.func}\n})(msg)`, { ...globals, msg: { payload } }) as Msg;
}

const disk = (used?: unknown) => ({ disk_mount: '/', ...(used === undefined ? {} : { disk_used_percent: used }) });

test('"nearly full?" starts at 90 %, ends below 85 %, and changes nothing where there is no figure', () => {
  const nearlyFull = functionNode('nearly full?');
  const state = (used?: unknown): string | undefined => nearlyFull(disk(used))?.alert?.state;
  assert.equal(state(89), undefined);
  assert.equal(state(95), 'firing');
  for (const none of [undefined, null, '12', Number.NaN]) assert.equal(state(none), undefined);
  assert.equal(state(95), undefined, 'it still fires, and does not ring again');
  assert.equal(state(86), undefined);
  assert.equal(state(84), 'resolved');
  assert.equal(state(), undefined);
});

test('"down?" tells of up and down only', () => {
  const down = flow.find((part) => part.type === 'function' && part.func.includes('check_state'));
  const tell = functionNode(down?.name ?? '');
  const state = (checkState: string) => tell({ check_name: 'n', check_state: checkState })?.alert?.state;
  assert.deepEqual([state('down'), state('up')], ['firing', 'resolved']);
  assert.equal(tell({ check_name: 'n', check_state: 'paused' }), null);
});

test('the text for the webhook has no markup, mentions nobody and steers no terminal', () => {
  const webhook = functionNode('webhook, if there is one', { ALERT_WEBHOOK_URL: 'http://127.0.0.1/hook' });
  const textOf = (message: string): string => webhook({ host: 'h', message })?.payload.text as string;
  assert.equal(textOf('disk / nearly full'), 'h: disk / nearly full');
  assert.equal(textOf('<!channel> <http://evil|a&b>'), 'h: &lt;!channel&gt; &lt;http://evil|a&amp;b&gt;');
  for (const mention of ['@channel', '@here', '@everyone', '@all', '<@U123>', '@name']) {
    assert.doesNotMatch(textOf(mention), /@\w|<|>/);
  }
  const steering = '\u001b[31m\n\r\u0007\u009b\u202e\u2028\ufeff';
  assert.equal(visible(textOf(steering)), textOf(steering));
  assert.match(textOf(steering), /\\u001b\[31m\\u000a/);
});

test('without an address of a webhook nothing is posted', () => {
  assert.equal(functionNode('webhook, if there is one')({ host: 'h', message: 'm' }), null);
});
