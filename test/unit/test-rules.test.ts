// The rules that hold for the tests themselves: no test sleeps, and each test of test/real says what may go wrong.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ANSWER_MS } from '../../nodes/docker-engine/io/client.ts';
import { packageRoot } from '../support/node-red.ts';

/** The one file that lets time pass: the pace of a load. */
const PACE = 'test/support/pace.ts';

/** What lets time pass, unless it stands in a string. A deadline is an `AbortSignal.timeout()`. */
const SLEEPS: RegExp[] = [
  /(?<!['"`\w.]|globalThis\.)\b(?:globalThis\.)?(?:setTimeout|setInterval)\(/,
  /^import .*\bset(?:Timeout|Interval)\b.* from '(?:node:)?timers/,
  /^import .*\b(?:scheduler|timers)\b.* from '(?:node:)?timers/,
  /\b(?:import|require)\(\s*['"](?:node:)?timers/,
  /(?<!['"`])\bAtomics\.wait\(/,
  /(?<!['"`])\b(?:exec|execFile|execSync|execFileSync|spawn|spawnSync|run)\(\s*['"`](?:\S*\/)?sleep\b/,
  // A wait for nothing but the clock, in other words.
  /(?<!['"`])\buntil\(\s*(?:async )?\(\) => (?:Date|performance)\.now\(\)/,
  /(?<!['"`])\bwhile \((?:Date|performance)\.now\(\)/,
];

function sleepsIn(source: string): string[] {
  const importsOnOneLine = source.replace(/^import [^;]*;/gm, (statement) => statement.replace(/\s+/g, ' '));
  return importsOnOneLine.split('\n').filter((line) => SLEEPS.some((sleep) => sleep.test(line)));
}

for (const line of [
  "import { setTimeout as pause } from 'node:timers/promises';",
  "import { setInterval } from 'timers/promises';",
  "import { scheduler } from 'node:timers/promises';",
  "const { setTimeout: pause } = await import('node:timers/promises');",
  'await new Promise((resolve) => setTimeout(resolve, 100));',
  '  setTimeout(() => server.close(), 10);',
  'const timer = setInterval(write, 10);',
  'globalThis.setTimeout(resolve, 5);',
  'Atomics.wait(shared, 0, 0, 100);',
  "execSync('sleep 1');",
  "await run('sleep', ['1']);",
  "spawnSync('/bin/sleep', ['1']);",
  'await until(() => performance.now() > end);',
  'while (Date.now() < end);',
]) {
  test(`a test that sleeps is found: ${line.trim()}`, () => assert.deepEqual(sleepsIn(line), [line]));
}

test('a test that sleeps is found where its import takes several lines', () => {
  const source = "import {\n  setImmediate,\n  setTimeout as pause,\n} from 'node:timers/promises';\nawait pause(100);";
  assert.equal(sleepsIn(source).length, 1);
});

for (const line of [
  "t.mock.timers.enable({ apis: ['setTimeout'] });",
  "  'setTimeout(() => 0, 1)',",
  'await until(() => heard.length > 0);',
  'const signal = AbortSignal.timeout(15_000);',
  'socket.setTimeout(1_000);',
  "await engine.docker('run', '-d', IMAGE, 'sleep', '1000');",
]) {
  test(`a test that does not sleep is left alone: ${line.trim()}`, () => assert.deepEqual(sleepsIn(line), []));
}

test('no file of test/ sleeps but the one for the pace of a load', () => {
  const files = globSync('test/**/*.{ts,js}', { cwd: packageRoot }).filter((file) => file !== PACE);
  const own = 'test/unit/test-rules.test.ts';
  const found = files
    .filter((file) => file !== own)
    .flatMap((file) =>
      sleepsIn(readFileSync(join(packageRoot, file), 'utf8')).map((line) => `${file}: ${line.trim()}`),
    );
  assert.deepEqual(found, [], 'wait for the event with until(), or put the pace of a load into test/support/pace.ts');
});

test('each file of test/real is in the folder of its risk, and its first line says what may go wrong', () => {
  const files = globSync('test/real/**/*.ts', { cwd: packageRoot });
  assert.ok(files.length > 0);
  const wrong = files.filter((file) => {
    const isInFolder = /^test\/real\/[a-z-]+\/[a-z0-9-]+\.test\.ts$/.test(file.replaceAll('\\', '/'));
    const [first = ''] = readFileSync(join(packageRoot, file), 'utf8').split('\n');
    return !isInFolder || !/^\/\/ Risk: .+\.$/.test(first);
  });
  assert.deepEqual(wrong, []);
});

test('a clock that runs fast leaves a Docker Engine its time for an answer', () => {
  const told = (ms: number): string => `setTimeout(() => { console.log(${ms}); process.exit() }, ${ms}); `;
  const preload = join(packageRoot, 'test/support/fast-time-preload.mjs');
  // Something that comes again and again, every minute, comes first.
  const args = ['--import', preload, '--eval', told(ANSWER_MS) + told(60_000)];
  const env = { ...process.env, FAST_TIME: '1000' };
  assert.equal(execFileSync(process.execPath, args, { env, encoding: 'utf8' }), '60000\n');
});
