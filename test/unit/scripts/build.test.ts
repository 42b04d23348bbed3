// The build of a package with one node, in a folder of its own, with the project's own script and compilers.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { packageRoot } from '../../support/node-red.ts';

const files = {
  'package.json': JSON.stringify({
    type: 'module',
    version: '0.0.0',
    'node-red': { nodes: { sample: 'dist/nodes/sample/sample.js' } },
  }),
  'lib/word.ts': "export const word: string = 'shared';\n",
  'lib/locales/en-US/errors.json': '{ "CLOSED": "closed" }',
  'nodes/sample/sample.ts': "import { word } from '../../lib/word.ts';\nexport default (): string => word;\n",
  'nodes/sample/sample.editor.ts':
    "import { word } from '../../lib/word.ts';\ndeclare const RED: { nodes: { registerType(type: string, node: object): void } };\nRED.nodes.registerType('sample', { category: 'monitoring', label: () => word });\n",
  'nodes/sample/sample.html': '<script type="text/html" data-template-name="sample"></script>\n',
  'nodes/sample/locales/en-US/sample.json': '{}',
  'nodes/sample/locales/en-US/sample.html': '<script type="text/html" data-help-name="sample"></script>\n',
  'icons/sample.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>',
  'flows/example.json': '[]',
};

type Files = Partial<Record<keyof typeof files, string | undefined>> & Record<string, string | undefined>;

/** Builds the sample with some files changed, added, or (undefined) left out. */
function build(t: TestContext, changes: Files = {}): { folder: string; code: number | null; output: string } {
  const folder = mkdtempSync(join(tmpdir(), 'infra-monitoring-build-'));
  t.after(() => rmSync(folder, { recursive: true }));
  for (const [path, text] of Object.entries({ ...files, ...changes })) {
    if (text === undefined) continue;
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  for (const path of [
    'scripts/build.js',
    'scripts/build',
    'scripts/graylog',
    'graylog',
    'tsconfig.json',
    'tsconfig.build.json',
  ]) {
    cpSync(join(packageRoot, path), join(folder, path), { recursive: true });
  }
  symlinkSync(join(packageRoot, 'node_modules'), join(folder, 'node_modules'));
  const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/build.js'], {
    cwd: folder,
    encoding: 'utf8',
  });
  return { folder, code: status, output: stdout + stderr };
}

test('the build puts beside the code what Node-RED wants there, and the flows into examples/', (t) => {
  const { folder, code, output } = build(t);
  assert.equal(code, 0, output);
  for (const path of [
    'dist/lib/word.js',
    'dist/nodes/sample/sample.js',
    'dist/nodes/sample/locales/en-US/sample.json',
    'dist/nodes/sample/locales/en-US/sample.html',
    'dist/nodes/sample/icons/sample.svg',
    'examples/example.json',
  ]) {
    assert.ok(existsSync(join(folder, path)), path);
  }
  assert.match(readFileSync(join(folder, 'dist/nodes/sample/sample.js'), 'utf8'), /from '\.\.\/\.\.\/lib\/word\.js'/);
});

test('the built HTML holds the form and the editor half with what it imports, in one inline script', (t) => {
  const { folder } = build(t);
  const html = readFileSync(join(folder, 'dist/nodes/sample/sample.html'), 'utf8');
  assert.match(html, /data-template-name="sample"/);
  assert.match(html, /RED\.nodes\.registerType\("sample", \{/);
  assert.match(html, /"shared"/);
  assert.doesNotMatch(html, /\bimport\b/);
});

test("the build puts the words for errors into every node's catalogue", (t) => {
  const { folder } = build(t);
  const catalogue = readFileSync(join(folder, 'dist/nodes/sample/locales/en-US/sample.json'), 'utf8');
  assert.deepEqual(JSON.parse(catalogue), { error: { CLOSED: 'closed' } });
});

test('so it does in every language, and fails where a node lacks one of them', (t) => {
  const german = {
    'lib/locales/de/errors.json': '{ "CLOSED": "geschlossen" }',
    'nodes/sample/locales/de/sample.json': '{}',
    'nodes/sample/locales/de/sample.html': '<script type="text/html" data-help-name="sample"></script>\n',
  };
  const { folder, code, output } = build(t, german);
  assert.equal(code, 0, output);
  const catalogue = readFileSync(join(folder, 'dist/nodes/sample/locales/de/sample.json'), 'utf8');
  assert.deepEqual(JSON.parse(catalogue), { error: { CLOSED: 'geschlossen' } });
  assert.ok(existsSync(join(folder, 'dist/nodes/sample/locales/de/sample.html')));

  const lacking = build(t, { ...german, 'nodes/sample/locales/de/sample.html': undefined });
  assert.equal(lacking.code, 1);
  assert.match(lacking.output, /sample lacks its help in de: nodes\/sample\/locales\/de\/sample\.html/);
});

test('the build leaves nothing of an earlier build', (t) => {
  const { folder } = build(t, { 'dist/nodes/gone/gone.js': '', 'examples/gone.json': '' });
  assert.equal(existsSync(join(folder, 'dist/nodes/gone')), false);
  assert.equal(existsSync(join(folder, 'examples/gone.json')), false);
});

for (const [part, path] of [
  ['form', 'nodes/sample/sample.html'],
  ['editor half', 'nodes/sample/sample.editor.ts'],
  ['labels', 'nodes/sample/locales/en-US/sample.json'],
  ['help', 'nodes/sample/locales/en-US/sample.html'],
  ['icon', 'icons/sample.svg'],
] as const) {
  test(`the build fails, and says so, when a node lacks its ${part}`, (t) => {
    const { code, output } = build(t, { [path]: undefined });
    assert.equal(code, 1);
    assert.match(output, new RegExp(`sample lacks its ${part}: ${path}`));
  });
}

test('the build does not ask for the icon of a config node', (t) => {
  const editor = files['nodes/sample/sample.editor.ts'].replace("'monitoring'", "'config'");
  const { code, output } = build(t, { 'icons/sample.svg': undefined, 'nodes/sample/sample.editor.ts': editor });
  assert.equal(code, 0, output);
});

test('the build fails when a folder of nodes/ is not in package.json', (t) => {
  const { code, output } = build(t, { 'nodes/other/other.ts': '' });
  assert.equal(code, 1);
  assert.match(output, /nodes\/other is not in package\.json/);
});

test('the build fails on a type error', (t) => {
  const { code, output } = build(t, { 'lib/word.ts': 'export const word: string = 1;\n' });
  assert.equal(code, 1);
  assert.match(output, /lib\/word\.ts.*TS2322/);
});

test('the build fails when an editor half reaches node:*, be it through lib/', (t) => {
  const { code, output } = build(t, {
    'lib/word.ts': "import { hostname } from 'node:os';\nexport const word: string = hostname();\n",
  });
  assert.notEqual(code, 0);
  assert.match(output, /node:os/);
});
