import assert from 'node:assert/strict';
import { test } from 'node:test';
import { engineTime, findEngine, parseSystemTime, parseVersion } from '../../../../lib/docker/engine.ts';
import { clientFor, startFakeEngine } from '../../../support/fake-engine.ts';

test('`parseVersion()` reads the versions, and refuses an answer without one of the API', () => {
  const answer = { Version: '27.1', ApiVersion: '1.46', MinAPIVersion: '1.24', Os: 'linux' };
  assert.deepEqual(parseVersion(answer), { version: '27.1', newestApi: '1.46', oldestApi: '1.24' });
  assert.deepEqual(parseVersion({ ApiVersion: '1.41' }), {
    version: undefined,
    newestApi: '1.41',
    oldestApi: undefined,
  });
  for (const odd of [undefined, null, [], 'text', {}, { ApiVersion: 1.41 }])
    assert.throws(() => parseVersion(odd), { code: 'NO_ENGINE' });
});

test('`parseSystemTime()` gives nanoseconds, or nothing where the answer has no such time', () => {
  assert.equal(parseSystemTime({ SystemTime: '2026-11-23T18:00:00.000000001Z' }), '1795456800000000001');
  for (const odd of [undefined, null, [], {}, { SystemTime: 7 }, { SystemTime: 'now' }])
    assert.equal(parseSystemTime(odd), undefined);
});

test('`engineTime()` takes the clock of a header, or this host’s, where the engine or a proxy keeps its own back', async (t) => {
  const engine = await startFakeEngine(t);
  const client = clientFor(t, engine.host);
  assert.equal(await engineTime(client, () => 1), '1795456800000000000');
  const date = 'Mon, 23 Nov 2026 18:00:07 GMT';
  let headers: { [name: string]: string } = { date };
  engine.answer = ({ path }, response) => {
    response.sendDate = false;
    if (path === '/info') response.writeHead(403).end('<html><body><h1>403 Forbidden</h1>');
    if (path === '/version') response.writeHead(200, headers).end('{"ApiVersion":"1.41"}');
    return path === '/info' || path === '/version';
  };
  assert.equal(await engineTime(client, () => 1), '1795456807000000000');
  headers = {};
  assert.equal(await engineTime(client, () => 1_234), '1234000000');
});

test('`engineTime()` rejects where the engine is gone', async (t) => {
  const client = clientFor(t, 'unix:///nowhere/docker.sock');
  await assert.rejects(
    engineTime(client, () => 1),
    { code: 'ENOENT' },
  );
});

test('`findEngine()` gives the node of this id, and none where it is missing or another kind of node', () => {
  const engine = { client: undefined, fault: 'x', explain: String };
  const nodes = { getNode: (id: string) => ({ engine, other: { client: 1 } })[id] ?? null };
  assert.equal(findEngine(nodes, 'engine'), engine);
  for (const id of ['other', 'missing', '', undefined]) assert.equal(findEngine(nodes, id), undefined);
});
