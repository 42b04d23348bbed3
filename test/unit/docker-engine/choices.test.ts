import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseContainers } from '../../../lib/docker/containers.ts';
import { choicesOf } from '../../../nodes/docker-engine/choices.ts';

test('`choicesOf()` offers each thing once, sorted, and no labels of Compose itself', () => {
  const project = { 'com.docker.compose.project': 'shop' };
  const containers = parseContainers([
    {
      Id: '1',
      Names: ['/web'],
      Image: 'nginx:1',
      Labels: { ...project, team: 'blue', 'com.docker.compose.service': 'api' },
    },
    { Id: '2', Names: ['/db', '/web/db'], Image: 'nginx:1', Labels: { ...project, team: 'blue' } },
    { Id: '3', Labels: { 'com.docker.swarm.service.name': 'shop_db' } },
  ]);
  assert.deepEqual(choicesOf(containers, true), {
    containers: ['db', 'web'],
    images: ['nginx:1'],
    projects: ['shop'],
    services: ['api', 'shop_db'],
    labels: ['com.docker.swarm.service.name=shop_db', 'team=blue'],
  });
  assert.deepEqual(choicesOf(containers, false).labels, ['com.docker.swarm.service.name', 'team']);
});
