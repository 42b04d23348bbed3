// Every node has its cases and its flow test. A config node is exempt: it sends no msg of its own.
import assert from 'node:assert/strict';
import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { packageRoot } from '../support/node-red.ts';
import { nodeTypes } from '../support/package.ts';

function read(path: string): string {
  return readFileSync(join(packageRoot, path), 'utf8');
}

function isConfigNode(type: string): boolean {
  return /category: 'config'/.test(read(`nodes/${type}/${type}.editor.ts`));
}

/** The tests that read fixtures. */
const readers = globSync('test/{unit,flow,real}/**/*.test.ts', { cwd: packageRoot })
  .filter((path) => !path.endsWith('node-tests.test.ts'))
  .map(read)
  .filter((text) => text.includes('fixtures/'));

for (const type of nodeTypes.filter((type) => !isConfigNode(type))) {
  test(`${type} has a case in test/fixtures, and a test that finds it`, () => {
    const folder = join(packageRoot, 'test/fixtures', type);
    const cases = existsSync(folder) ? readdirSync(folder, { withFileTypes: true }) : [];
    assert.ok(
      cases.some((entry) => entry.isDirectory()),
      `test/fixtures/${type}/<case>/ holds an input and the record that it becomes`,
    );
    assert.ok(
      readers.some((text) => text.includes(`fixtures/${type}`) || text.includes(`'${type}/`)),
      'no test reads it',
    );
  });
  test(`${type} has a flow test`, () => {
    const path = `test/flow/${type}.test.ts`;
    assert.ok(existsSync(join(packageRoot, path)), `${path} is missing`);
    assert.ok(read(path).includes(`nodes/${type}/${type}.ts'`), `${path} runs the node`);
  });
}
