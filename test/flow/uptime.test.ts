import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { loadavg, uptime } from 'node:os';
import { test } from 'node:test';
import type { InfraRecord } from '../../lib/record.ts';
import register from '../../nodes/uptime/uptime.ts';
import { runFlow } from '../support/flow.ts';

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
