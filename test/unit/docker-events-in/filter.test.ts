import assert from 'node:assert/strict';
import { test } from 'node:test';
import { areTypes, countedEvents, engineFilters, eventFilter } from '../../../nodes/docker-events-in/filter.ts';
import { eventOf } from '../../support/docker-events.ts';

test('`eventFilter()` leaves out commands in containers unless they are asked for', () => {
  assert.ok(!eventFilter({})(eventOf('exec_start: true')));
  assert.ok(eventFilter({ exec: true })(eventOf('exec_start: true')));
  assert.ok(eventFilter({})(eventOf('start')));
});

test('`eventFilter()` chooses by type, action, container and project', () => {
  const network = eventOf('connect', { name: 'shop_default' }, { Type: 'network' });
  const image = eventOf('tag', { name: 'x:1' }, { Type: 'image' });
  const web = eventOf('die', { name: 'web', 'com.docker.compose.project': 'shop', team: 'blue' });
  const which = (settings: object): string[] =>
    [network, image, web].filter(eventFilter(settings)).map(({ Type }) => Type);
  assert.deepEqual(which({}), ['network', 'image', 'container']);
  assert.deepEqual(which({ types: 'image, container' }), ['image', 'container']);
  assert.deepEqual(which({ actions: 'd*' }), ['container']);
  assert.deepEqual(which({ include: 'db' }), ['network', 'image']);
  assert.deepEqual(which({ project: 'shop' }), ['network', 'container']);
  assert.deepEqual(which({ composeDir: '/srv/shop' }), ['network', 'container']);
  assert.deepEqual(which({ project: 'other' }), []);
  assert.deepEqual(which({ types: 'container', labels: 'team=blue' }), ['container']);
  assert.ok(areTypes('container,image') && areTypes('') && !areTypes('containers'));
});

test('networks and volumes are of a project by their label, else by their name', () => {
  const network = eventOf('create', { name: 'staging_default' }, { Type: 'network' });
  const filter = eventFilter({ composeDir: '/srv/shop' });
  assert.ok(filter.needsLabels(network));
  assert.ok(!eventFilter({}).needsLabels(network) && !filter.needsLabels(eventOf('create')));
  assert.ok(!eventFilter({ composeDir: '/srv/shop', types: 'container' }).needsLabels(network));
  assert.ok(!filter(network));
  const label = 'com.docker.compose.project';
  assert.ok(filter.withLabels(network, { [label]: 'shop' }));
  // A container of the folder shows what its project is called.
  assert.ok(filter(eventOf('create', { 'com.docker.compose.project.working_dir': '/srv/shop', [label]: 'staging' })));
  assert.ok(filter(network) && filter.withLabels(network, { [label]: 'staging' }));
  assert.ok(!filter.withLabels(network, { [label]: 'shop' }));
  const volumes = eventFilter({ composeDir: '/srv/shop', types: 'volume' });
  assert.ok(!volumes(eventOf('create', { 'com.docker.compose.project.working_dir': '/srv/shop', [label]: 'staging' })));
  assert.ok(volumes.withLabels(eventOf('create', {}, { Type: 'volume' }), { [label]: 'staging' }));
  const named = eventFilter({ composeDir: '/srv/shop' }, { real: (path) => path, projectIn: () => 'staging' });
  assert.ok(named(network) && !named(eventOf('create', { name: 'shop_default' }, { Type: 'network' })));
});

test('`countedEvents()` counts commands in containers where they are asked for', () => {
  assert.ok(!countedEvents({})(eventOf('exec_die')));
  assert.ok(countedEvents({ exec: true })(eventOf('exec_die')));
  assert.ok(countedEvents({ actions: 'stop' })(eventOf('start')), 'the inventory needs it');
});

test('`engineFilters()` names the actions that are wanted or needed, and leaves the rest open', () => {
  assert.equal(
    engineFilters({ actions: 'oom, die' }),
    '{"event":["oom","die","create","start","rename","destroy","remove"]}',
  );
  for (const actions of ['', undefined, 'd*', 'health_status: unhealthy', 'oom,*'])
    assert.equal(engineFilters({ actions }), undefined);
});
