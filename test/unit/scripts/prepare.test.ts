// What `npm start` and `npm test` do first, in a clone of a package that has one dependency and a build of one file.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { packageRoot } from '../../support/node-red.ts';
import { npmEnvironment } from '../../support/npm.ts';
import { PATIENCE_MS } from '../../support/until.ts';

const lock = (version: string): string =>
  JSON.stringify({
    name: 'sample',
    lockfileVersion: 3,
    packages: {
      '': { devDependencies: { node: 'file:node' } },
      node: { version, dev: true },
      'node_modules/node': { resolved: 'node', link: true },
    },
  });

const files = {
  'package.json': '{ "name": "sample", "type": "module", "devDependencies": { "node": "file:node" } }',
  'package-lock.json': lock('1.0.0'),
  'node/package.json': '{ "name": "node", "version": "1.0.0" }',
  'node/bin/node': '',
  'nodes/sample.ts': 'one',
  'lib/sample.ts': '',
  'flows/sample.json': '[]',
  'icons/sample.svg': '',
  'tsconfig.json': '{}',
  'scripts/build.js':
    "import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';\nif (readFileSync('nodes/sample.ts', 'utf8') === 'wrong') process.exit(1);\nfor (const folder of ['dist', 'examples']) mkdirSync(folder, { recursive: true });\ncopyFileSync('nodes/sample.ts', 'dist/sample.js');\n",
};

interface Clone {
  path(file: string): string;
  write(file: string, text: string): void;
  start(before?: string): Running;
  /** Starts it and waits for its end. */
  prepare(before?: string): Promise<Outcome>;
}

interface Outcome {
  code: number | null;
  output: string;
}

interface Running {
  /** Waits until this text is in its output. */
  said(text: string): Promise<void>;
  end(): void;
  ended: Promise<Outcome>;
}

function clone(t: TestContext): Clone {
  const folder = mkdtempSync(join(tmpdir(), 'infra-monitoring-clone-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const write = (file: string, text: string): void => {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  };
  for (const [file, text] of Object.entries(files)) write(file, text);
  cpSync(join(packageRoot, 'scripts/prepare'), join(folder, 'scripts/prepare'), { recursive: true });
  const start = (before = ''): Running => {
    const script = `${before}; const { prepare } = await import('./scripts/prepare/prepare.js'); await prepare();`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      cwd: folder,
      env: npmEnvironment(),
    });
    const told = new EventEmitter();
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
        told.emit('text');
      });
    }
    return {
      async said(text) {
        while (!output.includes(text)) await once(told, 'text', { signal: AbortSignal.timeout(PATIENCE_MS) });
      },
      end: () => child.kill('SIGTERM'),
      ended: once(child, 'close').then(([code]) => ({ code: code as number | null, output })),
    };
  };
  return { path: (file) => join(folder, file), write, start, prepare: (before) => start(before).ended };
}

const times = (text: string, part: string): number => text.split(part).length - 1;

test('`prepare()` installs and builds the first time, says so, and does nothing the second time', async (t) => {
  const sample = clone(t);
  const first = await sample.prepare();
  assert.equal(first.code, 0, first.output);
  assert.match(
    first.output,
    /Installing the dependencies .*\nInstalling .*: done in [\d.]+ s\nBuilding …\nBuilding: done/,
  );
  assert.ok(existsSync(sample.path('dist/sample.js')));
  assert.deepEqual(await sample.prepare(), { code: 0, output: '' });
});

test('`prepare()` builds again when a source changed, and does not install again', async (t) => {
  const sample = clone(t);
  await sample.prepare();
  sample.write('nodes/sample.ts', 'two');
  const { output } = await sample.prepare();
  assert.doesNotMatch(output, /Installing/);
  assert.match(output, /Building: done/);
  assert.equal(readFileSync(sample.path('dist/sample.js'), 'utf8'), 'two');
});

test('`prepare()` installs again when package-lock.json asks for something else', async (t) => {
  const sample = clone(t);
  await sample.prepare();
  sample.write('node/package.json', '{ "name": "node", "version": "1.0.1" }');
  sample.write('package-lock.json', lock('1.0.1'));
  assert.match((await sample.prepare()).output, /Installing .*: done/);
});

test('`prepare()` ends with an error when the build fails, and builds again the next time', async (t) => {
  const sample = clone(t);
  sample.write('nodes/sample.ts', 'wrong');
  const { code, output } = await sample.prepare();
  assert.equal(code, 1);
  assert.match(output, /Building failed: it ended with code 1\.\n$/);
  sample.write('nodes/sample.ts', 'right');
  assert.equal((await sample.prepare()).code, 0);
});

test("`prepare()` ends with npm's own error when npm fails", async (t) => {
  const sample = clone(t);
  sample.write('package-lock.json', '{}');
  const { code, output } = await sample.prepare();
  assert.equal(code, 1);
  assert.match(output, /npm error/);
  assert.match(output, /Installing the dependencies \(npm ci\) failed: it ended with code 1\.\n$/);
});

test('two that are started at once install and build once', async (t) => {
  const sample = clone(t);
  const both = await Promise.all([sample.prepare(), sample.prepare()]);
  assert.deepEqual(
    both.map(({ code }) => code),
    [0, 0],
  );
  const output = both.map((one) => one.output).join('');
  assert.equal(times(output, 'Installing the dependencies (npm ci): done'), 1, output);
  assert.equal(times(output, 'Building: done'), 1, output);
});

test('the lock of a process that was killed is taken over when nobody has renewed it for 15 s', async (t) => {
  const sample = clone(t);
  mkdirSync(sample.path('.cache/prepare.lock'), { recursive: true });
  const old = new Date(Date.now() - 16_000);
  utimesSync(sample.path('.cache/prepare.lock'), old, old);
  const both = await Promise.all([sample.prepare(), sample.prepare()]);
  const output = both.map((one) => one.output).join('');
  assert.equal(times(output, 'Building: done'), 1, output);
  assert.deepEqual(readdirSync(sample.path('.cache')), []);
});

test('a lock that is not old is waited for', async (t) => {
  const sample = clone(t);
  mkdirSync(sample.path('.cache/prepare.lock'), { recursive: true });
  const waiting = sample.start();
  await waiting.said('Waiting for another process');
  assert.equal(existsSync(sample.path('dist')), false);
  rmdirSync(sample.path('.cache/prepare.lock'));
  assert.equal((await waiting.ended).code, 0);
});

test('a process that is told to end leaves no lock behind', async (t) => {
  const sample = clone(t);
  sample.write('scripts/build.js', 'setInterval(() => 0, 1000);\n');
  const running = sample.start();
  await running.said('Building …');
  running.end();
  assert.equal((await running.ended).code, 1);
  assert.deepEqual(readdirSync(sample.path('.cache')), []);
});

test('a Node that is too old is told what is needed', async (t) => {
  const sample = clone(t);
  const older = "Object.defineProperty(process.versions, 'node', { value: '20.18.3' })";
  const { code, output } = await sample.prepare(older);
  assert.equal(code, 1);
  assert.equal(output, 'Node.js 20.19 or newer is needed; this is 20.18.3.\n');
});
