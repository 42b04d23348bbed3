// CONTRIBUTING.md leads to files: each that it names must be there.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { packageRoot } from '../support/node-red.ts';
import { nodeTypes } from '../support/package.ts';

const text = readFileSync(join(packageRoot, 'CONTRIBUTING.md'), 'utf8');
const [guide = '', index = ''] = text.split('\n## Where is what\n');

function missing(paths: readonly string[]): string[] {
  return paths.filter((path) => !existsSync(join(packageRoot, path)));
}

/** The words in code that are paths. */
function pathsIn(part: string): string[] {
  const words = [...part.matchAll(/`([^`\n]+)`/g)].map(([, word]) => word ?? '');
  return words.filter((word) => /^[\w./-]+(\.\w+|\/)$/.test(word));
}

test('every path that CONTRIBUTING.md names from the top of the clone exists', () => {
  const roots = /^(nodes|lib|icons|flows|scripts|bench|test|\.ci|\.github)\//;
  const paths = pathsIn(guide).filter((path) => roots.test(path));
  assert.ok(paths.length > 20);
  assert.deepEqual(missing(paths), []);
});

const sections = index.split('\n### ').slice(1);

for (const section of sections) {
  const folder = /^`(.*)`/.exec(section)?.[1] ?? '';
  test(`every file that "Where is what" names in ${folder} exists`, () => {
    const files = pathsIn(section.slice(section.indexOf('\n'))).filter((path) => path.endsWith('.ts'));
    assert.ok(files.length > 0);
    assert.deepEqual(missing(files.map((file) => `${folder}${file}`)), []);
  });
}

test('"Where is what" has every node that is more than a small one', () => {
  const named = sections.map((section) => /^`nodes\/(.*)\/`/.exec(section)?.[1]);
  // `npm run new` adds none: the names of its few files say it all.
  const small = (type: string): boolean => existsSync(join(packageRoot, 'nodes', type, `${type}-record.ts`));
  assert.deepEqual(
    nodeTypes.filter((type) => !named.includes(type) && !small(type)),
    [],
  );
});
