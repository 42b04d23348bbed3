import assert from 'node:assert/strict';
import { createHook } from 'node:async_hooks';
import { once } from 'node:events';
import { renameSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { refusal, refusalWords } from '../../../../lib/docker/client.ts';
import { clientFor, startFakeEngine } from '../../../support/fake-engine.ts';
import { temporaryFolder } from '../../../support/folder.ts';
import { trickle } from '../../../support/lying-engine.ts';
import { until } from '../../../support/until.ts';

test('every request is of the version that both know, which is asked for once', async (t) => {
  const engine = await startFakeEngine(t);
  const client = clientFor(t, engine.host);
  let versions = 0;
  engine.answer = ({ path }) => {
    if (path === '/version') versions += 1;
    return false;
  };
  assert.equal(await client.apiVersion(), '1.41');
  assert.deepEqual(await client.json('/containers/json', { all: true, size: undefined }), []);
  assert.equal(versions, 1);
  assert.equal(client.place, engine.host.slice('unix://'.length));
});

test('a path is put behind the prefix of the address, with its query', async (t) => {
  const engine = await startFakeEngine(t);
  const asked: string[] = [];
  engine.answer = ({ prefix, path, query }) => {
    asked.push(`${prefix} ${path} ${query}`);
    return false;
  };
  const client = clientFor(t, `${engine.url}/docker`);
  await client.json('/containers/json', { all: true, filters: '{"a":["b"]}' });
  const plain = await client.plainStream('/events', { since: '1' });
  plain.destroy();
  assert.deepEqual(asked, [
    'docker /version ',
    'docker /containers/json all=true&filters=%7B%22a%22%3A%5B%22b%22%5D%7D',
    'docker /events since=1',
  ]);
});

test('a refusal keeps the status and the words of the engine, and the version that is known', async (t) => {
  const engine = await startFakeEngine(t);
  const client = clientFor(t, engine.host);
  let versions = 0;
  engine.answer = ({ path }, response) => {
    if (path === '/version') versions += 1;
    if (path !== '/info') return false;
    response.writeHead(500).end('{"message":"the disk is on fire"}');
    return true;
  };
  for (let attempt = 0; attempt < 2; attempt += 1)
    await assert.rejects(client.json('/info'), (error) => {
      assert.equal(refusal(error), 500);
      assert.equal(refusalWords(error), 'the disk is on fire');
      return true;
    });
  assert.equal(versions, 1);
});

test('an answer that is no JSON, or none of an engine, has its code, and the version is asked for again', async (t) => {
  const engine = await startFakeEngine(t);
  const client = clientFor(t, engine.host);
  const answers = ['<html>', '{"hello":"world"}', '[]'];
  engine.answer = ({ path, before }, response) => {
    const answer = path === '/version' ? answers[before] : undefined;
    if (answer !== undefined) response.end(answer);
    return answer !== undefined;
  };
  await assert.rejects(client.json('/info'), { code: 'NO_JSON' });
  await assert.rejects(client.json('/info'), { code: 'NO_ENGINE' });
  await assert.rejects(client.json('/info'), { code: 'NO_ENGINE' });
  assert.ok(await client.json('/info'));
});

test('an engine that does not answer in time is told, whether it sends no headers or half a body', async (t) => {
  const engine = await startFakeEngine(t);
  const client = clientFor(t, engine.host, 100);
  engine.answer = ({ path, before }, response) => {
    if (path !== '/info') return false;
    if (before > 0) response.write('{"half":');
    return true;
  };
  for (let attempt = 0; attempt < 2; attempt += 1)
    await assert.rejects(client.json('/info'), { code: 'NO_ANSWER_WITHIN', values: { seconds: 0.1 } });
});

test('a socket that is not there gives the error of the system', async (t) => {
  await assert.rejects(clientFor(t, 'unix:///nowhere/docker.sock').json('/info'), {
    code: 'ENOENT',
    message: 'connect ENOENT /nowhere/docker.sock',
  });
});

test('an engine that is away is looked for by a connection alone, and asked as ever once it is back', async (t) => {
  const left = join(temporaryFolder(), 'left.sock');
  const server = createServer().listen(`${left}.new`);
  await once(server, 'listening');
  // The file of an engine that was killed: nobody listens there.
  renameSync(`${left}.new`, left);
  server.close();
  await once(server, 'close');
  let requests = 0;
  const hook = createHook({
    init: (_id, type) => {
      if (type === 'HTTPCLIENTREQUEST') requests += 1;
    },
  });
  const client = clientFor(t, `unix://${left}`);
  await assert.rejects(client.json('/info'), { code: 'ECONNREFUSED' });
  hook.enable();
  t.after(() => hook.disable());
  for (let turn = 0; turn < 3; turn += 1) await assert.rejects(client.json('/info'), { code: 'ECONNREFUSED' });
  assert.equal(requests, 0);
  const engine = await startFakeEngine(t);
  renameSync(engine.host.slice('unix://'.length), left);
  assert.equal(await client.apiVersion(), '1.41');
  assert.ok(requests > 0);
});

test('a close ends the streams and the requests that wait', async (t) => {
  const engine = await startFakeEngine(t);
  engine.answer = ({ path }) => path === '/info';
  const client = clientFor(t, engine.host);
  const stream = await client.stream('/events');
  const plain = await client.plainStream('/events');
  stream.on('error', () => undefined);
  const waiting = client.json('/info');
  waiting.catch(() => undefined);
  const closed = Promise.all([stream, plain].map((body) => new Promise((resolve) => body.once('close', resolve))));
  await client.apiVersion();
  setImmediate(() => client.close());
  await closed;
  await assert.rejects(waiting);
});

test('an answer that is too large, or too deep, is an error, and the next is read as ever', async (t) => {
  const engine = await startFakeEngine(t);
  const client = clientFor(t, engine.host);
  const answers = ['x'.repeat(5_000_000), `{"a":${'['.repeat(200)}${']'.repeat(200)}}`, '{"a":1}'];
  engine.answer = ({ path, before }, response) => {
    if (path === '/info') response.end(answers[before]);
    return path === '/info';
  };
  await assert.rejects(client.json('/info'), { code: 'ANSWER_TOO_LARGE', values: { mebibytes: 4 } });
  await assert.rejects(client.json('/info'), { code: 'ANSWER_TOO_COMPLEX' });
  assert.deepEqual(await client.json('/info'), { a: 1 });
});

test('a body as a whole has a limit of its own, and all that are read at once have one', async (t) => {
  const engine = await startFakeEngine(t);
  const client = clientFor(t, engine.host, 20_000);
  engine.answer = ({ path }, response) => {
    if (path === '/info') response.end(Buffer.alloc(30 * 1024 * 1024));
    return path === '/info';
  };
  await assert.rejects(client.bytes('/info', {}, 1024), { code: 'ANSWER_TOO_LARGE' });
  const most = 64 * 1024 * 1024;
  const all = await Promise.allSettled(Array.from({ length: 4 }, () => client.bytes('/info', {}, most)));
  const refused = all.filter(({ status }) => status === 'rejected');
  assert.ok(refused.length >= 1, 'four of 30 MiB are more than 96 MiB');
  assert.equal((await client.bytes('/info', {}, most)).length, 30 * 1024 * 1024);
});

test('the deadline is for the whole answer, however busily it is sent', async (t) => {
  const engine = await startFakeEngine(t);
  const client = clientFor(t, engine.host, 300);
  engine.answer = ({ path }, response) => {
    if (path === '/info') void trickle(response);
    return path === '/info';
  };
  const before = performance.now();
  await assert.rejects(client.json('/info'), { code: 'NO_ANSWER_WITHIN' });
  assert.ok(performance.now() - before < 1_500);
});

test('the deadline is a timer of its own: a clock that jumps takes nothing off it', async (t) => {
  const engine = await startFakeEngine(t);
  const client = clientFor(t, engine.host, 5_000);
  const { now } = performance;
  t.after(() => {
    performance.now = now;
  });
  engine.answer = ({ path }, response) => {
    if (path !== '/info') return false;
    performance.now = () => now.call(performance) + 60_000;
    response.writeHead(200).write('{');
    setImmediate(() => setImmediate(() => response.end('}')));
    return true;
  };
  assert.deepEqual(await client.json('/info'), {});
});

test('a refusal whose body does not end has its status', async (t) => {
  const engine = await startFakeEngine(t);
  const client = clientFor(t, engine.host);
  let isCut = false;
  engine.answer = ({ path }, response) => {
    if (path !== '/info') return false;
    response.writeHead(500).write(`{"message":"${'x'.repeat(100_000)}`);
    response.once('close', () => {
      isCut = true;
    });
    return true;
  };
  await assert.rejects(client.json('/info'), (error) => {
    assert.equal(refusal(error), 500);
    return true;
  });
  await until(() => isCut);
});

test('a stream with a signal waits for its headers as long as the signal lives', async (t) => {
  const engine = await startFakeEngine(t);
  const client = clientFor(t, engine.host, 50);
  const answers: (() => void)[] = [];
  engine.answer = ({ path }, response) => {
    if (path !== '/events') return false;
    answers.push(() => response.end('late'));
    return true;
  };
  const controller = new AbortController();
  const { signal } = controller;
  // It asks for the version first, which takes longer on a busy machine.
  const isReached = (): Promise<boolean> =>
    client.json('/info').then(
      () => true,
      () => false,
    );
  await until(isReached);
  const streams = [client.stream('/events', {}, signal), client.plainStream('/events', {}, signal)];
  await until(() => answers.length === 2);
  await assert.rejects(client.plainStream('/events'), { code: 'NO_ANSWER_WITHIN' });
  for (const answer of answers.splice(0)) answer();
  for (const stream of streams) assert.equal(Buffer.concat(await (await stream).toArray()).toString(), 'late');
  const ended = [client.stream('/events', {}, signal), client.plainStream('/events', {}, signal)];
  await until(() => answers.length >= 2);
  controller.abort();
  for (const stream of ended) await assert.rejects(stream, { code: 'CLOSED' });
});

test('a close ends the connections that are kept for later', async (t) => {
  const engine = await startFakeEngine(t);
  const clients = Array.from({ length: 20 }, () => clientFor(t, engine.url));
  await Promise.all(clients.map((client) => client.json('/info')));
  assert.ok((await engine.connections()) > 0);
  for (const client of clients) client.close();
  await until(async () => (await engine.connections()) === 0);
});
