// How many lines of an auth log one core turns into records, without reading or sending: `node scripts/bench/auth-parse.js`.
// The lines are the cases of the tests, in both forms of stamps, weighted towards what a sshd under attack logs.
import { readdirSync, readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { createLineReader } from '../../dist/nodes/auth-log-in/auth-record.js';

const FIXTURES = new URL('../../test/fixtures/auth-log-in/', import.meta.url);
const ATTACK = /password|invalid|refused/;
const RUNS = 5;

function someLines() {
  const lines = [];
  for (const { name } of readdirSync(FIXTURES, { withFileTypes: true }).filter((entry) => entry.isDirectory())) {
    const found = readFileSync(new URL(`${name}/input.log`, FIXTURES), 'utf8')
      .split('\n')
      .filter(Boolean);
    for (let times = ATTACK.test(name) ? 20 : 1; times > 0; times -= 1) lines.push(...found);
  }
  return lines;
}

/** Lines a second, the median of five runs over `count` lines. */
export function benchParse(count = 1_000_000) {
  const lines = someLines();
  const reader = createLineReader({ host: 'bench', zone: '', rawLine: false });
  const nowMs = Date.now();
  const rates = [];
  for (let run = 0; run < RUNS; run += 1) {
    const began = performance.now();
    for (let n = 0; n < count; n += 1) reader.fromLine(lines[n % lines.length], 'id', nowMs);
    rates.push((count / (performance.now() - began)) * 1000);
  }
  const rate = rates.sort((a, b) => a - b)[Math.floor(RUNS / 2)];
  console.log(`auth lines parsed: ${Math.round(rate).toLocaleString('en')} a second`);
  return rate;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) benchParse();
