// What the runner of the tests ends and removes after each file, however that has ended.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '../../support/folder.ts';
import { packageRoot } from '../../support/node-red.ts';
import { scriptModule } from '../../support/script.ts';
import { until } from '../../support/until.ts';

interface Left {
  readonly left: readonly string[];
  readonly stays: string | undefined;
}

interface Plain {
  readonly type: string;
  readonly data: { readonly name: string; readonly details?: { readonly fault?: string } };
}

interface Options {
  readonly deadlineMs: number;
  readonly stop: AbortSignal;
  readonly graceMs?: number;
  hear(event: Plain): void;
}

const { runTestFile } = await scriptModule<{ runTestFile(file: string, options: Options): Promise<Left> }>(
  'test/test-file.js',
);

const MINUTE_MS = 60_000;
const NEVER = 'setInterval(() => undefined, 1_000)';
const HEAD = `
  import { spawn } from 'node:child_process';
  import { mkdtempSync, writeFileSync } from 'node:fs';
  import { tmpdir } from 'node:os';
  import { join } from 'node:path';
  import { test } from 'node:test';
  const note = (name, value) => writeFileSync(join(import.meta.dirname, name), String(value));
  const start = (options) => {
    const child = spawn(process.execPath, ['-e', ${JSON.stringify(NEVER)}], { stdio: 'ignore', ...options });
    child.unref();
    note('pid', child.pid);
  };
  note('folder', tmpdir());
  mkdtempSync(join(tmpdir(), 'infra-monitoring-'));
`;

/** Runs a test file of this text; `notes` reads what it wrote down beside itself. */
function start(text: string, options: Partial<Options> = {}) {
  const folder = temporaryFolder();
  const file = join(folder, 'one.test.mjs');
  writeFileSync(file, `${HEAD}\n${text}\n`);
  const events: Plain[] = [];
  const stop = new AbortController();
  const ended = runTestFile(file, {
    deadlineMs: MINUTE_MS,
    stop: stop.signal,
    hear: (event) => events.push(event),
    ...options,
  });
  const notes = (name: string): string | undefined => {
    const path = join(folder, name);
    return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
  };
  const faults = (): string => events.map(({ data }) => data.details?.fault ?? '').join('\n');
  return { ended, events, faults, notes, stop };
}

/** Who has ended and was not asked for may still have its number. */
function isRunning(pid: string | undefined): boolean {
  const path = `/proc/${pid}/stat`;
  return existsSync(path) && !/\) [ZX] /.test(readFileSync(path, 'latin1'));
}

test('a file has a folder of its own for temporary files, which goes with it and leaves room for the path of a socket', async () => {
  const { ended, events, notes } = start("test('one', () => undefined);");
  assert.deepEqual(await ended, { left: [], stays: undefined });
  assert.ok(events.some(({ type, data }) => type === 'test:pass' && data.name === 'one'));
  const folder = notes('folder') ?? '';
  assert.equal(dirname(folder), tmpdir());
  assert.ok(folder.length <= tmpdir().length + 9, folder);
  assert.equal(existsSync(folder), false);
});

for (const [what, options] of [
  ['a process', {}],
  ['a process in a group of its own', { detached: true }],
  ['a process with an environment of its own', { env: {} }],
] as const) {
  test(`${what} that a file leaves running is ended and named`, async () => {
    const { ended, notes } = start(`test('one', () => start(${JSON.stringify(options)}));`);
    const { left, stays } = await ended;
    assert.deepEqual([left.length, stays], [1, undefined]);
    assert.match(left[0] ?? '', /node -e setInterval/);
    assert.equal(isRunning(notes('pid')), false);
  });
}

test('a file that does not end is told to stop, and has the time to do it', async () => {
  const text = `
    process.once('SIGTERM', () => {
      AbortSignal.timeout(800).onabort = () => { console.log('stops'); note('stopped', 'yes'); process.exit(1); };
    });
    test('one', () => start({}));
    ${NEVER};`;
  const { ended, faults, notes } = start(text, { deadlineMs: 2_000 });
  await ended;
  assert.equal(notes('stopped'), 'yes');
  assert.match(faults(), /did not end in 2 s/);
  assert.equal(isRunning(notes('pid')), false);
  assert.equal(existsSync(notes('folder') ?? ''), false);
});

test('a file that does not stop either is killed, with all that it has started', async () => {
  const text = `
    process.on('SIGTERM', () => undefined);
    test('one', () => { note('own', process.pid); start({ detached: true }); });
    ${NEVER};`;
  const { ended, faults, notes } = start(text, { deadlineMs: 1_000, graceMs: 200 });
  await ended;
  assert.match(faults(), /did not end in 1 s/);
  for (const name of ['own', 'pid']) assert.equal(isRunning(notes(name)), false);
  assert.equal(existsSync(notes('folder') ?? ''), false);
});

test('a run that is stopped ends its file at once, in good order', async () => {
  const text = `
    process.once('SIGTERM', () => { console.log('stops'); note('stopped', 'yes'); process.exit(1); });
    test('one', () => start({ detached: true }));
    note('ready', 'yes');
    ${NEVER};`;
  const { ended, notes, stop } = start(text);
  await until(() => notes('pid') !== undefined);
  stop.abort();
  await ended;
  assert.equal(notes('stopped'), 'yes');
  assert.equal(isRunning(notes('pid')), false);
  assert.equal(existsSync(notes('folder') ?? ''), false);
});

test('what a file has started ends with it where its runner is killed', async (t) => {
  const folder = temporaryFolder();
  const file = join(folder, 'one.test.mjs');
  writeFileSync(file, `${HEAD}\ntest('one', () => start({}));\n${NEVER};\n`);
  const main = join(folder, 'main.mjs');
  writeFileSync(
    main,
    `import { runTestFile } from '${packageRoot}scripts/test/test-file.js';
    await runTestFile('${file}', { deadlineMs: 60_000, stop: new AbortController().signal, hear: () => undefined });`,
  );
  const runner = spawn(process.execPath, [main], { stdio: 'ignore' });
  t.after(() => runner.kill('SIGKILL'));
  const pid = (): string | undefined => {
    const path = join(folder, 'pid');
    return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
  };
  await until(() => isRunning(pid() || undefined));
  runner.kill('SIGKILL');
  await until(() => !isRunning(pid()));
  // Nobody is left to remove it.
  rmSync(readFileSync(join(folder, 'folder'), 'utf8'), { recursive: true, force: true });
});

test('a file that fails says why, and one that ends its process is a failure', async () => {
  const failing = start("test('one', () => { throw new Error('broken', { cause: new Error('deep') }); });");
  await failing.ended;
  assert.match(failing.faults(), /Error: broken[\s\S]*\[cause\]: Error: deep/);
  const crashing = start("test('one', () => process.kill(process.pid, 'SIGKILL'));");
  await crashing.ended;
  assert.ok(crashing.events.some(({ type }) => type === 'test:fail'));
});
