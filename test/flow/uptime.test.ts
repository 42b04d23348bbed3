import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { loadavg, uptime } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { InfraRecord } from '../../lib/record.ts';
import { HostSampler } from '../../nodes/uptime/io/host-sampler.ts';
import register from '../../nodes/uptime/uptime.ts';
import { runFlow } from '../support/flow.ts';
import { temporaryFolder } from '../support/folder.ts';

test('uptime sends a record when the flow starts, as /proc has it', async (t) => {
  const flow = await runFlow(
    t,
    [register],
    [
      { id: 'u', z: 'f', type: 'uptime', interval: '60', wires: [['out']] },
      { id: 'out', z: 'f', type: 'helper' },
      { id: 'f', type: 'tab' },
    ],
  );
  const msg = await flow.next('out');
  const payload = msg.payload as InfraRecord;
  assert.equal(msg.topic, 'uptime');
  assert.equal(payload.log_type, 'uptime');
  assert.ok(Math.abs(Number(payload.uptime_seconds) - uptime()) < 5);
  assert.ok(Math.abs(Number(payload.load_15m) - (loadavg()[2] ?? 0)) < 0.5);
  const total = /^MemTotal:\s+(\d+) kB$/m.exec(readFileSync('/proc/meminfo', 'utf8'))?.[1];
  assert.equal(payload.memory_total_bytes, Number(total) * 1024);
});

test('uptime puts its record into the msg that arrives and completes it once', async (t) => {
  const flow = await runFlow(
    t,
    [register],
    [
      { id: 'u', z: 'f', type: 'uptime', interval: '0', wires: [['out']] },
      { id: 'out', z: 'f', type: 'helper' },
      { id: 'c', z: 'f', type: 'complete', scope: ['u'], wires: [['completed']] },
      { id: 'completed', z: 'f', type: 'helper' },
      { id: 'f', type: 'tab' },
    ],
  );
  const both = Promise.all([flow.next('out'), flow.next('completed')]);
  flow.node('u').receive({ payload: 'ignored', mine: 7 } as never);
  const [out] = await both;
  assert.equal((out as { mine?: number }).mine, 7);
  assert.equal((out.payload as InfraRecord).log_type, 'uptime');
});

test('uptime reports an interval it cannot use and stays loaded', async (t) => {
  const flow = await runFlow(
    t,
    [register],
    [
      { id: 'u', z: 'f', type: 'uptime', interval: 'often', wires: [[]] },
      { id: 'f', type: 'tab' },
    ],
  );
  assert.equal(flow.node('u').type, 'uptime');
});

test('uptime tells a reboot that happened while Node-RED was down, once and before the sample', async (t) => {
  const userDir = temporaryFolder();
  mkdirSync(join(userDir, 'infra-monitoring'));
  const seenMs = Date.now() - (uptime() + 100) * 1000;
  const state = JSON.stringify({ id: 'another boot', uptimeSeconds: 500, seenMs });
  writeFileSync(join(userDir, 'infra-monitoring/uptime-u.json'), state);
  const nodes = [
    { id: 'u', z: 'f', type: 'uptime', interval: '0', wires: [['out']] },
    { id: 'out', z: 'f', type: 'helper' },
    { id: 'f', type: 'tab' },
  ];
  const sampled = async (): Promise<InfraRecord[]> => {
    const flow = await runFlow(t, [register], nodes, { userDir });
    const records: InfraRecord[] = [];
    const done = new Promise<void>((resolve) => {
      flow.node('out').on('input', (msg) => {
        const payload = msg.payload as InfraRecord;
        records.push(payload);
        if (payload.event_action === undefined) resolve();
      });
    });
    flow.node('u').receive({} as never);
    await done;
    await flow.stop();
    return records;
  };
  const [reboot, sample] = await sampled();
  assert.equal(reboot?.event_action, 'reboot');
  assert.equal(reboot?.uptime_before_seconds, 500);
  assert.ok(Math.abs(Number(reboot?.host_down_seconds) - 100) <= 2);
  assert.equal(sample?.event_action, undefined);
  assert.deepEqual(
    (await sampled()).map((record) => record.event_action),
    [undefined],
  );
});

test('a sample that is under way when the node is removed is neither sent nor written', async (t) => {
  const out = [
    { id: 'out', z: 'f', type: 'helper' },
    { id: 'f', type: 'tab' },
  ];
  const flow = await runFlow(
    t,
    [register],
    [{ id: 'u', z: 'f', type: 'uptime', interval: '0', wires: [['out']] }, ...out],
  );
  const uptimeNode = flow.node('u');
  const sent = t.mock.method(uptimeNode, 'send');
  const begun = once(uptimeNode, 'input');
  uptimeNode.receive({} as never);
  await begun;
  await flow.redeploy(out);
  // Two samples more, one after the other: that one has ended meanwhile.
  for (let count = 0; count < 2; count += 1) await new HostSampler('/').sample();
  assert.equal(sent.mock.callCount(), 0);
  assert.equal(existsSync(join(flow.userDir, 'infra-monitoring/uptime-u.json')), false);
});
