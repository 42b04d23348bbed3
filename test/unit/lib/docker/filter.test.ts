import assert from 'node:assert/strict';
import { test } from 'node:test';
import { composeFolder, FolderProject, projectOfFolder } from '../../../../lib/docker/compose.ts';
import { containerFilter, isFolder, listOf } from '../../../../lib/docker/filter.ts';

const container = (name: string, labels: { [name: string]: string } = {}, image = 'nginx:1') => ({
  id: `id-${name}`,
  name,
  image,
  labels,
});

const chosen = (settings: object, ...containers: ReturnType<typeof container>[]): string[] =>
  containers.filter(containerFilter(settings).accepts).map(({ name }) => name);

test('`listOf()` leaves out what is blank and placeholders', () => {
  assert.deepEqual(listOf(' a, b ,,c '), ['a', 'b', 'c']);
  assert.deepEqual(listOf('$' + '{DOCKER_COMPOSE_DIR}'), []);
  assert.deepEqual(listOf(undefined), []);
});

test('`containerFilter()` chooses by name, image and label', () => {
  const all = [container('web-1'), container('web-2', { team: 'blue' }), container('db', {}, 'postgres:16')];
  assert.deepEqual(chosen({}, ...all), ['web-1', 'web-2', 'db']);
  assert.deepEqual(chosen({ include: 'web-*' }, ...all), ['web-1', 'web-2']);
  assert.deepEqual(chosen({ exclude: '*-2, d*' }, ...all), ['web-1']);
  assert.deepEqual(chosen({ images: 'postgres:*' }, ...all), ['db']);
  assert.deepEqual(chosen({ labels: 'team=blue' }, ...all), ['web-2']);
  assert.deepEqual(chosen({ labels: 'team' }, ...all), ['web-2']);
  assert.deepEqual(chosen({ labels: 'team=red' }, ...all), []);
});

test('`containerFilter()` chooses the compose project of a folder by its label, else by its name', () => {
  const folder = 'com.docker.compose.project.working_dir';
  const project = 'com.docker.compose.project';
  const all = [
    container('labelled', { [folder]: '/srv/My.App', [project]: 'other' }),
    container('elsewhere', { [folder]: '/home/My.App', [project]: 'myapp' }),
    container('named', { [project]: 'myapp' }),
    container('none'),
  ];
  assert.deepEqual(chosen({ composeDir: '/srv/My.App/' }, ...all), ['labelled', 'named']);
  assert.deepEqual(chosen({ project: 'myapp' }, ...all), ['elsewhere', 'named']);
  assert.equal(projectOfFolder('/srv/My.App/'), 'myapp');
  assert.equal(projectOfFolder('/'), 'default');
  assert.equal(composeFolder('//'), '/');
  assert.ok(!new FolderProject('/srv/x').has({}));
});

test('`isFolder()` takes what is open or absolute', () => {
  for (const folder of ['', undefined, '$' + '{X}', '/srv', 'C:\\x']) assert.ok(isFolder(folder), String(folder));
  for (const folder of ['srv', './x']) assert.ok(!isFolder(folder), folder);
});
