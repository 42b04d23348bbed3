import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Labels } from '../../../lib/docker/api.ts';
import type { ContainerIdentity } from '../../../lib/docker/filter.ts';
import { logFilter } from '../../../nodes/docker-logs-in/filter.ts';

test('`logFilter()` leaves out the own container and those that opted out', () => {
  const isChosen = logFilter({}, 'id-self');
  const container = (id: string, labels: Labels = {}): ContainerIdentity => ({ id, name: 'x', image: 'y', labels });
  const labelled = (value: string): ContainerIdentity => container('id-x', { 'infra-monitoring.logs': value });
  assert.ok(!isChosen(container('id-self')));
  assert.ok(!isChosen(labelled('false')));
  assert.ok(isChosen(labelled('true')));
});
