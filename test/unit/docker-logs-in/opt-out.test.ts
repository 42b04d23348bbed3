import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LogMessage } from '../../../nodes/docker-logs-in/line/log-record.ts';
import { NoticeHistory } from '../../../nodes/docker-logs-in/notice-history.ts';
import { optOutTrace } from '../../../nodes/docker-logs-in/opt-out.ts';

test('a container that opted out is told once, in the log and as a record', () => {
  const warned: string[] = [];
  const sent: LogMessage[] = [];
  const trace = optOutTrace({
    notices: new NoticeHistory(),
    host: 'host-1',
    nowMs: () => 1_795_456_800_123,
    warn: (name, label) => warned.push(`${name} ${label}`),
    send: (message) => sent.push(message),
  });
  const container = {
    id: 'c'.repeat(64),
    name: 'web',
    image: 'nginx:1',
    labels: { 'com.docker.compose.project': 'shop' },
  };
  trace(container);
  trace(container);
  assert.deepEqual(warned, ['web infra-monitoring.logs']);
  assert.deepEqual(sent, [
    {
      topic: 'docker/log/web',
      payload: {
        log_type: 'docker_log',
        time: '2026-11-23T18:00:00.123Z',
        host: 'host-1',
        level: 5,
        message: 'the log of container web is not collected: its label infra-monitoring.logs says so',
        event_id: `${container.id}-opted-out`,
        container_id: container.id,
        container_name: 'web',
        image_name: 'nginx:1',
        tag: 'c'.repeat(12),
        compose_project: 'shop',
      },
    },
  ]);
});
