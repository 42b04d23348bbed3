import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Health, heartbeat } from '../../../nodes/graylog-server/heartbeat.ts';

const health: Health = {
  received: 10,
  sent: 7,
  dropped: 2,
  retried: 3,
  buffered: 1,
  lagMs: 250,
  uptimeMs: 60_012.4,
  packageVersion: '1.0.0',
  nodeRedVersion: '5.0.7',
  newlyDropped: 0,
};

test('a heartbeat tells what was received, sent, buffered, dropped and retried, and the lag', () => {
  assert.deepEqual(heartbeat(health, 'web-1', 1_795_000_000_500), {
    short_message: '10 records received, 7 sent, 1 waiting, 2 dropped',
    host: 'web-1',
    timestamp: 1_795_000_000.5,
    level: 6,
    log_type: 'heartbeat',
    event_id: 'heartbeat-web-1-1795000000500',
    records_received: 10,
    records_sent: 7,
    records_buffered: 1,
    records_dropped: 2,
    records_retried: 3,
    delivery_lag_ms: 250,
    sender_uptime_seconds: 60.012,
    package_version: '1.0.0',
    node_red_version: '5.0.7',
  });
});

test('a heartbeat is a warning when something was dropped since the last one', () => {
  assert.equal(heartbeat({ ...health, newlyDropped: 1 }, 'web-1', 0).level, 4);
});

test('a heartbeat has the static fields of its server, which take the place of none of its own', () => {
  const fields = heartbeat(health, 'web-1', 0, { site: 'ams', rack: 4, package_version: 'mine' });
  assert.deepEqual([fields.site, fields.rack, fields.package_version], ['ams', 4, '1.0.0']);
  assert.equal(Object.keys(fields)[0], 'short_message', 'the text is still the first');
});
