// The rules of Node-RED's own scorecard that can be checked without the network.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { packageRoot } from '../support/node-red.ts';
import { nodeTypes, packageJson } from '../support/package.ts';

const description = packageJson();

/** The types that an HTML file registers by a literal in an inline script, which is how the scorecard looks for them. */
function registeredTypes(html: string): string[] {
  const scripts = [...html.matchAll(/<script type="text\/javascript">(.*?)<\/script>/gs)].map(([, script]) => script);
  return scripts.flatMap((script) =>
    [...(script ?? '').matchAll(/RED\.nodes\.registerType\(\s*["']([^"']+)["'],\s*\{/g)].map(([, type]) => type ?? ''),
  );
}

/** Whether a range of the form `>=x.y.z` includes a version. */
function includes(range: string, version: string): boolean {
  const numbers = (text: string): number[] => text.split('.').map(Number);
  const lowest = /^>=(\d+\.\d+\.\d+)$/.exec(range)?.[1];
  assert.ok(lowest, `${range} is of the form >=x.y.z`);
  const [low, given] = [numbers(lowest), numbers(version)];
  const differing = low.findIndex((number, index) => number !== given[index]);
  return differing === -1 || Number(low[differing]) < Number(given[differing]);
}

test('the package has a licence, with its text', () => {
  assert.equal(description.license, 'Apache-2.0');
  assert.match(readFileSync(join(packageRoot, 'LICENSE'), 'utf8'), /Apache License\s+Version 2\.0/);
});

test('the package names its repository, has a scope, and the keyword node-red', () => {
  assert.match(description.repository?.url ?? '', /^git\+https:\/\//);
  assert.match(description.name, /^@[a-z-]+\/[a-z-]+$/);
  assert.ok(description.keywords?.includes('node-red'));
});

test('the package says that it runs with Node-RED 4.1 and with the Node that Node-RED 5 needs', () => {
  assert.ok(includes(description['node-red'].version, '4.1.0'));
  assert.ok(includes(description.engines.node, '20.19.0'));
  assert.ok(includes(description.engines.node, '22.9.0'));
});

test('the package has at most six dependencies', () => {
  const dependencies = Object.keys(description.dependencies);
  assert.ok(dependencies.length <= 6, dependencies.join(', '));
});

for (const type of nodeTypes) {
  test(`the built HTML of ${type} registers its type, and nothing else, by a literal`, () => {
    const html = readFileSync(join(packageRoot, 'dist/nodes', type, `${type}.html`), 'utf8');
    assert.deepEqual(registeredTypes(html), [type]);
  });
}

test('every node of the package is in an example flow', () => {
  const folder = join(packageRoot, 'examples');
  assert.ok(existsSync(folder), 'examples/ is built');
  const used = readdirSync(folder).flatMap((file) =>
    (JSON.parse(readFileSync(join(folder, file), 'utf8')) as { type: string }[]).map(({ type }) => type),
  );
  assert.deepEqual(
    nodeTypes.filter((type) => !used.includes(type)),
    [],
  );
});
