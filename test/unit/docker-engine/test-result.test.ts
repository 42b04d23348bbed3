import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseContainers } from '../../../lib/docker/containers.ts';
import { testResult } from '../../../nodes/docker-engine/test-result.ts';

test('`testResult()` counts the containers and those that run', () => {
  const containers = parseContainers(
    ['running', 'exited', 'paused', 'running'].map((State, Id) => ({ Id: `${Id}`, State })),
  );
  const engine = { version: '27.1', newestApi: '1.46', oldestApi: '1.24' };
  assert.deepEqual(testResult('/x.sock', engine, containers), {
    place: '/x.sock',
    version: '27.1',
    api: '1.46',
    containers: 4,
    running: 2,
  });
});
