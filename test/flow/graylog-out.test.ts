import assert from 'node:assert/strict';
import { test } from 'node:test';
import { directInputOf } from '../../lib/direct-input.ts';
import registerOut from '../../nodes/graylog-out/graylog-out.ts';
import registerServer, { type GraylogServer } from '../../nodes/graylog-server/graylog-server.ts';
import { statusOf } from '../support/docker-flow.ts';
import { runFlow } from '../support/flow.ts';
import { type Document, type Receiver, receiveHttp, receiveTcp, receiveUdp } from '../support/graylog.ts';
import { startMetadata } from '../support/instance-metadata.ts';
import { PATIENCE_MS, until } from '../support/until.ts';

const nodes = [registerServer, registerOut];

function shipping(url: string, server: object = {}): object[] {
  return [
    { id: 'f', type: 'tab' },
    { id: 's', type: 'graylog-server', endpoints: url, host: 'web-1', ...server },
    { id: 'out', z: 'f', type: 'graylog-out', server: 's', port: '' },
    { id: 'c', z: 'f', type: 'complete', scope: ['out'], wires: [['completed']] },
    { id: 'e', z: 'f', type: 'catch', scope: ['out'], wires: [['caught']] },
    { id: 'completed', z: 'f', type: 'helper' },
    { id: 'caught', z: 'f', type: 'helper' },
  ];
}

const record = {
  log_type: 'auth' as const,
  time: '2026-11-23T10:00:00.123Z',
  host: 'web-2',
  level: 4 as const,
  message: 'Failed password for root',
  event_id: 'a-1',
  source_port: 52_022,
  user_name: 'root',
};

const transports: [string, (t: Parameters<typeof receiveTcp>[0]) => Promise<Receiver>, (port: number) => string][] = [
  ['TCP', (t) => receiveTcp(t), (port) => `tcp://127.0.0.1:${port}`],
  ['UDP', (t) => receiveUdp(t), (port) => `udp://127.0.0.1:${port}`],
  ['HTTP', (t) => receiveHttp(t), (port) => `http://127.0.0.1:${port}`],
];

for (const [name, receive, url] of transports) {
  test(`a record arrives over ${name} with every key as a field, and the msg completes`, async (t) => {
    const receiver = await receive(t);
    const flow = await runFlow(t, nodes, shipping(url(receiver.port)));
    const completed = flow.next('completed');
    flow.node('out').receive({ payload: record } as never);
    const [document] = await receiver.until((all) => all.length === 1);
    assert.deepEqual(document, {
      version: '1.1',
      short_message: 'Failed password for root',
      host: 'web-2',
      timestamp: Date.parse(record.time) / 1000,
      level: 4,
      _log_type: 'auth',
      _event_id: 'a-1',
      _source_port: 52_022,
      _user_name: 'root',
    });
    assert.deepEqual((await completed).payload, record);
    assert.deepEqual(receiver.faults, []);
  });
}

test('the fields of an EC2 instance come with every record once they are known, and none waits for them', async (t) => {
  const receiver = await receiveTcp(t);
  const document = JSON.stringify({ instanceId: 'i-0123456789abcdef0', region: 'eu-central-1' });
  const { base } = await startMetadata(t, { 'dynamic/instance-identity/document': document });
  const variables = { MONITORING_EC2: '1', AWS_EC2_METADATA_SERVICE_ENDPOINT: base };
  Object.assign(process.env, variables);
  t.after(() => {
    for (const name of Object.keys(variables)) delete process.env[name];
  });
  const flow = await runFlow(t, nodes, shipping(`127.0.0.1:${receiver.port}`, { fields: 'ec2_region=mine' }));
  const known = flow.node('s') as unknown as GraylogServer;
  flow.node('out').receive({ payload: { message: 'first' } } as never);
  await receiver.until((all) => all.length === 1);
  await until(() => known.staticFields.ec2_instance_id !== undefined);
  flow.node('out').receive({ payload: { message: 'second' } } as never);
  const [, second] = await receiver.until((all) => all.length === 2);
  // What somebody typed counts.
  assert.deepEqual([second?._ec2_instance_id, second?._ec2_region], ['i-0123456789abcdef0', 'mine']);
  // So do those that come without a msg.
  directInputOf(flow.node('out'))?.take([record], () => ({ topic: 'auth', payload: record }));
  const [, , third] = await receiver.until((all) => all.length === 3);
  assert.deepEqual([third?._ec2_instance_id, third?._ec2_region], ['i-0123456789abcdef0', 'mine']);
});

test('ten thousand records arrive over one TCP connection in order', async (t) => {
  const receiver = await receiveTcp(t);
  const flow = await runFlow(t, nodes, shipping(`127.0.0.1:${receiver.port}`));
  for (let n = 0; n < 10_000; n += 1) flow.node('out').receive({ payload: { message: `line ${n}`, n } } as never);
  // Where that takes long, the server sends records of its own between them.
  const numbers = (all: readonly Document[]) => all.map(({ _n }) => _n).filter((n) => n !== undefined);
  const hasAll = (all: readonly Document[]) => all.length >= 10_000 && numbers(all).length === 10_000;
  const documents = await receiver.until(hasAll, 4 * PATIENCE_MS);
  assert.deepEqual(
    numbers(documents),
    Array.from({ length: 10_000 }, (_, n) => n),
  );
  assert.equal(receiver.connections, 1);
  assert.deepEqual(receiver.faults, []);
});

test('a msg without a message text ends in one error and sends nothing', async (t) => {
  const receiver = await receiveTcp(t);
  const flow = await runFlow(t, nodes, shipping(`127.0.0.1:${receiver.port}`));
  const caught = flow.next('caught');
  flow.node('out').receive({ payload: { message: ' ' } } as never);
  flow.node('out').receive({ payload: 'good' } as never);
  assert.match(String(((await caught) as unknown as { error: Error }).error.message), /NO_MESSAGE/);
  const [document] = await receiver.until((all) => all.length === 1);
  assert.equal(document?.short_message, 'good');
  assert.equal(document?.host, 'web-1');
});

test('records wait while the server is away and arrive in order when it is there', async (t) => {
  const first = await receiveTcp(t);
  const { port } = first;
  await first.close();
  const flow = await runFlow(t, nodes, shipping(`127.0.0.1:${port}`));
  const completed = flow.next('completed');
  for (let n = 0; n < 100; n += 1) flow.node('out').receive({ payload: `line ${n}` } as never);
  await completed;
  const receiver = await receiveTcp(t, { port });
  const documents = await receiver.until((all) => all.length >= 100);
  assert.deepEqual(
    documents.map((document) => document.short_message),
    Array.from({ length: 100 }, (_, n) => `line ${n}`),
  );
});

test('what a reset may have lost is sent again after it', async (t) => {
  const receiver = await receiveTcp(t);
  const flow = await runFlow(t, nodes, shipping(`127.0.0.1:${receiver.port}`));
  flow.node('out').receive({ payload: 'before' } as never);
  await receiver.until((all) => all.length === 1);
  receiver.reset();
  flow.node('out').receive({ payload: 'after' } as never);
  const documents = await receiver.until((all) => all.some(({ short_message: text }) => text === 'after'));
  assert.equal(documents.filter(({ short_message: text }) => text === 'before').length, 2);
});

test('the second address takes over when the first cannot be reached', async (t) => {
  const gone = await receiveTcp(t);
  await gone.close();
  const receiver = await receiveTcp(t);
  const flow = await runFlow(t, nodes, shipping(`tcp://127.0.0.1:${gone.port},tcp://127.0.0.1:${receiver.port}`));
  flow.node('out').receive({ payload: 'over' } as never);
  await receiver.until((all) => all.length === 1);
});

test('a kind of record goes to the port of its variable', async (t) => {
  const general = await receiveTcp(t);
  const auth = await receiveTcp(t);
  process.env.LOGGING_PORT_AUTH_LOG = String(auth.port);
  t.after(() => delete process.env.LOGGING_PORT_AUTH_LOG);
  const flow = await runFlow(t, nodes, shipping(`tcp://127.0.0.1:${general.port}`));
  flow.node('out').receive({ payload: record } as never);
  flow.node('out').receive({ payload: 'other' } as never);
  await auth.until((all) => all.length === 1);
  await general.until((all) => all.length === 1);
  assert.equal(auth.documents[0]?._log_type, 'auth');
  assert.equal(general.documents[0]?.short_message, 'other');
});

test('what a full buffer drops is one error with its count, from one of the nodes that use the server', async (t) => {
  const away = await receiveTcp(t);
  await away.close();
  const [tab, server, out, , caught, , helper] = shipping(`127.0.0.1:${away.port}`, {
    bufferMegabytes: '1',
    diskMegabytes: '0',
  });
  const other = { ...out, id: 'other' };
  const flow = await runFlow(t, nodes, [tab, server, out, other, { ...caught, scope: null }, helper] as object[]);
  const told: string[] = [];
  const heard = flow.nextError('caught', /RECORDS_DROPPED/);
  flow.node('caught').on('input', (msg) => told.push(String((msg as unknown as { error: Error }).error.message)));
  const message = 'x'.repeat(10_000);
  for (let n = 0; n < 300; n += 1) flow.node('out').receive({ payload: { message, n } } as never);
  await heard;
  assert.equal(told.length, 1, told.join(', '));
});

test('an address that is none is a red status and one error, and the records wait', async (t) => {
  const flow = await runFlow(t, nodes, shipping('ftp://127.0.0.1'));
  const completed = flow.next('completed');
  flow.node('out').receive({ payload: 'kept' } as never);
  await completed;
  const spies = flow.node('out') as unknown as { status: { args: [{ fill: string }][] }; error: { args: unknown[][] } };
  assert.equal(spies.status.args.at(-1)?.[0].fill, 'red');
  assert.equal(spies.error.args.length, 1);
});

for (const [what, tls] of [
  ['another kind of node', 'completed'],
  ['no node at all', 'gone'],
] as const) {
  test(`a TLS configuration that is ${what} is a red status with its reason, and the records wait`, async (t) => {
    const flow = await runFlow(t, nodes, shipping('tls://127.0.0.1:9', { tls }));
    const completed = flow.next('completed');
    flow.node('out').receive({ payload: 'kept' } as never);
    await completed;
    assert.equal((flow.node('s') as unknown as GraylogServer).fault, 'error.BAD_TLS_CONFIG');
    const spies = flow.node('out') as unknown as { status: { args: [{ fill: string }][] } };
    assert.equal(spies.status.args.at(-1)?.[0].fill, 'red');
  });
}

test('a msg for a node without a server ends in an error that says so', async (t) => {
  const flow = await runFlow(
    t,
    nodes,
    shipping('127.0.0.1:9').filter((part) => (part as { id: string }).id !== 's'),
  );
  const caught = flow.nextError('caught', /NO_SERVER/);
  flow.node('out').receive({ payload: 'lost' } as never);
  await caught;
});

test('a node whose server is a node of another type has none', async (t) => {
  const other = shipping('127.0.0.1:9').map((part) => ({
    ...part,
    ...('server' in part ? { server: 'completed' } : {}),
  }));
  const flow = await runFlow(t, nodes, other);
  const caught = flow.nextError('caught', /NO_SERVER/);
  flow.node('out').receive({ payload: 'lost' } as never);
  await caught;
});

test('msg.gelf comes before the payload, and the fields of the dialog fill what both leave open', async (t) => {
  const general = await receiveTcp(t);
  const other = await receiveTcp(t);
  const flow = await runFlow(
    t,
    nodes,
    shipping(`127.0.0.1:${general.port}`).map((part) =>
      (part as { id: string }).id === 'out' ? { ...part, fields: '{"environment":"test","color":"grey"}' } : part,
    ),
  );
  const gelf = { level: 2, color: 'red', port: other.port };
  flow.node('out').receive({ payload: 'it burns', gelf } as never);
  const [document] = await other.until((all) => all.length === 1);
  assert.equal(document?.short_message, 'it burns');
  assert.equal(document?.level, 2);
  assert.equal(document?._color, 'red');
  assert.equal(document?._environment, 'test');
  assert.equal(document?._port, undefined);
});

test('the fields of the server, of LOGGING_FIELDS and of the dialog are in every record that has none of the name', async (t) => {
  process.env.LOGGING_FIELDS = 'site=ams, role=db';
  t.after(() => delete process.env.LOGGING_FIELDS);
  const receiver = await receiveTcp(t);
  const parts = shipping(`127.0.0.1:${receiver.port}`, { fields: '{"role": "web", "rack": 4}' });
  const withFields = parts.map((part) =>
    (part as { id: string }).id === 'out' ? { ...part, fields: 'color=grey, rack=5' } : part,
  );
  const flow = await runFlow(t, nodes, withFields);
  flow.node('out').receive({ payload: { message: 'plain' } } as never);
  flow.node('out').receive({ payload: { message: 'own', site: 'fra' } } as never);
  const documents = await receiver.until((all) => all.length === 2);
  const fields = documents.map(({ _site: site, _role: role, _rack: rack, _color: color }) => [site, role, rack, color]);
  assert.deepEqual(fields, [
    ['ams', 'web', '5', 'grey'],
    ['fra', 'web', '5', 'grey'],
  ]);
});

for (const [where, server, own] of [
  ['the dialog of graylog-out', {}, 'ams'],
  ['the dialog of graylog-server', { fields: '{"site"' }, ''],
  ['LOGGING_FIELDS', {}, ''],
] as const) {
  test(`wrong fields in ${where} are said, and keep no record back`, async (t) => {
    if (where === 'LOGGING_FIELDS') process.env.LOGGING_FIELDS = 'site';
    t.after(() => delete process.env.LOGGING_FIELDS);
    const receiver = await receiveTcp(t);
    const parts = shipping(`127.0.0.1:${receiver.port}`, server);
    const flow = await runFlow(
      t,
      nodes,
      parts.map((part) => ((part as { id: string }).id === 'out' ? { ...part, fields: own } : part)),
    );
    assert.deepEqual(statusOf(flow, 'out'), { fill: 'red', shape: 'ring', text: 'graylog-out.status.badFields' });
    flow.node('out').receive({ payload: 'still shipped' } as never);
    await receiver.find(({ short_message: text }) => text === 'still shipped');
  });
}
