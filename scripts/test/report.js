import { relative, resolve } from 'node:path';
import { inspect } from 'node:util';
import { root } from '../prepare/clone.js';

const SLOW_MS = 100;
const WHOLE_FILE = 'the file itself';

/**
 * Prints the outcome of checks and of the events of `node:test` as they come, failures in full once more at the end,
 * then what was skipped and why, then the line `N passed, N failed`. With `skipFails` a skipped test is a failed one.
 */
export function createReport({ skipFails }) {
  const failures = [];
  const skipped = [];
  const written = new Map();
  let passed = 0;
  let tests = 0;
  let heading;

  const line = (sign, name, durationMs, nesting = 0, remark = '') => {
    const time = durationMs >= SLOW_MS ? ` (${(durationMs / 1000).toFixed(1)} s)` : '';
    console.log(`${'  '.repeat(nesting)}${sign} ${name}${time}${remark && ` # ${remark}`}`);
  };
  const fail = (where, name, reason) => failures.push({ where, name, reason });

  const finished = (data, failed) => {
    const { name, nesting, details } = data;
    const isFile = nesting === 0 && data.file !== undefined && resolve(root, data.name) === data.file;
    const where = data.file === undefined ? '' : relative(root, data.file);
    if (where !== heading) {
      heading = where;
      console.log(`\n${where}`);
    }
    const reason = data.skip ?? data.todo;
    if (details.type === 'suite' && !failed && reason === undefined) return;
    if (failed && details.error?.failureType === 'subtestsFailed') return;
    if (!isFile) tests += 1;
    if (reason !== undefined) {
      const why = typeof reason === 'string' && reason !== '' ? reason : 'no reason given';
      line('-', name, 0, nesting + 1, why);
      if (skipFails) fail(where, name, `skipped, and REQUIRE_REAL=1 does not allow that: ${why}`);
      else skipped.push({ where, name, why });
    } else if (failed) {
      line('✖', isFile ? WHOLE_FILE : name, details.duration_ms, nesting + 1);
      fail(where, isFile ? WHOLE_FILE : name, textOf(details.error));
    } else if (isFile) {
      line('✖', WHOLE_FILE, 0, 1);
      fail(where, WHOLE_FILE, 'there is no test in it');
    } else {
      line('✔', name, details.duration_ms, nesting + 1);
      passed += 1;
    }
  };

  return {
    check({ name, durationMs, fault }) {
      line(fault === undefined ? '✔' : '✖', name, durationMs);
      if (fault === undefined) passed += 1;
      else fail('', name, fault);
    },
    event({ type, data }) {
      if (type === 'test:pass') finished(data, false);
      else if (type === 'test:fail') finished(data, true);
      else if (type === 'test:stdout' || type === 'test:stderr') {
        written.set(data.file, (written.get(data.file) ?? '') + data.message);
      }
    },
    /** Prints the summary; true when all is well. */
    end() {
      if (tests === 0) fail('', 'npm test', 'no test ran');
      for (const { where, name, reason } of failures) {
        console.log(`\n✖ ${[where, name].filter(Boolean).join(': ')}\n${reason.trimEnd().replace(/^/gm, '  ')}`);
      }
      const failedFiles = new Set(failures.map(({ where }) => where));
      for (const [file, text] of written) {
        if (!failedFiles.has(relative(root, file))) continue;
        console.log(`\nOutput of ${relative(root, file)}\n${text.trimEnd().replace(/^/gm, '  ')}`);
      }
      if (skipped.length > 0) console.log('\nSkipped');
      for (const { where, name, why } of skipped) console.log(`- ${where}: ${name} # ${why}`);
      const tail = skipped.length > 0 ? `, ${skipped.length} skipped` : '';
      console.log(`\n${passed} passed, ${failures.length} failed${tail}`);
      return failures.length === 0;
    },
  };
}

/** What the test threw, without the wrapper and the stack frames of node:test. */
function textOf(error) {
  const thrown = error?.cause ?? error;
  const text = typeof thrown === 'string' ? thrown : inspect(thrown, { depth: 6, breakLength: 120 });
  return text
    .split('\n')
    .filter((line) => !/^\s+at .*\(?node:(internal|async_hooks)/.test(line))
    .join('\n');
}
