import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Labels } from '../../../lib/docker/api.ts';
import type { ContainerIdentity } from '../../../lib/docker/identity.ts';
import { logFilter } from '../../../nodes/docker-logs-in/filter.ts';

test('`logFilter()` leaves out the own container and those that opted out', () => {
  const isChosen = logFilter({}, 'id-self');
  const container = (id: string, labels: Labels = {}): ContainerIdentity => ({ id, name: 'x', image: 'y', labels });
  const labelled = (value: string): ContainerIdentity => container('id-x', { 'infra-monitoring.logs': value });
  assert.ok(!isChosen(container('id-self')));
  assert.ok(!isChosen(labelled('false')));
  assert.ok(isChosen(labelled('true')));
});

test('a container that opted out is told where it was asked for, and no other', () => {
  const told: string[] = [];
  const isChosen = logFilter({ include: 'web' }, 'own', { optedOut: ({ id }) => told.push(id) });
  const labels = { 'infra-monitoring.logs': 'false' };
  for (const [id, name] of [
    ['a', 'web'],
    ['b', 'db'],
    ['own', 'web'],
  ] as const)
    assert.ok(!isChosen({ id, name, image: 'i', labels }));
  assert.ok(isChosen({ id: 'c', name: 'web', image: 'i', labels: {} }));
  assert.deepEqual(told, ['a']);
});

test('the folder that no container has is known', () => {
  const isChosen = logFilter({ composeDir: '/srv/shop' }, undefined);
  const of = (folder: string): ContainerIdentity => {
    const labels = { 'com.docker.compose.project.working_dir': folder };
    return { id: folder, name: 'x', image: 'i', labels };
  };
  assert.ok(!isChosen(of('/srv/other')));
  assert.equal(isChosen.containers.emptyFolder(), '/srv/shop');
  assert.ok(isChosen(of('/srv/shop')));
  assert.equal(isChosen.containers.emptyFolder(), undefined);
  assert.equal(logFilter({}, undefined).containers.emptyFolder(), undefined);
});
