import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import type { InfraRecord } from '../../lib/record.ts';
import register from '../../nodes/disk-stats/disk-stats.ts';
import { runFlow } from '../support/flow.ts';

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
  const caught = flow.next('caught');
  flow.node('d').receive({ payload: 1 } as never);
  assert.match(JSON.stringify((await caught).error), /NOT_CONFIGURED/);
});

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
