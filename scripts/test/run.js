// Lint, types, then the tests; the outcome of all of them is the last line and the exit code.
import { existsSync, globSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { root } from '../prepare/clone.js';
import { check } from './check.js';
import { Report } from './report.js';
import { runTestFile } from './test-file.js';

const MINUTE = 60_000;
// Each stage is a list of lanes that run at the same time; the files of a lane run one after the other. A lane that has
// ended helps the others of its stage, from their end on.
const isPure = (place) => /^(unit|flow)\//.test(place);
// These look at memory and at how long an event loop is held: they get the machine for themselves.
const isMeasuring = (place) => /^real\/(stall|overload|handles|bad-input)\//.test(place);
// Browsers, and packages that are installed, wait for the most part for themselves; the real parts wait for theirs.
const isBrowserOrPackage = (place) => /^(editor|package)\//.test(place);
const isReal = (place) => !isPure(place) && !isBrowserOrPackage(place) && !isMeasuring(place);
const stages = [
  { lanes: [isPure, isPure], deadlineMs: 10 * MINUTE },
  { lanes: [isBrowserOrPackage, isReal], deadlineMs: 15 * MINUTE },
  { lanes: [isMeasuring], deadlineMs: 15 * MINUTE },
];

// A file that failed beside others counts as unstable, not as failed, where it then passes this often alone. More files
// than a few have a cause of their own.
const FEW = 3;
const ALONE_TIMES = 3;

// The files' processes are in groups of their own, which no key of a terminal ends.
const stop = new AbortController();
let underWay = 0;
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
]) {
  process.on(signal, () => {
    process.exitCode = code;
    stop.abort();
    if (underWay === 0) process.exit();
  });
}

const files = testFiles(process.argv.slice(2));
const report = new Report({ skipFails: process.env.REQUIRE_REAL === '1' });

const biome = join(root, 'node_modules/@biomejs/biome/bin/biome');
const tsc = join(root, 'node_modules/typescript/bin/tsc');
report.addCheck(await check('lint', [biome, 'check', '--error-on-warnings', '.']));
report.addCheck(await check('types', [tsc, '-p', 'tsconfig.json']));
report.addCheck(await check('types of the editor', [tsc, '-p', 'tsconfig.editor.json']));

const waiting = new Set(files);
for (const { lanes, deadlineMs } of stages) {
  const isOfStage = (place) => lanes.some((belongs) => belongs(place));
  await Promise.all(lanes.map((belongs) => runLane(belongs, isOfStage, deadlineMs, lanes.length > 1)));
}
if (stop.signal.aborted) process.exit();
if (files.length > FEW && report.failedFiles.length <= FEW) {
  for (const place of report.failedFiles) if (await passesAlone(join(root, place))) report.excuse(place);
}
process.exitCode = report.end() ? 0 : 1;

/** Whether the tests of a file pass every time while nothing else runs, so that only the load made them fail. */
async function passesAlone(file) {
  for (let time = 1; time <= ALONE_TIMES; time++) {
    console.log(`\nAgain, alone (${time} of ${ALONE_TIMES}): ${relative(root, file)}`);
    const again = new Report({ skipFails: false });
    await runFile(file, 10 * MINUTE, false, again);
    if (stop.signal.aborted) process.exit();
    if (!again.end()) return false;
  }
  return true;
}

/** Runs the files whose place under `test/` belongs to the lane, one after the other, then those that another lane has left. */
async function runLane(belongs, isOfStage, deadlineMs, isHeld) {
  const place = (file) => relative(join(root, 'test'), file);
  const next = () =>
    [...waiting].find((file) => belongs(place(file))) ?? [...waiting].findLast((file) => isOfStage(place(file)));
  for (let file = next(); file !== undefined && !stop.signal.aborted; file = next()) {
    waiting.delete(file);
    await runFile(file, deadlineMs, isHeld);
  }
}

/** Runs the tests of one file and reports them, all at the end where others run at the same time. */
async function runFile(file, deadlineMs, isHeld, into = report) {
  const held = [];
  const hear = (event) => (isHeld ? held.push(event) : into.addEvent(event));
  underWay += 1;
  const left = await runTestFile(file, { deadlineMs, stop: stop.signal, hear });
  underWay -= 1;
  for (const event of held) into.addEvent(event);
  into.addLeft(file, left);
}

/** The test files that `paths` (files or folders, as typed) stand for; all where none is given. */
function testFiles(paths) {
  const places = paths.length === 0 ? [join(root, 'test')] : paths.map((path) => resolve(path));
  const missing = places.find((place) => !existsSync(place));
  if (missing !== undefined) {
    console.error(`There is no ${missing}`);
    process.exit(1);
  }
  // What takes many minutes is run when it is asked for: `npm run soak`.
  const isSoak = (file) => paths.length === 0 && relative(root, file).startsWith('test/soak');
  const found = places.flatMap((place) =>
    statSync(place).isDirectory() ? globSync('**/*.test.ts', { cwd: place }).map((file) => join(place, file)) : [place],
  );
  return [...new Set(found)].filter((file) => !isSoak(file)).sort();
}
