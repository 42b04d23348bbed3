// Risk: after npm start nobody finds the page, or it shows nothing of this host.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startByScript } from '../../support/node-red.ts';
import { until } from '../../support/until.ts';

interface State {
  latest: { load_1m?: number } | null;
  disks: object[];
  endpoints: object[];
  deliveries: { state: string }[];
}

test('npm start prints the address of the page, which soon shows this host', async (t) => {
  const red = await startByScript(t, { env: { LOGGING_URL: '' } });
  const [, address = ''] = await red.logged(/the monitoring page is at (http:\/\/\S+\/infra-monitoring\/)/);
  assert.equal((await fetch(address)).status, 200);
  let state: State | undefined;
  await until(async () => {
    const response = await fetch(`${address}data/state`);
    state = (await response.json()) as State;
    return typeof state.latest?.load_1m === 'number' && state.endpoints.length > 0 && state.deliveries.length > 0;
  });
  assert.equal(state?.deliveries[0]?.state, 'connected');
  const { series } = (await (await fetch(`${address}data/series?unit=minute&steps=5`)).json()) as { series: object };
  assert.ok('load_1m' in series, Object.keys(series).join());
});

test('twenty Deploys leave what it hears and knows as it was', async (t) => {
  const red = await startByScript(t, { env: { LOGGING_URL: '' } });
  const [, address = ''] = await red.logged(/the monitoring page is at (http:\/\/\S+\/infra-monitoring\/)/);
  await red.logged(/Started flows/);
  const { flows, rev } = await red.api<{ flows: object[]; rev: string }>('/flows', {
    headers: { 'node-red-api-version': 'v2' },
  });
  let last = rev;
  for (let turn = 0; turn < 20; turn += 1) {
    const answer = await red.api<{ rev: string }>('/flows', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'node-red-api-version': 'v2', 'node-red-deployment-type': 'full' },
      body: JSON.stringify({ flows, rev: last }),
    });
    last = answer.rev;
  }
  await until(async () => ((await (await fetch(`${address}data/state`)).json()) as State).deliveries.length === 1);
  assert.doesNotMatch(red.log(), /MaxListenersExceeded|memory leak/);
});
