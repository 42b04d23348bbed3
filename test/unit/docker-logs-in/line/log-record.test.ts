import assert from 'node:assert/strict';
import { test } from 'node:test';
import { logTemplates } from '../../../../nodes/docker-logs-in/line/log-record.ts';
import { fakeContainer } from '../../../support/fake-engine.ts';

const container = { id: 'x'.repeat(64), name: 'web', image: 'nginx:1', labels: { 'com.docker.compose.service': 'a' } };

test('the fields are those of Docker’s own GELF driver', () => {
  const labels = { 'com.docker.compose.service': 'web' };
  const details = { ...fakeContainer('id'), Name: '/shop-web-1', Config: { Image: 'fake:1', Labels: labels } };
  const [, out, err] = logTemplates(container, details, 'host-1');
  const { time, message, event_id, log_type, host, ...fields } = out.payload;
  assert.deepEqual(fields, {
    level: 6,
    container_id: 'id',
    container_name: 'shop-web-1',
    image_id: 'sha256:fake',
    image_name: 'fake:1',
    command: 'sh -c x',
    tag: 'id',
    created: '2026-11-23T18:00:00.000000001Z',
    stream: 'stdout',
    compose_service: 'web',
  });
  assert.deepEqual([err.payload.level, err.payload.stream, err.topic], [3, 'stderr', 'docker/log/shop-web-1']);
});

test('what an engine leaves out, and what only its events told, is absent', () => {
  const details = { ...fakeContainer('id'), Image: undefined, Created: undefined };
  const [, out] = logTemplates(container, details, 'h');
  assert.ok(!('image_id' in out.payload || 'created' in out.payload));
  const [, gone] = logTemplates(container, undefined, 'h');
  assert.ok(!('command' in gone.payload));
  assert.deepEqual([gone.payload.tag, gone.payload.compose_service], ['x'.repeat(12), 'a']);
});
