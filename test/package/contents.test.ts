import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { packageRoot } from '../support/node-red.ts';
import { npm, npmEnvironment } from '../support/npm.ts';
import { nodeTypes, packageJson } from '../support/package.ts';

const run = promisify(execFile);
/** The file and all that it imports of the clone, in the order of their names. */
function importedBy(file: string, found = new Set<string>()): string[] {
  if (found.has(file)) return [];
  found.add(file);
  const text = readFileSync(join(packageRoot, file), 'utf8');
  for (const [, from = ''] of text.matchAll(/(?:from|import\() ?'(\.[^']+)'/g))
    importedBy(join(dirname(file), from), found);
  return [...found].sort();
}

test('the package holds what is built, the examples, the licence and what people read, and nothing else', async () => {
  const [pack] = JSON.parse(await npm(packageRoot, 'pack', '--dry-run', '--json', '--ignore-scripts')) as [
    { files: { path: string }[] },
  ];
  const paths = pack.files.map(({ path }) => path);
  const expected =
    /^(package\.json|README\.md|LICENSE|CHANGELOG\.md|examples\/[\w-]+\.json|dist\/(lib|nodes|plugins|graylog)\/.*|graylog\/.*|scripts\/(graylog\/.*|infra-monitoring\.js))$/;
  assert.deepEqual(
    paths.filter((path) => !expected.test(path) || path.endsWith('.ts')),
    [],
  );
  // What its command imports, and not what records a Graylog's answers for our tests.
  assert.deepEqual(
    paths.filter((path) => path.startsWith('scripts/')).sort(),
    importedBy('scripts/infra-monitoring.js'),
  );
  for (const path of paths) {
    const text = readFileSync(join(packageRoot, path), 'utf8');
    assert.ok(!text.includes(join(packageRoot, '.')), `${path} names the folder that it was built in`);
    assert.doesNotMatch(text, /(from|import\() ?'[./]+\/test\//, path);
  }
  for (const type of nodeTypes) {
    const words = ['en-US', 'de', 'zh-CN'].flatMap((language) =>
      ['json', 'html'].map((kind) => `locales/${language}/${type}.${kind}`),
    );
    for (const file of [`${type}.js`, `${type}.html`, ...words]) {
      assert.ok(paths.includes(`dist/nodes/${type}/${file}`), `${type} has its ${file}`);
    }
  }
  for (const file of Object.values(packageJson()['node-red'].plugins)) assert.ok(paths.includes(file), file);
  for (const file of ['README.md', 'LICENSE', 'CHANGELOG.md']) assert.ok(paths.includes(file), `${file} is in it`);
});

test('it can be published as it is: nothing is put right on the way, and everybody may install it', async () => {
  // A registry that is not there: nothing is asked, nothing is sent.
  const words = ['publish', '--dry-run', '--ignore-scripts', '--registry=http://127.0.0.1:9/', '--fetch-retries=0'];
  const { stderr } = await run('npm', words, { cwd: packageRoot, env: npmEnvironment(), maxBuffer: 2 ** 26 });
  // What npm says of the settings of this machine is not of the package.
  assert.doesNotMatch(stderr, /npm (warn|error)(?! Unknown \w+ config)(?!.*logged in)/i);
  assert.match(stderr, /with tag latest and public access \(dry-run\)/);
});

test('no script of ours runs at an installation, and SECURITY.md names the dependencies that have one', () => {
  const { scripts } = packageJson() as { scripts?: Record<string, string> };
  for (const name of ['preinstall', 'install', 'postinstall', 'prepare'])
    assert.equal(scripts?.[name], undefined, name);
  const lock = JSON.parse(readFileSync(join(packageRoot, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { hasInstallScript?: boolean; dev?: boolean }>;
  };
  const running = Object.entries(lock.packages)
    .filter(([path, { hasInstallScript, dev }]) => path !== '' && hasInstallScript && !dev)
    .map(([path]) => path.replace(/^.*node_modules\//, ''));
  const promise = readFileSync(join(packageRoot, 'SECURITY.md'), 'utf8');
  for (const name of running) assert.ok(promise.includes(`\`${name}\``), `SECURITY.md names ${name}`);
});
