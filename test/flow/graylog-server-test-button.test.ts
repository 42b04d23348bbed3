import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { NodeAPI } from 'node-red';
import registerServer from '../../nodes/graylog-server/graylog-server.ts';
import { runFlow } from '../support/flow.ts';
import { temporaryFolder } from '../support/folder.ts';
import { type Receiver, receiveHttp, receiveUdp } from '../support/graylog.ts';
import { freePort } from '../support/ports.ts';

const ROUTE = '/infra-monitoring/graylog-server/test';
const SAVED = 'Bearer saved-token';
/** What the editor sends for a credential that is set and not changed. */
const UNCHANGED = '__PWRD__';

interface Posting extends Promise<{ body: unknown }> {
  set(header: string, value: string): Posting;
  send(body: object | string): Posting;
  expect(status: number): Posting;
}

const helper = createRequire(import.meta.url)('node-red-node-test-helper') as {
  request(): { post(path: string): Posting };
};

/** Registers the node with words for people: a key of the catalogue and its values. */
function register(RED: NodeAPI): void {
  const words = (key: string, values: object = {}): string => `${key} ${Object.values(values).join(' ')}`.trim();
  registerServer(Object.create(RED, { _: { value: words } }) as NodeAPI);
}

interface Heard extends Receiver {
  /** The `Authorization` headers that came. */
  readonly authorizations: unknown[];
}

async function receive(t: TestContext): Promise<Heard> {
  const authorizations: unknown[] = [];
  const receiver = await receiveHttp(t, {
    answer: (_path, headers) => {
      authorizations.push(headers.authorization);
      return undefined;
    },
  });
  return Object.assign(receiver, { authorizations });
}

/** Deploys a `graylog-server` with a saved authorization; gives what presses its Test button. */
async function deployServer(t: TestContext, endpoints: string) {
  const flow = await runFlow(t, [register], [{ id: 's', type: 'graylog-server', endpoints, host: 'h' }], {
    credentials: { s: { authorization: SAVED, brokerUser: 'monitor', brokerPassword: 'saved-password' } },
  });
  const press = async (dialog: object): Promise<string[]> => {
    const { body } = await helper
      .request()
      .post(ROUTE)
      .send({ id: 's', ...dialog })
      .expect(200);
    return (body as { results: string[] }).results;
  };
  return { flow, press };
}

test('a saved authorization goes to the deployed address, and to no other scheme, host or port', async (t) => {
  const [deployed, other] = [await receive(t), await receive(t)];
  const { press } = await deployServer(t, `http://127.0.0.1:${deployed.port}`);
  const dialog = { authorization: UNCHANGED };
  assert.match((await press({ ...dialog, endpoints: `http://127.0.0.1:${deployed.port}/gelf` }))[0] ?? '', /delivered/);
  assert.deepEqual(deployed.authorizations, [SAVED]);
  for (const endpoints of [
    `http://127.0.0.1:${other.port}`,
    `http://localhost:${deployed.port}`,
    `https://127.0.0.1:${deployed.port}`,
    `http://127.0.0.2:${deployed.port}`,
  ]) {
    assert.match((await press({ ...dialog, endpoints }))[0] ?? '', /CREDENTIAL_WITHHELD/);
  }
  assert.deepEqual([deployed.authorizations.length, other.authorizations.length], [1, 0]);
});

test('a saved password of a broker goes to the deployed address, and to no other host, port or virtual host', async (t) => {
  const port = await freePort();
  const { press } = await deployServer(t, `amqp://127.0.0.1:${port}/logs`);
  const ask = async (endpoints: string): Promise<string> => {
    const [answer = ''] = await press({ endpoints, brokerUser: 'monitor', brokerPassword: UNCHANGED });
    return answer;
  };
  assert.match(await ask(`amqp://127.0.0.1:${port}/logs`), /ECONNREFUSED/);
  for (const other of [`amqp://127.0.0.1:${port}`, `amqps://127.0.0.1:${port}/logs`, `amqp://localhost:${port}/logs`])
    assert.match(await ask(other), /CREDENTIAL_WITHHELD/, other);
  // An address that has a login of its own needs none that is saved.
  assert.match(await ask(`amqp://a:b@127.0.0.1:${port}`), /ECONNREFUSED/);
});

test('in a list only the deployed address gets it, and an authorization that is typed goes where it is typed for', async (t) => {
  const [deployed, other] = [await receive(t), await receive(t)];
  const addresses = [deployed, other].map(({ port }) => `http://127.0.0.1:${port}`);
  const { press } = await deployServer(t, addresses[0] ?? '');
  const [first, second] = await press({ authorization: UNCHANGED, endpoints: addresses.join() });
  assert.match(first ?? '', /delivered/);
  assert.match(second ?? '', /CREDENTIAL_WITHHELD/);
  assert.match((await press({ authorization: 'Bearer typed', endpoints: addresses[1] }))[0] ?? '', /delivered/);
  assert.deepEqual(other.authorizations, ['Bearer typed']);
});

test('the id of a node of another kind, or of none, gives no authorization', async (t) => {
  const other = await receive(t);
  const { press } = await deployServer(t, `http://127.0.0.1:${other.port}`);
  const endpoints = `http://127.0.0.1:${other.port}`;
  for (const id of ['none', '', 's2']) await press({ id, authorization: UNCHANGED, endpoints });
  assert.deepEqual(new Set(other.authorizations), new Set([undefined]));
});

test('the Test button reads no variable but those of its fields, and says so', async (t) => {
  process.env.OTHER_SECRET = 's3cret';
  t.after(() => delete process.env.OTHER_SECRET);
  const receiver = await receive(t);
  const { press } = await deployServer(t, 'file:');
  const endpoints = `http://127.0.0.1:${receiver.port}`;
  // biome-ignore lint/suspicious/noTemplateCurlyInString: what a dialog holds
  const placeholder = '${OTHER_SECRET}';
  for (const dialog of [
    { endpoints: placeholder },
    { endpoints, port: placeholder },
    { endpoints, host: placeholder },
  ]) {
    const results = await press(dialog);
    assert.match(results.join(), /VARIABLE_NOT_READ OTHER_SECRET/);
    assert.doesNotMatch(results.join(), /s3cret/);
  }
  assert.deepEqual(receiver.documents, []);
});

test('at most ten addresses are tried', async (t) => {
  const { press } = await deployServer(t, 'file:');
  const results = await press({ endpoints: 'udp://127.0.0.1:9,'.repeat(11) });
  assert.deepEqual(results, ['error.TOO_MANY_ADDRESSES 10']);
});

test('a TLS configuration that is not deployed, or not as the dialog has it, is said', async (t) => {
  const { press } = await deployServer(t, 'file:');
  for (const dialog of [{ tls: 'new' }, { tls: 's', isTlsChanged: true }]) {
    assert.match((await press({ endpoints: 'tls://127.0.0.1:9', ...dialog }))[0] ?? '', /TLS_NOT_DEPLOYED/);
  }
});

test('a file is written by the Test button where it is deployed, or the one of the user directory', async (t) => {
  const folder = temporaryFolder();
  const [deployed, other] = [join(folder, 'deployed'), join(folder, 'other')];
  writeFileSync(other, '');
  const { press, flow } = await deployServer(t, `file:${deployed}`);
  const [said = ''] = await press({ endpoints: `file:${deployed}` });
  assert.equal(said.trimEnd(), `graylog-server.test.written file:${deployed}`);
  assert.match(readFileSync(deployed, 'utf8'), /"short_message":"graylog-server\.test\.message"/);
  assert.match((await press({ endpoints: `file:${other}` })).join(), /FILE_NOT_DEPLOYED/);
  assert.equal(readFileSync(other, 'utf8'), '');
  await press({ endpoints: 'file:' });
  assert.match(readFileSync(join(flow.userDir, 'infra-monitoring/collected.ndjson'), 'utf8'), /test\.message/);
});

test('each answer is good, bad, or what nobody can tell', async (t) => {
  const [http, udp] = [await receive(t), await receiveUdp(t)];
  await deployServer(t, 'file:');
  const endpoints = `http://127.0.0.1:${http.port}, http://127.0.0.1:9, udp://127.0.0.1:${udp.port}`;
  const { body } = await helper.request().post(ROUTE).send({ id: 's', endpoints }).expect(200);
  assert.deepEqual((body as { areGood: unknown }).areGood, [true, false, null]);
});

test('whatever is sent, the route answers, shows no password, and Node-RED goes on', async (t) => {
  const { press } = await deployServer(t, 'file:');
  for (const endpoints of [
    'https://user:s3cret@h:99999',
    'https://user:a,s3cret@h',
    'tcp://u:s3cret@h',
    `\u001b[31m${'x'.repeat(999)}`,
  ]) {
    const results = (await press({ endpoints })).join();
    assert.doesNotMatch(results, /s3cret/);
    assert.equal(results.includes('\u001b'), false);
    assert.ok(results.length <= 200);
  }
  const forms: [string, string, number][] = [
    ['application/x-www-form-urlencoded', 'endpoints=http://127.0.0.1:9', 415],
    ['text/plain', '{"endpoints":"http://127.0.0.1:9"}', 415],
    ['multipart/form-data; boundary=x', '--x\r\ncontent-disposition: form-data; name="a"\r\n\r\n1\r\n--x--\r\n', 415],
    ['application/json', JSON.stringify({ endpoints: 'x'.repeat(70_000) }), 413],
    ['application/json', `[${'['.repeat(20_000)}${']'.repeat(20_000)}]`, 200],
  ];
  for (const [type, body, status] of forms) {
    await helper.request().post(ROUTE).set('content-type', type).send(body).expect(status);
  }
  await helper.request().post(ROUTE).set('sec-fetch-site', 'cross-site').send({}).expect(403);
  await helper.request().post(ROUTE).set('origin', 'http://evil.example').send({}).expect(403);
});
