import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refusal, refusalWords } from '../../../../lib/docker/client.ts';
import { clientFor, startFakeEngine } from '../../../support/fake-engine.ts';

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
