import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseContainers } from '../../../../lib/docker/containers.ts';
import {
  groupFields,
  groupLabels,
  ImageNames,
  identityOf,
  isImageId,
  nameOf,
} from '../../../../lib/docker/identity.ts';
import { clientFor, fakeContainer, startFakeEngine } from '../../../support/fake-engine.ts';

test('`nameOf()` is never the name that a link gave', () => {
  const cases: [names: string[], name: string][] = [
    [['/grafana/influxdb', '/influxdb'], 'influxdb'],
    [['/influxdb', '/zdb/influxdb'], 'influxdb'],
    [['/web'], 'web'],
    [['web'], 'web'],
    [['/a/b'], 'b'],
    [[], ''],
  ];
  for (const [Names, name] of cases) assert.equal(nameOf({ Names }), name, Names.join());
});

test('`isImageId()` tells ids from names', () => {
  for (const id of [`sha256:${'0a'.repeat(32)}`, '0a'.repeat(32), '0123456789ab']) assert.ok(isImageId(id), id);
  for (const name of ['nginx', 'nginx:1', 'cafe', `nginx@sha256:${'0a'.repeat(32)}`, ''])
    assert.ok(!isImageId(name), name);
});

test('an image whose tag has moved keeps its name, and the engine is asked for it once', async (t) => {
  const engine = await startFakeEngine(t);
  const web = fakeContainer('web');
  engine.containers = [{ ...web, Config: { ...web.Config, Image: 'shop/web:latest' } }];
  let asked = 0;
  engine.answer = ({ path }) => {
    if (path === '/containers/web/json') asked += 1;
    return false;
  };
  const images = new ImageNames(clientFor(t, engine.host));
  const list = parseContainers([
    { Id: 'web', Names: ['/web'], Image: `sha256:${'0'.repeat(64)}` },
    { Id: 'gone', Names: ['/gone'], Image: `sha256:${'1'.repeat(64)}` },
    { Id: 'db', Names: ['/db'], Image: 'postgres:16' },
  ]);
  for (const _ of [1, 2])
    assert.deepEqual(
      (await images.nameAll(list)).map((container) => identityOf(container).image),
      ['shop/web:latest', `sha256:${'1'.repeat(64)}`, 'postgres:16'],
    );
  assert.equal(asked, 1);
});

test('what a container belongs to is in its labels', () => {
  const labels = {
    'com.docker.compose.project': 'shop',
    'com.docker.compose.service': 'web',
    'com.docker.swarm.service.name': 'shop_web',
    'com.docker.swarm.task.name': 'shop_web.1.x',
    team: 'blue',
  };
  assert.deepEqual(groupFields(labels), { compose_project: 'shop', compose_service: 'web', swarm_service: 'shop_web' });
  assert.deepEqual(Object.keys(groupLabels(labels)), Object.keys(labels).slice(0, 3));
});
