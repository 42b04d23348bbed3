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

test('`engineTime()` takes the clock of this host where the engine does not tell its own', async (t) => {
  const engine = await startFakeEngine(t);
  const client = clientFor(t, engine.host);
  assert.equal(await engineTime(client, () => 1), '1795456800000000000');
  engine.answer = ({ path }, response) => {
    if (path !== '/info') return false;
    response.end('{}');
    return true;
  };
  assert.equal(await engineTime(client, () => 1_234), '1234000000');
});

test('`findEngine()` gives the node of this id, and none where it is missing or another kind of node', () => {
  const engine = { client: undefined, fault: 'x', explain: String };
  const nodes = { getNode: (id: string) => ({ engine, other: { client: 1 } })[id] ?? null };
  assert.equal(findEngine(nodes, 'engine'), engine);
  for (const id of ['other', 'missing', '', undefined]) assert.equal(findEngine(nodes, id), undefined);
});
