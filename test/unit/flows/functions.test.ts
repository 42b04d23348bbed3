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

test('"full or missing?" fires and resolves where the state of a filesystem changed, and remembers nothing', () => {
  const node = flow.find((part) => part.name === 'full or missing?');
  const tell = (before: string | undefined, state: string): string[] => {
    const msg = { disk_state_before: before, payload: { disk_mount: '/', disk_state: state } };
    const told = runInNewContext(`(function (msg) {${node?.func}\n})(msg)`, { msg }) as [Msg[]] | null;
    return [...(told?.[0] ?? [])].map(({ alert }) => `${alert?.name}: ${alert?.state}`);
  };
  assert.deepEqual(tell(undefined, 'critical'), [], 'it still fires, and does not ring again');
  assert.deepEqual(tell('ok', 'critical'), ['disk / nearly full: firing']);
  assert.deepEqual(tell('critical', 'warning'), ['disk / nearly full: resolved']);
  assert.deepEqual(tell('warning', 'ok'), []);
  assert.deepEqual(tell('ok', 'missing'), ['disk / missing: firing']);
  assert.deepEqual(tell('missing', 'ok'), ['disk / missing: resolved']);
  assert.deepEqual(tell('critical', 'missing'), ['disk / nearly full: resolved', 'disk / missing: firing']);
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
