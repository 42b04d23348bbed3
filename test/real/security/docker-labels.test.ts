// Risk: who may only look at the flows sees the secrets in labels.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fakeContainer, startFakeEngine } from '../../support/fake-engine.ts';
import { startNodeRed } from '../../support/node-red.ts';
import { until } from '../../support/until.ts';

test('a reader of the flows gets the names of labels, and no more', async (t) => {
  const engine = await startFakeEngine(t);
  const web = fakeContainer('web');
  engine.containers = [{ ...web, Config: { ...web.Config, Labels: { token: 's3cret' } } }];
  const red = await startNodeRed(t, {
    flow: [{ id: 'e', type: 'docker-engine', host: engine.host }],
    settings: { adminAuth: { type: 'credentials', users: [], default: { permissions: 'read' } } },
  });
  const choices = `${red.url}/infra-monitoring/docker-engine/choices/e`;
  let answer = '';
  // The routes are there a moment before the flows have started.
  await until(
    async () => {
      answer = await (await fetch(choices)).text();
      return answer.includes('token');
    },
    undefined,
    () => answer,
  );
  assert.ok(!answer.includes('s3cret'), answer);
  assert.equal((await fetch(`${choices}/values`)).status, 401);
  const body = JSON.stringify({ host: engine.host });
  const headers = { 'content-type': 'application/json' };
  const pressed = await fetch(`${red.url}/infra-monitoring/docker-engine/test`, { method: 'POST', headers, body });
  assert.equal(pressed.status, 401);
});
