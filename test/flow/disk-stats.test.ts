import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { type TestContext, test } from 'node:test';
import type { InfraRecord } from '../../lib/record.ts';
import register from '../../nodes/disk-stats/disk-stats.ts';
import registerUptime from '../../nodes/uptime/uptime.ts';
import { type RunningFlow, runFlow } from '../support/flow.ts';
import { temporaryFolder } from '../support/folder.ts';
import { until } from '../support/until.ts';

type Register = typeof register;

const ends = [
  { id: 'out', z: 'f', type: 'helper' },
  { id: 'f', type: 'tab' },
];

test('disk-stats sends a record of the root filesystem when the flow starts', async (t) => {
  const node = { id: 'd', z: 'f', type: 'disk-stats', interval: '60', include: '/', wires: [['out']] };
  const flow = await runFlow(t, [register], [node, ...ends]);
  const msg = await flow.next('out');
  const payload = msg.payload as InfraRecord;
  assert.equal(msg.topic, 'disk//');
  assert.equal(payload.log_type, 'disk');
  assert.equal(payload.disk_mount, '/');
  assert.ok(Number(payload.disk_total_bytes) > 0);
});

test('disk-stats puts a record into a copy of the msg that arrives and completes it once', async (t) => {
  const flow = await runFlow(
    t,
    [register],
    [
      { id: 'd', z: 'f', type: 'disk-stats', interval: '0', include: '/', wires: [['out']] },
      { id: 'c', z: 'f', type: 'complete', scope: ['d'], wires: [['completed']] },
      { id: 'completed', z: 'f', type: 'helper' },
      ...ends,
    ],
  );
  const both = Promise.all([flow.next('out'), flow.next('completed')]);
  flow.node('d').receive({ payload: 'ignored', mine: { seven: 7 } } as never);
  const [out, completed] = await both;
  assert.deepEqual(out.mine, { seven: 7 });
  assert.equal((out.payload as InfraRecord).disk_mount, '/');
  assert.equal(completed.payload, 'ignored');
});

test('disk-stats with a wrong threshold says so and refuses what arrives', async (t) => {
  const flow = await runFlow(
    t,
    [register],
    [
      { id: 'd', z: 'f', type: 'disk-stats', interval: '0', warning: 'much', wires: [['out']] },
      { id: 'e', z: 'f', type: 'catch', scope: ['d'], wires: [['caught']] },
      { id: 'caught', z: 'f', type: 'helper' },
      ...ends,
    ],
  );
  const caught = flow.nextError('caught', /NOT_CONFIGURED/);
  flow.node('d').receive({ payload: 1 } as never);
  await caught;
});

/** What `node`, on input only, completes and what Catch nodes get of it. */
async function watchOutcomes(t: TestContext, register: Register, node: object, hostRoot: string) {
  const flow: RunningFlow = await runFlow(
    t,
    [register],
    [
      { id: 'f', type: 'tab', env: [{ name: 'HOST_ROOT', type: 'str', value: hostRoot }] },
      { id: 'n', z: 'f', interval: '0', wires: [[]], ...node },
      { id: 'e', z: 'f', type: 'catch', scope: ['n'], wires: [['caught']] },
      { id: 'c', z: 'f', type: 'complete', scope: ['n'], wires: [['completed']] },
      { id: 'caught', z: 'f', type: 'helper' },
      { id: 'completed', z: 'f', type: 'helper' },
    ],
  );
  const outcomes = { caught: [] as unknown[], completed: 0 };
  flow.node('caught').on('input', (msg) => outcomes.caught.push(msg));
  flow.node('completed').on('input', () => {
    outcomes.completed += 1;
  });
  const send = (count: number): void => {
    for (let n = 0; n < count; n += 1) flow.node('n').receive({ n } as never);
  };
  return { outcomes, send };
}

test('a msg that disk-stats fails for reaches Catch nodes once', async (t) => {
  const node = { type: 'disk-stats', include: '/' };
  const { outcomes, send } = await watchOutcomes(t, register, node, temporaryFolder());
  send(1);
  await until(() => outcomes.caught.length > 0);
  send(1);
  await until(() => outcomes.caught.length > 1);
  assert.deepEqual(
    outcomes.caught.map((msg) => (msg as { n?: number }).n),
    [0, 0],
  );
  assert.equal(outcomes.completed, 0);
});

for (const [type, registerNode] of [
  ['disk-stats', register],
  ['uptime', registerUptime],
] as const) {
  test(`${type} lets a hundred msgs wait, and refuses what comes above it`, async (t) => {
    const { outcomes, send } = await watchOutcomes(t, registerNode, { type, include: '/' }, '/');
    send(150);
    await until(() => outcomes.completed + outcomes.caught.length === 150);
    assert.equal(outcomes.completed, 100);
    assert.match(JSON.stringify(outcomes.caught[0]), /TOO_MANY_WAITING/);
  });
}

test('the dialog of disk-stats gets the mounts of this host to pick from', async (t) => {
  await runFlow(t, [register], [{ id: 'd', z: 'f', type: 'disk-stats', interval: '0', wires: [[]] }, ...ends]);
  const helper = createRequire(import.meta.url)('node-red-node-test-helper');
  const { body } = await helper.request().get('/infra-monitoring/disk-stats/mounts').expect(200);
  const root = body.find(({ mount }: { mount: string }) => mount === '/');
  assert.equal(root.usual, true);
  assert.equal(typeof root.device, 'string');
  if (process.platform === 'linux')
    assert.equal(body.find(({ mount }: { mount: string }) => mount === '/proc').usual, false);
});
