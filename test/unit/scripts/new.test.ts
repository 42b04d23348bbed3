// `npm run new`, in a copy of the checkout: what it writes passes every check as it is.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, globSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '../../support/folder.ts';
import { packageRoot } from '../../support/node-red.ts';

/** What is not in the repository. */
const NOT_COPIED = /^(\.git|\.cache|\.node-red|node_modules|dist|examples)$/;

interface Outcome {
  code: number | null;
  output: string;
}

interface Copy {
  path(file: string): string;
  text(file: string): string;
  /** Runs a program of Node.js in the copy. */
  run(...args: string[]): Outcome;
}

function copyOfCheckout(): Copy {
  const folder = temporaryFolder();
  cpSync(packageRoot, folder, {
    recursive: true,
    filter: (source) => !NOT_COPIED.test(relative(packageRoot, source)),
  });
  symlinkSync(join(packageRoot, 'node_modules'), join(folder, 'node_modules'));
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  return {
    path: (file) => join(folder, file),
    text: (file) => readFileSync(join(folder, file), 'utf8'),
    run(...args) {
      const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8', env });
      return { code: status, output: stdout + stderr };
    },
  };
}

const BIOME = 'node_modules/@biomejs/biome/bin/biome';
const TSC = 'node_modules/typescript/bin/tsc';

test('a node of two words, written by the script, passes every check as it is', async (t) => {
  const copy = copyOfCheckout();
  const { code, output } = copy.run('scripts/new.js', 'load-average');
  assert.equal(code, 0, output);
  const written = [...output.matchAll(/^(?:new|changed) +(\S+)$/gm)].map(([, path]) => path ?? '');
  const passes = (name: string, ...args: string[]): Promise<void> =>
    t.test(name, () => {
      const outcome = copy.run(...args);
      assert.equal(outcome.code, 0, outcome.output);
    });

  await t.test('it says which files it wrote', () => {
    const ours = globSync('**/*load-average*{,/**/*}', { cwd: copy.path('.'), exclude: ['node_modules'] });
    assert.ok(ours.length > 10);
    assert.deepEqual(
      written.filter((path) => !existsSync(copy.path(path))),
      [],
    );
  });
  await t.test('nothing of the template is left', () => {
    for (const path of written) assert.doesNotMatch(copy.text(path), /sample[-_ ]?node/i, path);
  });
  await passes(
    'the linter',
    BIOME,
    'check',
    '--error-on-warnings',
    ...written.filter((path) => /\.(ts|json)$/.test(path) && !/^(flows|test\/fixtures)\//.test(path)),
  );
  await passes('types', TSC, '-p', 'tsconfig.json');
  await passes('types of the editor half', TSC, '-p', 'tsconfig.editor.json');
  await passes('the build', 'scripts/build.js');
  await passes(
    'its own tests',
    '--test',
    ...written.filter((path) => path.endsWith('.test.ts') && !/editor/.test(path)),
  );
  await passes(
    'the tests of what every node must have',
    '--test',
    'test/unit/node-tests.test.ts',
    'test/unit/contributing.test.ts',
    'test/package/scorecard.test.ts',
  );
  for (const path of ['test/fixtures/load-average', 'test/flow/load-average.test.ts']) {
    await t.test(`a test fails where the node has no ${path}`, () => {
      renameSync(copy.path(path), copy.path('aside'));
      const outcome = copy.run('--test', '--test-reporter=spec', 'test/unit/node-tests.test.ts');
      renameSync(copy.path('aside'), copy.path(path));
      assert.equal(outcome.code, 1);
      assert.match(outcome.output, /✖ load-average has a (case|flow test)/);
    });
  }
});

test('every place that lists the nodes has the new one', () => {
  const copy = copyOfCheckout();
  assert.equal(copy.run('scripts/new.js', 'temperature').code, 0);
  assert.match(copy.text('package.json'), /"temperature": "dist\/nodes\/temperature\/temperature\.js"/);
  assert.match(copy.text('lib/record.ts'), /\| 'temperature'/);
  assert.match(copy.text('test/editor/dialogs.test.ts'), /^ {2}temperature: \{ values/m);
  assert.match(copy.text('README.md'), /\|\n\| temperature \| .*\|\n\n/);
  assert.match(copy.text('CHANGELOG.md'), /^## .*\n\n- \*\*temperature\*\*/m);
});

for (const [what, words, reason] of [
  ['there is no type', [], /the type is missing/],
  ['the type is there already', ['uptime'], /there is a node uptime already/],
  ['the type is not kebab-case', ['LoadAverage'], /LoadAverage is not kebab-case/],
  ['the type is a path', ['../uptime'], /is not kebab-case/],
  ['there is more than the type', ['load', 'average'], /it takes one word/],
] as const) {
  test(`the script says so, and writes nothing, when ${what}`, () => {
    const before = readFileSync(join(packageRoot, 'package.json'), 'utf8');
    const { status, stderr } = spawnSync(process.execPath, [join(packageRoot, 'scripts/new.js'), ...words], {
      encoding: 'utf8',
    });
    assert.equal(status, 1);
    assert.match(stderr, reason);
    assert.match(stderr, /Nothing was written/);
    assert.equal(readFileSync(join(packageRoot, 'package.json'), 'utf8'), before);
  });
}

test('the script writes nothing when one of its files is there, or a list has no place for the node', () => {
  const copy = copyOfCheckout();
  const record = copy.text('lib/record.ts');
  for (const [path, text, reason] of [
    ['flows/temperature.json', '[]', /flows\/temperature\.json is there already/],
    ['README.md', '# Nothing\n', /README\.md has no place for the new node/],
  ] as const) {
    const file = copy.path(path);
    const before = existsSync(file) ? readFileSync(file) : undefined;
    writeFileSync(file, text);
    const { code, output } = copy.run('scripts/new.js', 'temperature');
    assert.equal(code, 1);
    assert.match(output, reason);
    assert.equal(existsSync(copy.path('nodes/temperature')), false);
    assert.equal(copy.text('lib/record.ts'), record);
    if (before === undefined) rmSync(file);
    else writeFileSync(file, before);
  }
});
