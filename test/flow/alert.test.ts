import assert from 'node:assert/strict';
import type { EventEmitter } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type TestContext, test } from 'node:test';
import type { NodeMessageInFlow } from 'node-red';
import type { InfraRecord } from '../../lib/record.ts';
import register from '../../nodes/alert/alert.ts';
import { whenStatus } from '../support/docker-flow.ts';
import { type RunningFlow, runFlow } from '../support/flow.ts';
import { temporaryFolder } from '../support/folder.ts';
import { until } from '../support/until.ts';

type Msg = NodeMessageInFlow & {
  payload: InfraRecord;
  alert_node?: string;
  alert_quiet?: boolean;
  alert_about?: string;
};

const CHECK = { kind: 'state', field: 'check_state', bad: 'down', good: 'up', each: ['check_name'], name: 'checks' };

function flowOf(config: object): object[] {
  return [
    { id: 'f', type: 'tab' },
    { id: 'n', z: 'f', type: 'alert', ...config, wires: [['out']] },
    { id: 'out', z: 'f', type: 'helper' },
    { id: 'e', z: 'f', type: 'catch', scope: ['n'], wires: [['caught']] },
    { id: 'caught', z: 'f', type: 'helper' },
    { id: 'c', z: 'f', type: 'complete', scope: ['n'], wires: [['completed']] },
    { id: 'completed', z: 'f', type: 'helper' },
  ];
}

/** What the helper node got. */
function heard(flow: RunningFlow, id: string): Msg[] {
  const msgs: Msg[] = [];
  flow.node(id).on('input', (msg) => msgs.push(msg as Msg));
  return msgs;
}

async function run(
  t: TestContext,
  config: object,
  userDir?: string,
): Promise<{ flow: RunningFlow; out: Msg[]; caught: Msg[] }> {
  const flow = await runFlow(t, [register], flowOf(config), userDir === undefined ? {} : { userDir });
  return { flow, out: heard(flow, 'out'), caught: heard(flow, 'caught') };
}

function send(flow: RunningFlow, msg: object): void {
  flow.node('n').receive(msg as never);
}

const check = (check_state: string, check_name = 'web') => ({ payload: { check_name, check_state, host: 'h1' } });

async function redeploy(flow: RunningFlow, config: object): Promise<Msg[]> {
  await flow.redeploy(flowOf(config));
  return heard(flow, 'out');
}

test('alert sends a record when it fires and one when it is over, and completes each msg once', async (t) => {
  const { flow, out } = await run(t, CHECK);
  const completed = heard(flow, 'completed');
  for (const state of ['up', 'down', 'down', 'up']) send(flow, check(state));
  await until(() => out.length === 2 && completed.length === 4);
  assert.deepEqual(
    out.map(({ topic }) => topic),
    ['alert/checks', 'alert/checks'],
  );
  assert.deepEqual(
    out.map(({ payload }) => payload.alert_state),
    ['firing', 'resolved'],
  );
  assert.deepEqual(
    out.map(({ payload }) => payload.level),
    [3, 5],
  );
  assert.equal(out[0]?.alert_node, 'n');
  assert.equal(out[0]?.payload.host, 'h1');
  assert.equal(out[0]?.payload.alert_id, out[1]?.payload.alert_id);
});

test('alert that is deployed while it fires neither rings again nor forgets to resolve, three Deploys in a burst', async (t) => {
  const { flow, out } = await run(t, CHECK);
  send(flow, check('down'));
  await until(() => out.length === 1);
  const ids = new Set([out[0]?.payload.event_id]);
  let latest: Msg[] = [];
  for (const text of ['one', 'two', 'three']) latest = await redeploy(flow, { ...CHECK, text });
  send(flow, check('down'));
  send(flow, check('up'));
  await until(() => latest.some(({ payload }) => payload.alert_state === 'resolved'));
  for (const { payload } of latest) ids.add(payload.event_id);
  assert.equal(ids.size, 2);
});

test('alert that is copied while it fires has a state of its own, and one that is renamed keeps its', async (t) => {
  const { flow, out } = await run(t, CHECK);
  send(flow, check('down'));
  await until(() => out.length === 1);
  const renamed = { ...CHECK, name: 'other' };
  const copy = { id: 'm', z: 'f', type: 'alert', ...renamed, wires: [['out']] };
  await flow.redeploy([...flowOf(renamed), copy]);
  const latest = heard(flow, 'out');
  send(flow, check('down'));
  flow.node('m').receive(check('down') as never);
  await until(() => latest.some(({ alert_node: node }) => node === 'm'));
  const [mine] = latest.filter(({ alert_node: node }) => node === 'm');
  assert.notEqual(mine?.payload.alert_id, out[0]?.payload.alert_id);
  flow.node('m').receive(check('up') as never);
  send(flow, check('up'));
  await until(() => latest.filter(({ payload }) => payload.alert_state === 'resolved').length === 2);
  const ends = latest
    .filter(({ payload }) => payload.alert_state === 'resolved')
    .map(({ payload }) => payload.alert_id);
  assert.deepEqual(new Set(ends), new Set([mine?.payload.alert_id, out[0]?.payload.alert_id]));
});

test('alert that is disabled while it fires, and enabled, rings anew', async (t) => {
  const { flow, out } = await run(t, CHECK);
  send(flow, check('down'));
  await until(() => out.length === 1);
  await flow.redeploy(flowOf({ ...CHECK, d: true }));
  const latest = await redeploy(flow, CHECK);
  send(flow, check('down'));
  await until(() => latest.length === 1);
  assert.notEqual(latest[0]?.payload.alert_id, out[0]?.payload.alert_id);
});

test('alert with a wrong setting names it and refuses what arrives', async (t) => {
  const { flow, caught } = await run(t, { ...CHECK, kind: 'limit', limit: '1,5' });
  await whenStatus(flow, 'n', /status\.failed/);
  send(flow, check('down'));
  // Its own fault, and the refusal.
  await until(() => caught.length === 2);
});

test('alert takes a command by msg, and says what it does not understand', async (t) => {
  const { flow, out, caught } = await run(t, CHECK);
  send(flow, { alert_command: { silence: '2h' } });
  await whenStatus(flow, 'n', /status\.silent/);
  send(flow, check('down'));
  send(flow, { topic: 'silence', payload: 'wake' });
  send(flow, { alert_command: { silence: 'tomorrow' } });
  send(flow, { alert_command: { acknowledge: true, alert_key: 'nobody' } });
  await until(() => caught.length === 2);
  assert.match(JSON.stringify(caught[0]?.error), /ALERT_SILENCE/);
  assert.match(JSON.stringify(caught[1]?.error), /ALERT_UNKNOWN_KEY/);
  assert.equal(out.length, 0);
  send(flow, { alert_command: { wake: true } });
  await until(() => out.length === 1);
});

test('alert is held back while another one of that name fires, and tells at its end', async (t) => {
  const flow = await runFlow(
    t,
    [register],
    [
      ...flowOf({ ...CHECK, heldBy: 'docker away' }),
      { id: 'holder', z: 'f', type: 'alert', ...CHECK, name: 'docker away', wires: [['out2']] },
      { id: 'out2', z: 'f', type: 'helper' },
    ],
  );
  const [out, cause] = [heard(flow, 'out'), heard(flow, 'out2')];
  flow.node('holder').receive(check('down', 'docker') as never);
  send(flow, check('down'));
  await until(() => cause.length === 1);
  await whenStatus(flow, 'n', /status\.held/);
  assert.equal(out.length, 0);
  flow.node('holder').receive(check('up', 'docker') as never);
  await until(() => out.length === 1);
});

test('alert that is held back by what it holds back says so', async (t) => {
  const flow = await runFlow(
    t,
    [register],
    [
      ...flowOf({ ...CHECK, heldBy: 'other' }),
      { id: 'holder', z: 'f', type: 'alert', ...CHECK, name: 'other', heldBy: 'checks', wires: [[]] },
    ],
  );
  await whenStatus(flow, 'n', /status\.failed/);
});

test('alert with the preset of nodes reads statuses and errors, but not those of alerts', async (t) => {
  const flow = await runFlow(
    t,
    [register],
    flowOf({ ...CHECK, preset: 'node', field: 'node_state', bad: 'fault', good: 'ok', each: ['node_name'] }),
  );
  const out = heard(flow, 'out');
  const status = (fill: string, type: string) => ({
    status: { fill, text: 'x', source: { id: 'i', type, name: type } },
  });
  send(flow, status('red', 'alert'));
  send(flow, status('red', 'record-filter'));
  send(flow, status('red', 'notify'));
  send(flow, status('blue', 'notify'));
  await until(() => out.length === 1);
  assert.equal(out[0]?.alert_about, 'i');
  assert.equal(out[0]?.payload.node_type, 'notify');
  send(flow, status('green', 'notify'));
  await until(() => out.length === 2);
});

test('alert does not judge its own records', async (t) => {
  const { flow, out } = await run(t, { kind: 'match', ends: 'event', name: 'loop' });
  send(flow, { payload: { message: 'x' }, alert_node: 'n' });
  send(flow, { payload: { message: 'y' } });
  await until(() => out.length === 1);
  assert.match(String(out[0]?.payload.message), /say\.event/);
});

test('alert that cannot keep its state tells all the same, and once that it cannot', async (t) => {
  const userDir = temporaryFolder();
  writeFileSync(`${userDir}/infra-monitoring`, 'a file where the folder should be');
  const { flow, out } = await run(t, CHECK, userDir);
  const warnings: unknown[] = [];
  (flow.node('n') as unknown as EventEmitter).on('call:warn', ({ args }) => warnings.push(args[0]));
  send(flow, check('down'));
  await until(() => out.length === 1 && warnings.length === 1);
  const latest = await redeploy(flow, CHECK);
  send(flow, check('down'));
  send(flow, check('up'));
  await until(() => latest.some(({ payload }) => payload.alert_state === 'resolved'));
  assert.equal(new Set([...out, ...latest].map(({ payload }) => payload.alert_id)).size, 1);
});

const helper = createRequire(import.meta.url)('node-red-node-test-helper');

test('the Test of an alert goes through its wires, marked, and is no state', async (t) => {
  const { flow, out } = await run(t, CHECK);
  await helper.request().post('/infra-monitoring/alert/n/test').send({}).expect(200);
  await until(() => out.length === 2);
  assert.deepEqual(
    out.map(({ payload }) => payload.alert_test),
    [1, 1],
  );
  assert.ok(out.every(({ payload }) => /^TEST /.test(payload.message)));
  await whenStatus(flow, 'n', /status\.tested/);
  const { body } = await helper.request().post('/infra-monitoring/alert/nobody/test').send({}).expect(404);
  assert.match(body.fault, /ALERT_NOT_DEPLOYED/);
});

test('the button silences an alert for an hour, and wakes it', async (t) => {
  await run(t, CHECK);
  const press = async (body: object) =>
    (await helper.request().post('/infra-monitoring/alert/n/silence').send(body).expect(200)).body;
  const { silentUntil } = await press({ toggle: true });
  assert.ok(Math.abs(Date.parse(silentUntil) - Date.now() - 3_600_000) < 60_000);
  assert.equal((await press({ toggle: true })).silentUntil, null);
  assert.notEqual((await press({ silence: '2h' })).silentUntil, null);
  assert.equal((await press({ wake: true })).silentUntil, null);
});

test('what fires is listed, and one of it is acknowledged; where nothing fires, that is the answer', async (t) => {
  const { flow, out } = await run(t, { ...CHECK, remindMinutes: '1' });
  const post = (body: object, status: number) =>
    helper.request().post('/infra-monitoring/alert/n/silence').send(body).expect(status);
  const list = async () => (await helper.request().get('/infra-monitoring/alert/n/firing').expect(200)).body;
  assert.deepEqual(await list(), { count: 0, firing: [] });
  const { body: ofNone } = await helper.request().get('/infra-monitoring/alert/nobody/firing').expect(200);
  assert.equal(ofNone.count, 0);
  assert.match((await post({ acknowledge: true }, 409)).body.fault, /ALERT_NOTHING_FIRES/);
  assert.match((await post({ silence: 'tomorrow' }, 400)).body.fault, /ALERT_SILENCE/);
  assert.match((await post({ acknowledge: 'yes' }, 400)).body.fault, /ALERT_COMMAND/);
  for (const name of ['web', 'shop']) send(flow, check('down', name));
  await until(() => out.length === 2);
  assert.match((await post({ acknowledge: true, alert_key: 'nobody' }, 404)).body.fault, /ALERT_UNKNOWN_KEY/);
  assert.equal((await post({ acknowledge: true, alert_key: 'web' }, 200)).body.firing, 2);
  const { count, firing } = await list();
  const shown = firing.map(({ key, isTold, isAcknowledged }: Record<string, unknown>) => [key, isTold, isAcknowledged]);
  assert.deepEqual(
    [count, shown.toSorted()],
    [
      2,
      [
        ['shop', true, false],
        ['web', true, true],
      ],
    ],
  );
});

test('Try runs the unsaved rule over the records that are kept, sends nothing, and says when it would have rung', async (t) => {
  const { flow, out } = await run(t, CHECK);
  const { events } = createRequire(import.meta.url)('node-red') as { events: EventEmitter };
  const sinceMs = Date.now() - 1_800_000;
  const at = (minute: number, v: unknown) => ({
    record: { time: new Date(sinceMs + minute * 60_000).toISOString(), v, k: 'a' },
    shippedMs: sinceMs + minute * 60_000,
  });
  const records = [at(1, 50), at(2, 85), at(3, 95), at(4, 'x'), at(5, 60), at(20, 90)];
  const answer = (): boolean =>
    events.emit('infra-monitoring:ring', {
      ring: { sinceMs, size: 0, records: () => records, keeperFor: () => () => undefined },
    });
  const { body: none } = await helper.request().post('/infra-monitoring/alert/try').send({}).expect(409);
  assert.match(none.fault, /ALERT_NO_RECORDS/);
  events.on('infra-monitoring:ring?', answer);
  t.after(() => events.off('infra-monitoring:ring?', answer));
  const rule = { kind: 'limit', field: 'v', limit: '80', end: '70', each: ['k'] };
  const { body } = await helper.request().post('/infra-monitoring/alert/try').send(rule).expect(200);
  assert.deepEqual([body.records, body.fitting, body.keys], [6, 6, 1]);
  assert.equal(body.since, new Date(sinceMs).toISOString());
  assert.deepEqual(
    body.rang.map(({ key, highest, isOver }: { key: string; highest: number; isOver: boolean }) => [
      key,
      highest,
      isOver,
    ]),
    [
      ['a', 95, true],
      ['a', 90, false],
    ],
  );
  assert.equal(body.rang[0].from, records[1]?.record.time);
  assert.equal(body.rang[0].to, records[4]?.record.time);
  const { body: wrong } = await helper
    .request()
    .post('/infra-monitoring/alert/try')
    .send({ ...rule, limit: '1,5' })
    .expect(200);
  assert.deepEqual([wrong.field, /ALERT_COMMA/.test(wrong.fault)], ['limit', true]);
  assert.equal(out.length, 0);
  assert.ok(flow.node('n') !== undefined);
});
