import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ContainerIdentity } from '../../../lib/docker/identity.ts';
import { lineOptions } from '../../../nodes/docker-logs-in/io/line-options.ts';
import { parseRules, ruleFinder } from '../../../nodes/docker-logs-in/rules.ts';

const container = (name: string, image = 'nginx:1', labels: { [name: string]: string } = {}): ContainerIdentity => ({
  id: name,
  name,
  image,
  labels,
});

test('`parseRules()` takes what the dialog saves, and nothing else', () => {
  const rule = { of: 'container', pattern: 'web-*', ship: true, streams: 'stderr', json: true, multiline: '^\\d' };
  assert.deepEqual(parseRules([rule]), [rule]);
  for (const none of [undefined, null, '', []]) assert.deepEqual(parseRules(none), []);
  const bare = { of: 'image', pattern: 'nginx:*' };
  assert.deepEqual(parseRules([bare])?.[0]?.ship, true);
  const wrong = [7, {}, 'x', { ...rule, of: 'host' }, { ...rule, pattern: ' ' }, { ...rule, streams: 'all' }];
  for (const one of [...wrong, { ...rule, json: 'yes' }, { ...rule, multiline: '(' }])
    assert.equal(parseRules([rule, one]), undefined, JSON.stringify(one));
  assert.equal(parseRules('[]'), undefined);
});

test('the first rule that fits counts, by name, service or image', () => {
  const rules = parseRules([
    { of: 'container', pattern: 'web-1', ship: true },
    { of: 'service', pattern: 'job*', ship: false },
    { of: 'image', pattern: 'nginx:*', ship: false },
  ]);
  const find = ruleFinder(rules ?? []);
  assert.equal(find(container('web-1'))?.ship, true);
  assert.equal(find(container('web-2'))?.ship, false);
  assert.equal(find(container('db', 'postgres:16')), undefined);
  for (const label of ['com.docker.compose.service', 'com.docker.swarm.service.name'])
    assert.equal(find(container('x', 'y', { [label]: 'jobs' }))?.of, 'service');
});

test('a rule changes what it names, the rest is as in the dialog', () => {
  const rules = [
    { of: 'container', pattern: 'web', ship: true, streams: 'stderr' },
    { of: 'container', pattern: 'api', ship: true, json: false, multiline: '^x' },
    { of: 'container', pattern: 'noise', ship: false },
  ];
  const options = lineOptions({ json: true, multiline: '^y', rules });
  assert.deepEqual(options.optionsOf(container('web')), { streams: 'stderr' });
  const { json, multilineStart } = options.optionsOf(container('api'));
  assert.deepEqual([json, multilineStart?.testAll(['x', 'y'])], [false, [true, false]]);
  assert.deepEqual(options.optionsOf(container('db')), {});
  assert.deepEqual([options.json, options.streams], [true, 'both']);
  assert.deepEqual(
    ['web', 'noise', 'db'].map((name) => options.isLeftOut(container(name))),
    [false, true, false],
  );
});
