import assert from 'node:assert/strict';
import { renameSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { test } from 'node:test';
import { PressureSource } from '../../lib/back-pressure.ts';
import dockerEngine from '../../nodes/docker-engine/docker-engine.ts';
import dockerEvents from '../../nodes/docker-events-in/docker-events-in.ts';
import type { EventMessage } from '../../nodes/docker-events-in/event.ts';
import dockerLogs from '../../nodes/docker-logs-in/docker-logs-in.ts';
import type { LogMessage } from '../../nodes/docker-logs-in/line/log-record.ts';
import { countFailedConnects } from '../support/attempts.ts';
import { collect, statusOf, whenConnected, whenStatus } from '../support/docker-flow.ts';
import { fakeContainer, startFakeEngine } from '../support/fake-engine.ts';
import { runFlow } from '../support/flow.ts';
import { temporaryFolder } from '../support/folder.ts';
import { silentServers, TWO_SERVERS } from '../support/silent-servers.ts';
import { until } from '../support/until.ts';

const nodes = [dockerEngine, dockerEvents, dockerLogs];

function flowAt(host: string, settings: object = {}): object[] {
  const source = { z: 'f', engine: 'e', wires: [['out']], ...settings };
  return [
    { id: 'f', type: 'tab' },
    { id: 'e', type: 'docker-engine', host },
    { id: 'events', type: 'docker-events-in', ...source },
    { id: 'logs', type: 'docker-logs-in', ...source },
    { id: 'out', z: 'f', type: 'helper' },
    { id: 'c', z: 'f', type: 'catch', scope: null, wires: [['caught']] },
    { id: 'caught', z: 'f', type: 'helper' },
  ];
}

interface Caught {
  error: { message: string; source: { id: string } };
}

interface Posting {
  set(header: string, value: string): Posting;
  send(body: object | string): { expect(status: number): Promise<{ body: unknown }> };
}

interface Requests {
  get(path: string): { expect(status: number): Promise<{ body: unknown }> };
  post(path: string): Posting;
}

const helper = createRequire(import.meta.url)('node-red-node-test-helper') as { request(): Requests };

test('the nodes say that there is no engine, wake nobody for it, and connect when it appears; one that goes away is a fault', async (t) => {
  const engine = await startFakeEngine(t);
  const there = engine.host.slice('unix://'.length);
  const socket = join(temporaryFolder(), 'late.sock');
  const failedConnects = countFailedConnects(t);
  const flow = await runFlow(t, nodes, flowAt(`unix://${socket}`));
  const caught = collect<Caught>(flow, 'caught');
  for (const id of ['events', 'logs']) await whenStatus(flow, id, /status\.(lost|noSocket)/);
  assert.equal(statusOf(flow, 'events').fill, 'grey');
  const before = failedConnects();
  // Two attempts more of each.
  await until(() => failedConnects() >= before + 4);
  assert.equal(caught.length, 0);
  renameSync(there, socket);
  for (const id of ['events', 'logs']) await whenConnected(flow, id);
  assert.equal(caught.length, 0);
  renameSync(socket, there);
  engine.disconnect();
  await until(() => caught.length >= 2);
  assert.equal(statusOf(flow, 'events').fill, 'red');
});

test('an address or a setting that cannot be used is a status and an error', async (t) => {
  const cases: [string, object, RegExp][] = [
    ['ftp://host', {}, /badEngine/],
    ['tcp://host:port', {}, /badEngine/],
    ['', { composeDir: 'relative' }, /badFolder/],
    ['', { engine: '' }, /badEngine/],
  ];
  for (const [host, settings, pattern] of cases) {
    const flow = await runFlow(t, nodes, flowAt(host, settings));
    for (const id of ['events', 'logs']) await whenStatus(flow, id, pattern);
    await flow.stop();
  }
});

test('a wrong type of event and a wrong pattern are told', async (t) => {
  const flow = await runFlow(t, nodes, flowAt('', { types: 'containers', multiline: '(' }));
  await whenStatus(flow, 'events', /badTypes/);
  await whenStatus(flow, 'logs', /badPattern/);
});

function logFrame(stamp: string, text: string): Buffer {
  const body = Buffer.from(`${stamp} ${text}\n`);
  const header = Buffer.alloc(8);
  header[0] = 1;
  header.writeUInt32BE(body.length, 4);
  return Buffer.concat([header, body]);
}

test('a full buffer pauses the reading of logs, and room lets it go on', async (t) => {
  const engine = await startFakeEngine(t);
  engine.containers = [fakeContainer('busy')];
  let write = (_bytes: Buffer): Promise<void> => Promise.reject(new Error('nobody follows'));
  engine.answer = ({ path }, response) => {
    if (path !== '/containers/busy/logs') return false;
    response.writeHead(200);
    response.flushHeaders();
    write = (bytes) => new Promise((resolve) => response.write(bytes, () => resolve()));
    return true;
  };
  const servers = silentServers();
  const wired = [...flowAt(engine.host, { wires: [['out', 'toMain']] }), ...TWO_SERVERS];
  const flow = await runFlow(t, [...nodes, servers.register], wired);
  const heard = collect<LogMessage>(flow, 'out');
  await whenConnected(flow, 'logs');
  await write(logFrame('2026-11-23T18:00:00.000000001Z', 'one'));
  await until(() => heard.length === 1);
  new PressureSource(servers.bus(), 'otherServer').set(true);
  const pressure = new PressureSource(servers.bus(), 'mainServer');
  pressure.set(true);
  await whenStatus(flow, 'logs', /paused/);
  for (let number = 2; number < 5; number += 1)
    await write(logFrame(`2026-11-23T18:00:00.00000000${number}Z`, String(number)));
  // Ten answers of the same engine, which come after these lines: a reader that goes on would have them by then.
  for (let round = 0; round < 10; round += 1) await (await fetch(`${engine.url}/version`)).text();
  assert.equal(heard.length, 1);
  pressure.set(false);
  await until(() => heard.length === 4);
  await whenConnected(flow, 'logs');
});

test('lines that come at once go on one a turn where the node behind may not keep up, all of them in order', async (t) => {
  const LINES = 5_000;
  const engine = await startFakeEngine(t);
  engine.containers = [fakeContainer('busy')];
  const frames = Array.from({ length: LINES }, (_, n) =>
    logFrame(`2026-11-23T18:00:00.${String(n + 1).padStart(9, '0')}Z`, String(n)),
  );
  engine.answer = ({ path }, response) => {
    if (path !== '/containers/busy/logs') return false;
    response.writeHead(200);
    response.write(Buffer.concat(frames));
    return true;
  };
  const flow = await runFlow(t, nodes, flowAt(engine.host, { from: 'start' }));
  const heard: string[] = [];
  let inTurn = 0;
  let most = 0;
  flow.node('out').on('input', (msg) => {
    const { message } = (msg as LogMessage).payload;
    if (!/^\d+$/.test(message)) return;
    heard.push(message);
    inTurn += 1;
    most = Math.max(most, inTurn);
    if (inTurn === 1)
      setImmediate(() => {
        inTurn = 0;
      });
  });
  await until(() => heard.length === LINES, 30_000);
  assert.deepEqual(
    heard,
    frames.map((_, n) => String(n)),
  );
  assert.ok(most <= 2, `${most} in one turn`);
});

test('a line that is made for the pattern of a first line holds nothing up, and that is said once', async (t) => {
  const engine = await startFakeEngine(t);
  engine.containers = [fakeContainer('hostile')];
  const texts = ['name: one', ...Array.from({ length: 50 }, () => `${'a'.repeat(48)}!`), 'name: two', 'name: three'];
  engine.answer = ({ path }, response) => {
    if (path !== '/containers/hostile/logs') return false;
    response.writeHead(200);
    const frames = texts.map((text, n) => logFrame(`2026-11-23T18:00:00.${String(n + 1).padStart(9, '0')}Z`, text));
    response.write(Buffer.concat(frames));
    return true;
  };
  const delay = monitorEventLoopDelay({ resolution: 5 });
  const flow = await runFlow(
    t,
    nodes,
    flowAt(engine.host, { from: 'start', multiline: '^(\\w+\\s?)+:', multilineMs: 50 }),
  );
  const heard = collect<LogMessage>(flow, 'out');
  delay.enable();
  const fullText = (): string => heard.map(({ payload }) => payload.full_message ?? payload.message).join('\n');
  await until(() => fullText().split('\n').length === texts.length);
  assert.equal(fullText(), texts.join('\n'));
  assert.ok(delay.max < 500e6, `the event loop stood for ${delay.max / 1e6} ms`);
  const { warn } = flow.node('logs') as unknown as { warn: { getCalls(): { args: unknown[] }[] } };
  assert.equal(warn.getCalls().filter(({ args }) => /slowPattern/.test(String(args[0]))).length, 1);
});

test('the Test button tells version and containers, or why not', async (t) => {
  const engine = await startFakeEngine(t);
  engine.containers = [fakeContainer('a'), fakeContainer('b', { Running: false })];
  await runFlow(t, nodes, flowAt(engine.host));
  const ask = async (host: string): Promise<unknown> =>
    (await helper.request().post('/infra-monitoring/docker-engine/test').send({ host }).expect(200)).body;
  const place = engine.host.slice('unix://'.length);
  assert.deepEqual(await ask(engine.host), { place, version: 'fake', api: '1.41', containers: 2, running: 1 });
  assert.match(JSON.stringify(await ask('unix:///nowhere/docker.sock')), /fault/);
  assert.match(JSON.stringify(await ask('ftp://x')), /fault/);
});

test('the Test button asks for all that the nodes ask, and says what a proxy keeps back', async (t) => {
  const engine = await startFakeEngine(t);
  engine.containers = [fakeContainer('a')];
  await runFlow(t, nodes, flowAt(engine.host));
  let forbidden = '';
  engine.answer = ({ path }, response) => {
    if (path === '/containers/a/logs' && path !== forbidden)
      response.writeHead(501).end('{"message":"cannot be read"}');
    else if (path === forbidden) response.writeHead(403).end('<html><body><h1>403 Forbidden</h1>');
    else return false;
    return true;
  };
  const ask = async (path: string): Promise<unknown> => {
    forbidden = path;
    const { body } = await helper
      .request()
      .post('/infra-monitoring/docker-engine/test')
      .send({ host: engine.host })
      .expect(200);
    return (body as { fault?: string }).fault;
  };
  for (const path of ['/version', '/containers/json', '/events', '/containers/a/logs', '/containers/a/json'])
    assert.match(String(await ask(path)), /ENGINE_STATUS/, path);
  assert.equal(await ask('/info'), undefined, 'the nodes go on without it');
});

test('the Test button takes nothing that a form on a foreign page can send', async (t) => {
  const engine = await startFakeEngine(t);
  let asked = 0;
  engine.answer = () => {
    asked += 1;
    return false;
  };
  await runFlow(t, nodes, [{ id: 'f', type: 'tab' }]);
  for (const type of ['application/x-www-form-urlencoded', 'text/plain', 'multipart/form-data']) {
    const request = helper.request().post('/infra-monitoring/docker-engine/test').set('Content-Type', type);
    await request.send(`host=${engine.host}`).expect(415);
  }
  assert.equal(asked, 0);
});

test('the dialogs offer what the engine has', async (t) => {
  const engine = await startFakeEngine(t);
  const labels = { 'com.docker.compose.project': 'shop', team: 'blue' };
  const container = fakeContainer('web');
  engine.containers = [{ ...container, Config: { ...container.Config, Labels: labels } }, fakeContainer('db')];
  await runFlow(t, nodes, flowAt(engine.host));
  const path = '/infra-monitoring/docker-engine/choices/e';
  const offered = { containers: ['db', 'web'], images: ['fake:1'], projects: ['shop'] };
  assert.deepEqual((await helper.request().get(path).expect(200)).body, { ...offered, labels: ['team'] });
  const { body } = await helper.request().get(`${path}/values`).expect(200);
  assert.deepEqual(body, { ...offered, labels: ['team=blue'] });
});

test('docker-events-in sends the record, its topic and the event', async (t) => {
  const engine = await startFakeEngine(t);
  const event = {
    Type: 'container',
    Action: 'start',
    Actor: { ID: 'x', Attributes: { name: 'web', image: 'nginx' } },
    time: 1795456800,
    timeNano: 1795456800000000000,
  };
  engine.answer = ({ path, query }, response) => {
    if (path !== '/events' || query.has('filters')) return false;
    response.writeHead(200);
    response.write(`${JSON.stringify(event)}\n`);
    return true;
  };
  const flow = await runFlow(t, nodes, flowAt(engine.host));
  const msg = (await flow.next('out')) as unknown as EventMessage;
  assert.equal(msg.topic, 'docker/event/start');
  assert.equal(msg.payload.container_name, 'web');
  assert.equal(msg.event.action, 'start');
});
