import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { test } from 'node:test';
import type { NodeAPI } from 'node-red';
import { RingInput } from '../../../lib/ring.ts';
import { registerRoutes } from '../../../nodes/record-filter/routes.ts';
import { RecordKeeper } from '../../../plugins/monitoring-page/io/record-keeper.ts';

type Handler = (request: object, response: object) => Promise<void>;
type Answer = { status: number; body: { [key: string]: unknown } };

/** The routes, as Express would call them. */
function routes(bus: EventEmitter) {
  const handlers = new Map<string, Handler>();
  const add = (path: string, _permission: unknown, handler: Handler) => handlers.set(path, handler);
  registerRoutes({
    events: bus,
    auth: { needsPermission: (permission: string) => permission },
    httpAdmin: { get: add, post: add },
    _: (key: string, args?: object) => `${key} ${JSON.stringify(args)}`,
  } as unknown as NodeAPI);
  return async (path: string, body?: object): Promise<Answer> => {
    const answer: Answer = { status: 200, body: {} };
    const headers = { 'content-type': 'application/json', 'content-length': '9' };
    await handlers.get(path)?.(
      { headers, body, params: {} },
      {
        set: () => undefined,
        status: (status: number) => Object.assign(answer, { status }),
        json: (json: object) => Object.assign(answer, { body: json }),
      },
    );
    return answer;
  };
}

test('the routes say so where no records are kept', async () => {
  const ask = routes(new EventEmitter());
  for (const path of ['/infra-monitoring/values', '/infra-monitoring/record-filter/preview']) {
    const { status, body } = await ask(path, {});
    assert.equal(status, 500);
    assert.match(String(body.fault), /^error\.NO_RING/);
  }
});

test('the routes answer from the records that were shipped, and lets others run meanwhile', async (t) => {
  const bus = new EventEmitter();
  const keeper = new RecordKeeper(bus);
  t.after(() => keeper.close());
  const input = new RingInput(bus, 'out');
  for (let n = 0; n < 2_000; n += 1) {
    const text = n % 10 === 0 ? '\u001b[31mDEBUG' : 'line';
    const document = { short_message: `${text} ${n}`, timestamp: 1_795_000_000 + n, _container_name: 'web', _n: n };
    input.keep?.(JSON.stringify(document), 'docker_log', 'stdout', 'web');
  }
  const ask = routes(bus);
  let turns = 0;
  const count = (): void => {
    turns += 1;
    if (turns < 1_000) setImmediate(count);
  };
  count();
  const { body } = await ask('/infra-monitoring/record-filter/preview', {
    action: 'drop',
    rules: { mode: 'any', rules: [{ field: 'message', operator: 'contains', value: 'DEBUG' }] },
  });
  assert.ok(turns > 5, `${turns} turns`);
  const { last, ...counts } = body as { last: { message: string; why: string }[] };
  assert.deepEqual(counts, { total: 1_000, passed: 900, droppedByRules: 100, droppedByLimit: 0, perRule: [100] });
  assert.equal(last[0]?.message, '\\x1b[31mDEBUG 1990');
  assert.match(last[0]?.why ?? '', /^record-filter\.why\.row .*"row":1/);
  const { fields } = (await ask('/infra-monitoring/values')).body as {
    fields: { [key: string]: { values: string[] } };
  };
  assert.deepEqual(fields.container_name?.values, ['web']);
  assert.equal(fields.n?.values[0], '1999');
});

test('settings that cannot be are a fault in words', async () => {
  const ask = routes(new EventEmitter());
  const path = '/infra-monitoring/record-filter/preview';
  assert.match(String((await ask(path, { atMost: 'often' })).body.fault), /^error\.WRONG_SETTING .*"atMost"/);
  const rules = [{ field: 'n', operator: 'above', value: '1,5' }];
  assert.match(String((await ask(path, { rules: { rules } })).body.fault), /^error\.RULE_COMMA/);
  assert.match(String((await ask(path, { rules: 7 })).body.fault), /^error\.RULES_MALFORMED/);
});
