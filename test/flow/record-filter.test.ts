import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { NodeMessageInFlow } from 'node-red';
import register from '../../nodes/record-filter/record-filter.ts';
import { type RunningFlow, runFlow } from '../support/flow.ts';
import { until } from '../support/until.ts';

const row = (field: string, operator: string, value: string) => ({ field, operator, value, orAbsent: false });
const DROP_DEBUG = { action: 'drop', rules: { mode: 'any', rules: [row('message', 'contains', 'DEBUG')] } };

function flowWith(config: object): object[] {
  return [
    { id: 'f', type: 'tab' },
    { id: 'filter', z: 'f', type: 'record-filter', name: 'quiet', ...config, wires: [['kept'], ['dropped']] },
    { id: 'kept', z: 'f', type: 'helper' },
    { id: 'dropped', z: 'f', type: 'helper' },
    { id: 'e', z: 'f', type: 'catch', scope: ['filter'], wires: [['caught']] },
    { id: 'c', z: 'f', type: 'complete', scope: ['filter'], wires: [['completed']] },
    { id: 'caught', z: 'f', type: 'helper' },
    { id: 'completed', z: 'f', type: 'helper' },
  ];
}

type Heard = { readonly [id: string]: NodeMessageInFlow[] };

function hearAll(flow: RunningFlow): Heard {
  const heard: { [id: string]: NodeMessageInFlow[] } = {};
  for (const id of ['kept', 'dropped', 'caught', 'completed']) {
    const msgs: NodeMessageInFlow[] = [];
    heard[id] = msgs;
    flow.node(id).on('input', (msg) => msgs.push(msg));
  }
  return heard;
}

/** What is to be told after a minute comes after some milliseconds. */
function hastenMinutes(t: TestContext, shortMs = 50): void {
  const real = globalThis.setTimeout;
  t.mock.method(globalThis, 'setTimeout', (act: () => void, ms = 0, ...args: unknown[]) =>
    Reflect.apply(real, globalThis, [act, ms >= 60_000 ? shortMs : ms, ...args]),
  );
}

const payloads = (msgs: readonly NodeMessageInFlow[] | undefined): unknown[] =>
  (msgs ?? []).map(({ payload }) => payload);

test('record-filter sends what it keeps to its first output and the rest to its second, in order, and is done with each', async (t) => {
  const flow = await runFlow(t, [register], flowWith(DROP_DEBUG));
  const heard = hearAll(flow);
  for (const payload of [{ message: 'one' }, { message: 'DEBUG two' }, 'DEBUG three', 'four', 5, null])
    flow.node('filter').receive({ payload, mine: 7 } as never);
  await until(() => heard.completed?.length === 6 && heard.kept?.length === 4);
  assert.deepEqual(payloads(heard.kept), [{ message: 'one' }, 'four', 5, null]);
  assert.deepEqual(payloads(heard.dropped), [{ message: 'DEBUG two' }, 'DEBUG three']);
  assert.partialDeepStrictEqual(heard.kept?.[0], { mine: 7 });
  assert.deepEqual(heard.caught, []);
});

test('record-filter tells what it dropped in one record after the window, though nothing comes any more', async (t) => {
  hastenMinutes(t);
  const flow = await runFlow(
    t,
    [register],
    flowWith({ ...DROP_DEBUG, atMost: '1', per: '1', perUnit: 'min', each: 'host' }),
  );
  const heard = hearAll(flow);
  const time = new Date().toISOString();
  for (const message of ['a', 'b', 'c', 'DEBUG'])
    flow.node('filter').receive({ payload: { message, host: 'web', time } } as never);
  await until(() => heard.kept?.length === 3);
  const [, rules, limit] = heard.kept ?? [];
  assert.equal(rules?.topic, 'filter/quiet');
  assert.partialDeepStrictEqual(rules?.payload, {
    log_type: 'filter',
    filter_name: 'quiet',
    records_filtered: 1,
    filter_window_seconds: 60,
  });
  assert.ok(!Object.hasOwn(rules?.payload as object, 'filter_key'));
  assert.partialDeepStrictEqual(limit?.payload, { filter_key: 'web', records_filtered: 2 });
  assert.equal(payloads(heard.dropped).length, 3);
});

test('record-filter tells after a Deploy what it dropped before it, once', async (t) => {
  const flow = await runFlow(t, [register], flowWith(DROP_DEBUG));
  const before = hearAll(flow);
  for (const payload of ['DEBUG a', 'DEBUG b']) flow.node('filter').receive({ payload } as never);
  await until(() => before.dropped?.length === 2);
  hastenMinutes(t, 1_000);
  await flow.redeploy(flowWith(DROP_DEBUG));
  const after = hearAll(flow);
  flow.node('filter').receive({ payload: 'DEBUG c' } as never);
  await until(() => after.kept?.length === 1);
  assert.partialDeepStrictEqual(payloads(after.kept)[0], { records_filtered: 3, filter_name: 'quiet' });
  await flow.redeploy(flowWith(DROP_DEBUG));
  const last = hearAll(flow);
  flow.node('filter').receive({ payload: 'DEBUG d' } as never);
  await until(() => last.kept?.length === 1);
  assert.partialDeepStrictEqual(payloads(last.kept)[0], { records_filtered: 1 });
});

test('record-filter with a row that cannot be lets everything through, and says so once', async (t) => {
  const flow = await runFlow(t, [register], flowWith({ rules: { rules: [row('n', 'above', '1,5')] } }));
  const heard = hearAll(flow);
  for (const n of [1, 2]) flow.node('filter').receive({ payload: { n } } as never);
  await until(() => heard.kept?.length === 2);
  assert.equal(heard.caught?.length, 1);
  assert.deepEqual(heard.dropped, []);
});

test('record-filter shows in its status how many of all passed, in at most 24 characters', async (t) => {
  const flow = await runFlow(t, [register], flowWith(DROP_DEBUG));
  const statuses: { text: string }[] = [];
  t.mock.method(flow.node('filter'), 'status', (status: { text: string }) => statuses.push(status));
  for (const payload of ['a', 'b', 'DEBUG']) flow.node('filter').receive({ payload } as never);
  await until(() => statuses.length > 0);
  // The test helper has no words: it gives the key.
  assert.equal(statuses[0]?.text, 'record-filter.status.passed');
});
