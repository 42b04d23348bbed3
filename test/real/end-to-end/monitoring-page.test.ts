// Risk: after npm start nobody finds the page, or it shows nothing of this host.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { packageRoot, type RunningNodeRed, startByScript, startNodeRed } from '../../support/node-red.ts';
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
  const beganMs = performance.now();
  let state: State | undefined;
  await until(async () => {
    const response = await fetch(`${address}data/state`);
    state = (await response.json()) as State;
    return typeof state.latest?.load_1m === 'number' && state.endpoints.length > 0 && state.deliveries.length > 0;
  });
  const tookMs = performance.now() - beganMs;
  t.diagnostic(`live data ${tookMs.toFixed(0)} ms after the editor answered`);
  assert.ok(tookMs <= 5_000, `${tookMs} ms`);
  assert.equal(state?.deliveries[0]?.state, 'connected');
  const { series } = (await (await fetch(`${address}data/series?unit=minute&steps=5`)).json()) as { series: object };
  assert.ok('load_1m' in series, Object.keys(series).join());
});

interface Counts {
  readonly events: { readonly [name: string]: number };
  readonly process: { readonly [name: string]: number };
  readonly server: { readonly [name: string]: number };
  readonly routes: readonly number[];
  readonly timers: number;
}

/** What the process listens to and waits for. */
async function countsOf(red: RunningNodeRed): Promise<Counts> {
  const from = red.log().length;
  red.process.kill('SIGWINCH');
  await until(() => /COUNTS .*\n/.test(red.log().slice(from)));
  const [, json = ''] = /COUNTS (.*)\n/.exec(red.log().slice(from)) ?? [];
  return JSON.parse(json) as Counts;
}

test('twenty Deploys leave what it hears and waits for as it was', async (t) => {
  const flow = JSON.parse(readFileSync(join(packageRoot, 'flows/infrastructure-monitoring.json'), 'utf8')) as object[];
  const preload = pathToFileURL(join(packageRoot, 'test/support/listeners-preload.mjs')).href;
  const red = await startNodeRed(t, { flow, env: { LOGGING_URL: '', NODE_OPTIONS: `--import=${preload}` } });
  await red.logged(/Started flows/);
  const address = `${red.url}/infra-monitoring/`;
  const deploy = async (): Promise<void> => {
    await red.api('/flows', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'node-red-deployment-type': 'full' },
      body: JSON.stringify(flow),
    });
  };
  const deliveries = async (): Promise<number> =>
    ((await (await fetch(`${address}data/state`)).json()) as State).deliveries.length;
  // The first Deploy may bring what only Deploys need.
  await deploy();
  await until(async () => (await deliveries()) === 1);
  const before = await countsOf(red);
  for (let turn = 0; turn < 20; turn += 1) await deploy();
  await until(async () => (await deliveries()) === 1);
  const after = await countsOf(red);
  t.diagnostic(`${JSON.stringify(before)} then timers ${after.timers}`);
  for (const part of ['events', 'process', 'server', 'routes'] as const) assert.deepEqual(after[part], before[part]);
  // Requests and retries that are under way have a timer each.
  assert.ok(after.timers <= before.timers + 10, `${before.timers} then ${after.timers} timers`);
  assert.doesNotMatch(red.log(), /MaxListenersExceeded|memory leak/);
});
