import { relative, resolve } from 'node:path';
import { root } from '../prepare/clone.js';

const SLOW_MS = 100;
/** How the reason begins where a test is run on request only: it is not missing. */
const ON_REQUEST = 'on request only: ';
const WHOLE_FILE = 'the file itself';

/**
 * Prints the outcome of checks and of the plain events of tests as they come, failures in full once more at the end,
 * then what was skipped and why, then the line `N passed, N failed`. With `skipFails` a skipped test is a failed one.
 */
export class Report {
  #skipFails;
  #failures = [];
  #skipped = [];
  #unstable = [];
  #left = [];
  /** What each file wrote, by its path. */
  #written = new Map();
  #passed = 0;
  #tests = 0;
  #heading;

  constructor({ skipFails }) {
    this.#skipFails = skipFails;
  }

  addCheck({ name, durationMs, fault }) {
    printLine(fault === undefined ? '✔' : '✖', name, durationMs);
    if (fault === undefined) this.#passed += 1;
    else this.#fail('', name, fault);
  }

  addEvent({ type, data }) {
    if (type === 'test:pass' || type === 'test:fail') this.#addTest(data, type === 'test:fail');
    else if (type === 'test:stdout' || type === 'test:stderr') {
      this.#written.set(data.file, (this.#written.get(data.file) ?? '') + data.message);
    }
  }

  /** What a file left behind: the names of processes, and why its folder for temporary files stays. */
  addLeft(file, { left, stays }) {
    const where = relative(root, file);
    if (left.length > 0) this.#left.push(`${where}: processes that were ended: ${[...new Set(left)].join(', ')}`);
    if (stays !== undefined) this.#left.push(`${where}: its temporary folder stays: ${stays}`);
  }

  /** The files under the root in which a test failed. */
  get failedFiles() {
    return [...new Set(this.#failures.map(({ where }) => where))].filter((where) => where.endsWith('.test.ts'));
  }

  /** The failures of a file are told, but do not count. */
  excuse(file) {
    this.#unstable.push(...this.#failures.filter(({ where }) => where === file));
    this.#failures = this.#failures.filter(({ where }) => where !== file);
  }

  /** Prints the summary; true when all is well. */
  end() {
    if (this.#tests === 0) this.#fail('', 'npm test', 'no test ran');
    for (const failure of this.#failures) printFailure(failure);
    this.#printOutputOfFailed();
    if (this.#unstable.length > 0) console.log('\nUnstable: failed beside others, passed each time alone');
    for (const failure of this.#unstable) printFailure(failure);
    if (this.#left.length > 0) console.log('\nLeft behind');
    for (const words of this.#left) console.log(`- ${words}`);
    if (this.#skipped.length > 0) console.log('\nSkipped');
    for (const { where, name, why } of this.#skipped) console.log(`- ${where}: ${name} # ${why}`);
    const tail = [];
    if (this.#unstable.length > 0) tail.push(`${this.#unstable.length} unstable`);
    if (this.#skipped.length > 0) tail.push(`${this.#skipped.length} skipped`);
    console.log(`\n${[`${this.#passed} passed`, `${this.#failures.length} failed`, ...tail].join(', ')}`);
    return this.#failures.length === 0;
  }

  /** `data` of a test, of a suite, or of a file, which node:test reports like a test of that name. */
  #addTest(data, hasFailed) {
    const { name, nesting, details } = data;
    const isFile = nesting === 0 && data.file !== undefined && resolve(root, name) === data.file;
    const where = data.file === undefined ? '' : relative(root, data.file);
    this.#printHeading(where);
    const skip = data.skip ?? data.todo;
    if (isToldByItsTests(details, hasFailed, skip)) return;
    if (!isFile) this.#tests += 1;
    const shown = isFile ? WHOLE_FILE : name;
    if (skip !== undefined) this.#addSkipped(where, name, nesting, skip);
    else if (hasFailed) {
      printLine('✖', shown, details.durationMs, nesting + 1);
      this.#fail(where, shown, details.fault);
    } else if (isFile) {
      printLine('✖', shown, 0, 1);
      this.#fail(where, shown, 'there is no test in it');
    } else {
      printLine('✔', shown, details.durationMs, nesting + 1);
      this.#passed += 1;
    }
  }

  #addSkipped(where, name, nesting, skip) {
    const why = typeof skip === 'string' && skip !== '' ? skip : 'no reason given';
    printLine('-', name, 0, nesting + 1, why);
    if (this.#skipFails && !why.startsWith(ON_REQUEST))
      this.#fail(where, name, `skipped, and REQUIRE_REAL=1 does not allow that: ${why}`);
    else this.#skipped.push({ where, name, why });
  }

  #fail(where, name, reason) {
    this.#failures.push({ where, name, reason });
  }

  #printHeading(where) {
    if (where === this.#heading) return;
    this.#heading = where;
    console.log(`\n${where}`);
  }

  #printOutputOfFailed() {
    const failedFiles = new Set(this.#failures.map(({ where }) => where));
    for (const [file, text] of this.#written) {
      if (failedFiles.has(relative(root, file))) console.log(`\nOutput of ${relative(root, file)}\n${indent(text)}`);
    }
  }
}

/** Whether the tests inside say it all: a suite that was not skipped, or a test that failed only by its subtests. */
function isToldByItsTests(details, hasFailed, skip) {
  if (hasFailed) return details.failureType === 'subtestsFailed';
  return details.type === 'suite' && skip === undefined;
}

function printLine(sign, name, durationMs, nesting = 0, remark = '') {
  const time = durationMs >= SLOW_MS ? ` (${(durationMs / 1000).toFixed(1)} s)` : '';
  console.log(`${'  '.repeat(nesting)}${sign} ${name}${time}${remark && ` # ${remark}`}`);
}

function printFailure({ where, name, reason }) {
  console.log(`\n✖ ${[where, name].filter(Boolean).join(': ')}\n${indent(reason)}`);
}

function indent(text) {
  return text.trimEnd().replace(/^/gm, '  ');
}
