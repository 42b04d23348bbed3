// What `npm test` prints of tests that pass, fail, are skipped, or are none.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { packageRoot } from '../../support/node-red.ts';

const script = `
  import { run } from 'node:test';
  import { plainEvent } from '${packageRoot}scripts/test/plain-event.js';
  import { Report } from '${packageRoot}scripts/test/report.js';
  const [skipFails, ...files] = process.argv.slice(2);
  const report = new Report({ skipFails: skipFails === 'yes' });
  const add = (event) => event === undefined || report.addEvent(event);
  for (const file of files) for await (const event of run({ files: [file] })) add(plainEvent(event));
  process.exitCode = report.end() ? 0 : 1;
`;

/** Reports the tests of one file each. */
function reportOf(t: TestContext, bodies: string[], skipFails = false): { code: number | null; lines: string[] } {
  const folder = mkdtempSync(join(tmpdir(), 'infra-monitoring-report-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const files = bodies.map((body, index) => {
    const file = join(folder, `${index}.test.mjs`);
    writeFileSync(file, `import { test } from 'node:test';\n${body}\n`);
    return file;
  });
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const main = join(folder, 'main.mjs');
  writeFileSync(main, script);
  const args = [main, skipFails ? 'yes' : 'no', ...files];
  const { status, stdout } = spawnSync(process.execPath, args, { encoding: 'utf8', env });
  return { code: status, lines: stdout.trimEnd().split('\n') };
}

test('the last line counts what passed and what failed, and the code is 0 when all passed', (t) => {
  const { code, lines } = reportOf(t, ["test('one', () => {}); test('two', () => {});", "test('three', () => {});"]);
  assert.equal(lines.at(-1), '3 passed, 0 failed');
  assert.equal(code, 0);
});

test('a failure is printed in full with what its file wrote, and what other files wrote is not', (t) => {
  const { code, lines } = reportOf(t, [
    "test('bad', () => { console.log('a hint'); throw new Error('broken', { cause: new Error('deep') }); });",
    "test('good', () => { console.log('chatter'); });",
  ]);
  const text = lines.join('\n');
  assert.equal(lines.at(-1), '1 passed, 1 failed');
  assert.equal(code, 1);
  assert.match(text, /✖ .*0\.test\.mjs: bad\n {2}Error: broken/);
  assert.match(text, /\[cause\]: Error: deep/);
  assert.match(text, /a hint/);
  assert.doesNotMatch(text, /chatter|node:internal/);
});

test('what is run on request only is skipped, whatever real parts are required', (t) => {
  const body = "test('one', () => {}); test('two', { skip: 'on request only: no GRAYLOG_URL' }, () => {});";
  const { code, lines } = reportOf(t, [body], true);
  assert.equal(lines.at(-1), '1 passed, 0 failed, 1 skipped');
  assert.equal(code, 0);
});

test('what was skipped is listed with its reason before the last line', (t) => {
  const { code, lines } = reportOf(t, ["test('one', () => {}); test('two', { skip: 'no sshd here' }, () => {});"]);
  assert.equal(lines.at(-1), '1 passed, 0 failed, 1 skipped');
  assert.match(lines.at(-3) ?? '', /^- .*0\.test\.mjs: two # no sshd here$/);
  assert.equal(code, 0);
});

test('a skipped suite is listed as one', (t) => {
  const body =
    "import { describe } from 'node:test'; describe('all', { skip: 'no registry' }, () => { test('x', () => {}); });";
  const { lines } = reportOf(t, [body, "test('one', () => {});"]);
  assert.equal(lines.at(-1), '1 passed, 0 failed, 1 skipped');
  assert.match(lines.at(-3) ?? '', /: all # no registry$/);
});

test('what was skipped is a failure where every real part must be there', (t) => {
  const { code, lines } = reportOf(
    t,
    ["test('one', () => {}); test('two', { skip: 'no sshd here' }, () => {});"],
    true,
  );
  assert.equal(lines.at(-1), '1 passed, 1 failed');
  assert.match(lines.join('\n'), /REQUIRE_REAL=1 does not allow that: no sshd here/);
  assert.equal(code, 1);
});

test('a test that fails only by its subtests is counted by them', (t) => {
  const body = "test('parent', async (t) => { await t.test('a', () => {}); await t.test('b', () => { throw 1; }); });";
  assert.equal(reportOf(t, [body]).lines.at(-1), '1 passed, 1 failed');
});

test('a file that fails to load and a file without a test are failures', (t) => {
  const { code, lines } = reportOf(t, ["throw new Error('at load');", '']);
  assert.equal(lines.at(-1), '0 passed, 3 failed');
  assert.match(lines.join('\n'), /at load/);
  assert.match(lines.join('\n'), /there is no test in it/);
  assert.equal(code, 1);
});

test('no test at all is a failure', (t) => {
  const { code, lines } = reportOf(t, []);
  assert.equal(lines.at(-1), '0 passed, 1 failed');
  assert.match(lines.join('\n'), /no test ran/);
  assert.equal(code, 1);
});

test('the failures of a file that is excused are printed as unstable and do not count', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'infra-monitoring-report-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const files = ['shaky', 'broken'].map((name) => join(folder, `${name}.test.ts`));
  for (const file of files)
    writeFileSync(file, "import { test } from 'node:test'; test('one', () => { throw new Error('late'); });");
  const main = join(folder, 'main.mjs');
  writeFileSync(main, script.replace('process.exitCode', 'report.excuse(report.failedFiles[0]); process.exitCode'));
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const { status, stdout } = spawnSync(process.execPath, [main, 'no', ...files], { encoding: 'utf8', env });
  assert.match(stdout, /\nUnstable: .*\n\n✖ .*shaky\.test\.ts: one\n {2}Error: late/);
  assert.equal(stdout.trimEnd().split('\n').at(-1), '0 passed, 1 failed, 1 unstable');
  assert.equal(status, 1);
});
