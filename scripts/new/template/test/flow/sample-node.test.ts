import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { InfraRecord } from '../../lib/record.ts';
import register from '../../nodes/sample-node/sample-node.ts';
import { whenStatus } from '../support/docker-flow.ts';
import { type RunningFlow, runFlow } from '../support/flow.ts';
import { temporaryFolder } from '../support/folder.ts';
import { until } from '../support/until.ts';

const linux = join(import.meta.dirname, '../fixtures/sample-node/linux');

function run(t: TestContext, interval: string, hostRoot: string): Promise<RunningFlow> {
  const env = [{ name: 'HOST_ROOT', type: 'str', value: hostRoot }];
  return runFlow(
    t,
    [register],
    [
      { id: 'f', type: 'tab', env },
      { id: 'n', z: 'f', type: 'sample-node', interval, wires: [['out']] },
      { id: 'out', z: 'f', type: 'helper' },
      { id: 'c', z: 'f', type: 'complete', scope: ['n'], wires: [['completed']] },
      { id: 'completed', z: 'f', type: 'helper' },
      { id: 'e', z: 'f', type: 'catch', scope: ['n'], wires: [['caught']] },
      { id: 'caught', z: 'f', type: 'helper' },
    ],
  );
}

test('sample-node sends a record when the flow starts', async (t) => {
  const flow = await run(t, '60', linux);
  const msg = await flow.next('out');
  const payload = msg.payload as InfraRecord;
  assert.equal(msg.topic, 'sample-node');
  assert.equal(payload.log_type, 'sample_node');
  assert.equal(payload.open_files, 1088);
  await whenStatus(flow, 'n', /status\.measured/);
});

test('sample-node puts its record into the msg that arrives and completes it once', async (t) => {
  const flow = await run(t, '0', linux);
  const both = Promise.all([flow.next('out'), flow.next('completed')]);
  flow.node('n').receive({ payload: 'ignored', mine: 7 } as never);
  const [out] = await both;
  assert.equal((out as { mine?: number }).mine, 7);
  assert.equal((out.payload as InfraRecord).log_type, 'sample_node');
});

test('sample-node hands a sample that fails to Catch nodes, once with the msg that asked for it', async (t) => {
  const flow = await run(t, '0', temporaryFolder());
  const caught: unknown[] = [];
  flow.node('caught').on('input', (msg) => caught.push((msg as { mine?: number }).mine));
  for (const mine of [1, 2]) flow.node('n').receive({ mine } as never);
  await until(() => caught.length >= 2, 15_000);
  await whenStatus(flow, 'n', /status\.failed/);
  assert.deepEqual(caught, [1, 2]);
});

test('sample-node says that it cannot use an interval', async (t) => {
  await whenStatus(await run(t, 'often', linux), 'n', /status\.badInterval/);
});
