import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { NodeAPI } from 'node-red';
import { hear, type ToldAlert } from '../../lib/bus.ts';
import type { Arguments } from '../../lib/status.ts';
import registerNotify from '../../nodes/notify/notify.ts';
import { type ChatService, startChatService } from '../support/chat-services.ts';
import { statusOf, whenStatus } from '../support/docker-flow.ts';
import { type RunningFlow, runFlow } from '../support/flow.ts';
import { temporaryFolder } from '../support/folder.ts';
import { alertMsg, endOf, translate } from '../support/notify.ts';
import { until } from '../support/until.ts';

const ROUTE = '/infra-monitoring/notify/test';

interface Posting extends Promise<{ body: { result?: string; fault?: string } }> {
  send(body: object): Posting;
}
const helper = createRequire(import.meta.url)('node-red-node-test-helper') as {
  request(): { post(path: string): Posting };
};

/** The parts of Node-RED that the last flow was registered with. */
let events: NodeAPI['events'];

/** Registers the node with the words of its catalogue, as an installed one has them. */
function register(RED: NodeAPI): void {
  events = RED.events;
  const words = (key: string, values?: Arguments): string => translate(key.replace(/^notify\./, ''), values);
  registerNotify(Object.create(RED, { _: { value: words } }) as NodeAPI);
}

function notify(id: string, more: object = {}): object {
  return { id, z: 'f', type: 'notify', collectSeconds: '0', wires: [], ...more };
}

function flowOf(nodes: readonly object[], env: { [name: string]: string } = {}): object[] {
  const variables = Object.entries(env).map(([name, value]) => ({ name, type: 'str', value }));
  return [
    { id: 'f', type: 'tab', env: variables },
    ...nodes,
    { id: 'c', z: 'f', type: 'complete', scope: ['n'], wires: [['completed']] },
    { id: 'completed', z: 'f', type: 'helper' },
    { id: 'e', z: 'f', type: 'catch', wires: [['caught']] },
    { id: 'caught', z: 'f', type: 'helper' },
  ];
}

function run(t: TestContext, service: ChatService, more: object = {}, nodes: object[] = []): Promise<RunningFlow> {
  const credentials = { n: { url: service.address } };
  return runFlow(t, [register], flowOf([notify('n', more), ...nodes]), { credentials });
}

interface Caught {
  readonly error: { readonly message: string; readonly source: { readonly id: string } };
}

function caughtBy(flow: RunningFlow): Caught[] {
  const caught: Caught[] = [];
  flow.node('caught').on('input', (msg) => caught.push(msg as unknown as Caught));
  return caught;
}

test('notify tells an alert and its end, completes each msg, and says on the bus what it told', async (t) => {
  const slack = await startChatService(t, 'slack');
  const flow = await run(t, slack, { zone: 'Europe/Berlin' });
  const said: ToldAlert[] = [];
  t.after(hear(events, 'infra-monitoring:told', (told) => said.push(told)));
  let completed = 0;
  flow.node('completed').on('input', () => {
    completed += 1;
  });
  const firing = alertMsg();
  flow.node('n').receive(firing as never);
  await until(() => slack.shown.length === 1);
  flow.node('n').receive(endOf(firing) as never);
  await until(() => slack.shown.length === 2 && completed === 2 && said.length === 2);
  assert.match(
    slack.shown[0] ?? '',
    /^🔴 FIRING error: disk full, \/var \(web1\)\n.*\n93\.1 % \(limit 90 %\) · since .*\d\d:\d\d CES?T$/,
  );
  const id = firing.payload.alert_id;
  assert.deepEqual(said, [
    { node: 'n', id, state: 'firing' },
    { node: 'n', id, state: 'resolved' },
  ]);
  await whenStatus(flow, 'n', /^told \d\d:\d\d$/);
});

test('a msg made by hand is told, too; what is no alert is an error for Catch nodes', async (t) => {
  const slack = await startChatService(t, 'slack');
  const flow = await run(t, slack);
  const caught = caughtBy(flow);
  flow.node('n').receive({ payload: { alert_state: 'firing', alert_name: 'by hand', message: 'a text' } } as never);
  flow.node('n').receive({ payload: 'a text' } as never);
  flow.node('n').receive({ payload: { alert_state: 'acknowledged', alert_name: 'x' } } as never);
  await until(() => slack.shown.length === 1 && caught.length === 2);
  assert.match(slack.shown[0] ?? '', /^🔴 FIRING error: by hand\na text\nsince /);
  for (const { error } of caught) assert.match(error.message, /msg\.payload is no alert record/);
});

test('without an address the status is grey, and says how many alerts nobody heard of', async (t) => {
  const variable = '$' + '{ALERT_WEBHOOK_URL}';
  const flow = await runFlow(t, [register], flowOf([notify('n')]), { credentials: { n: { url: variable } } });
  await whenStatus(flow, 'n', /^no address$/);
  const caught = caughtBy(flow);
  for (let number = 0; number < 3; number += 1) flow.node('n').receive(alertMsg() as never);
  await whenStatus(flow, 'n', /^3 alerts, nobody told$/);
  assert.equal(statusOf(flow, 'n').fill, 'grey');
  assert.deepEqual(caught, []);
});

test('the address is that of the variable, or of the file that a variable names', async (t) => {
  const slack = await startChatService(t, 'slack');
  const file = join(temporaryFolder(), 'url');
  writeFileSync(file, `${slack.address}\n`);
  const variables: readonly { [name: string]: string }[] = [
    { ALERT_WEBHOOK_URL: slack.address },
    { ALERT_WEBHOOK_URL_FILE: file },
  ];
  for (const env of variables) {
    const flow = await runFlow(t, [register], flowOf([notify('n')], env));
    const before = slack.shown.length;
    flow.node('n').receive(alertMsg() as never);
    await until(() => slack.shown.length === before + 1);
    await flow.stop();
  }
});

test('a failure is one error that names the node; an alert of it is told at another notify, and never at itself', async (t) => {
  const [broken, other] = [await startChatService(t, 'slack'), await startChatService(t, 'slack')];
  broken.instead = () => ({ status: 404, body: 'no_service' });
  const nodes = flowOf([notify('n'), notify('m')]).map((node) =>
    // Whatever is caught goes straight back: it must not run in a circle.
    Reflect.get(node, 'id') === 'e' ? { ...node, wires: [['caught', 'n']] } : node,
  );
  const credentials = { n: { url: broken.address }, m: { url: other.address } };
  const flow = await runFlow(t, [register], nodes, { credentials });
  const caught = caughtBy(flow);
  flow.node('n').receive(alertMsg() as never);
  await until(() => caught.length > 0);
  await whenStatus(flow, 'n', /^stopped: 404$/);
  flow.node('n').receive(alertMsg() as never);
  const own = alertMsg({ alert_name: 'node status', node_id: 'n', node_type: 'notify', node_state: 'fault' });
  flow.node('n').receive(own as never);
  flow.node('m').receive(own as never);
  await until(() => other.shown.length === 1);
  assert.match(other.shown[0] ?? '', /node status/);
  assert.equal(broken.posts.length, 1);
  assert.equal(caught.length, 1);
  assert.equal(caught[0]?.error.source.id, 'n');
  assert.match(
    caught[0]?.error.message ?? '',
    /alerts waiting: 1, nobody was told: HTTP 404 no_service \(127\.0\.0\.1:\d+\/…WxYz\)$/,
  );
  const state = join(flow.userDir, 'infra-monitoring/notify-n.json');
  await until(() => existsSync(state));
  const kept = readFileSync(state, 'utf8');
  assert.doesNotMatch(kept, /sLaCk|node status/);
});

test('what a deleted or disabled alert node had firing is told as over after the Deploy, and after a start', async (t) => {
  const slack = await startChatService(t, 'slack');
  const userDir = temporaryFolder();
  const credentials = { n: { url: slack.address } };
  const source = (id: string, more: object = {}): object => ({ id, z: 'f', type: 'helper', wires: [['n']], ...more });
  const names = ['deleted', 'disabled', 'stays', 'deleted-while-stopped'];
  const all = flowOf([notify('n'), ...names.map((id) => source(id))]);
  const flow = await runFlow(t, [register], all, { userDir, credentials });
  for (const id of names) flow.node(id).send(alertMsg({ alert_name: id }, { alert_node: id }) as never);
  await until(() => names.every((id) => slack.shown.join('\n').includes(`FIRING error: ${id},`)));
  const removed = (id: string): number => slack.shown.join('\n').split(`RESOLVED, rule removed: ${id},`).length - 1;
  const left = [source('disabled', { d: true }), source('stays'), source('deleted-while-stopped')];
  await flow.redeploy(flowOf([notify('n'), ...left]));
  await until(() => removed('deleted') === 1 && removed('disabled') === 1);
  await flow.redeploy(flowOf([notify('n'), ...left]));
  await flow.stop();
  const again = await runFlow(t, [register], flowOf([notify('n'), ...left.slice(0, 2)]), { userDir, credentials });
  await until(() => removed('deleted-while-stopped') === 1);
  assert.deepEqual(names.map(removed), [1, 1, 0, 1]);
  await again.stop();
});

test('a setting that cannot be is red and says which; its msgs are refused', async (t) => {
  const slack = await startChatService(t, 'slack');
  const flow = await run(t, slack, { zone: 'Mars/Base' });
  await whenStatus(flow, 'n', /^wrong Time zone$/);
  const caught = caughtBy(flow);
  flow.node('n').receive(alertMsg() as never);
  await until(() => caught.length > 0 && /NOT_CONFIGURED/.test(JSON.stringify(caught)));
  assert.equal(slack.posts.length, 0);
});

test('the Test button sends a marked message with awkward characters, and shows what the service answers, masked', async (t) => {
  const slack = await startChatService(t, 'slack');
  const flow = await run(t, slack);
  const press = async (dialog: object): Promise<string> => {
    const { body } = await helper
      .request()
      .post(ROUTE)
      .send({ id: 'n', ...dialog });
    return body.result ?? body.fault ?? '';
  };
  assert.match(
    await press({ url: '__PWRD__' }),
    /^told at 127\.0\.0\.1:\d+\/…WxYz \(Slack, or what takes its JSON\): HTTP 200 ok$/,
  );
  assert.match(slack.shown[0] ?? '', /^TEST 🔵 FIRING notice: test alert, \/srv\/data & <logs> /);
  assert.match(slack.shown[0] ?? '', /äöü ß € 日本 🚀 & < > .*@everyone <!channel> \[a\]\(b\) \{\{c\}\} %0A line 2/);
  assert.deepEqual(slack.breaches, []);
  slack.instead = ({ path }) => ({ status: 404, body: `no_service at ${path}` });
  const stopped = await press({ url: '__PWRD__' });
  assert.match(stopped, /refuses the address or the credential .*HTTP 404 no_service at 127\.0\.0\.1:\d+\/…WxYz$/);
  assert.doesNotMatch(stopped, /sLaCk/);
  const others = await startChatService(t, 'ntfy');
  assert.match(await press({ url: others.address, service: 'ntfy' }), /^told at .*HTTP 200/);
  assert.match(await press({ url: 'ftp://x' }), /^wrong Address$/);
  assert.match(await press({ url: '' }), /^no address$/);
  assert.match(await press({ url: 'http://127.0.0.1:1/hook/abcdefgh' }), /ECONNREFUSED/);
  // Alerts wait at the address already: a test would overtake them.
  flow.node('n').receive(alertMsg() as never);
  await whenStatus(flow, 'n', /^stopped: 404$/);
  const posts = slack.posts.length;
  assert.match(await press({ url: '__PWRD__' }), /^nothing is sent, alerts wait at .* already: 1/);
  assert.equal(slack.posts.length, posts);
});

test('the Test button sends a saved token to no address but the one that is deployed', async (t) => {
  const [json, other] = [await startChatService(t, 'json'), await startChatService(t, 'json')];
  const credentials = { n: { url: json.address, token: 'tOkEn-12345678' } };
  await runFlow(t, [register], flowOf([notify('n', { service: 'json' })]), { credentials });
  const press = async (url: string): Promise<object> => {
    const { body } = await helper.request().post(ROUTE).send({ id: 'n', service: 'json', url, token: '__PWRD__' });
    return body;
  };
  assert.match(JSON.stringify(await press('__PWRD__')), /told at/);
  assert.equal(json.posts[0]?.headers.authorization, 'Bearer tOkEn-12345678');
  assert.match(JSON.stringify(await press(other.address)), /saved authorization/);
  assert.equal(other.posts.length, 0);
});
