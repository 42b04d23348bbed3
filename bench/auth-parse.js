// How many lines of an auth log one core turns into records, without reading or sending, against the one regular
// expression of plain.js in the same run: `node bench/auth-parse.js` (after a build).
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createLineReader } from '../dist/nodes/auth-log-in/message/record.js';

const FIXTURES = new URL('../test/fixtures/auth-log-in/', import.meta.url);
const RUNS = 5;
const LINE =
  /^(\S+) (\S+) sshd\[(\d+)\]: (Failed|Accepted) (\S+) for (?:invalid user )?(.*) from (\S+) port (\d+) ssh2$/;

/** What a sshd under attack logs most. */
function attackLines() {
  const startMs = Date.UTC(2026, 0, 1);
  return Array.from({ length: 50_000 }, (_, n) => {
    const time = new Date(startMs + n * 10).toISOString().replace('Z', '000+00:00');
    const user = n % 3 === 0 ? `invalid user user${n % 500}` : 'root';
    const from = `from 203.0.113.${n % 256} port ${1024 + n} ssh2`;
    return `${time} bench sshd[${1000 + (n % 30_000)}]: Failed password for ${user} ${from}`;
  });
}

/** Every line of the tests' cases. */
function allLines() {
  return readdirSync(FIXTURES, { withFileTypes: true })
    .filter(({ name }) => existsSync(new URL(`${name}/input.log`, FIXTURES)))
    .flatMap(({ name }) =>
      readFileSync(new URL(`${name}/input.log`, FIXTURES), 'utf8')
        .split('\n')
        .filter(Boolean),
    );
}

/** Lines a second of processor time, so that other programs count little; the best of several runs. */
function rate(lines, parse, count) {
  let best = 0;
  for (let run = 0; run < RUNS; run += 1) {
    const before = process.cpuUsage();
    for (let n = 0; n < count; n += 1) parse(lines[n % lines.length]);
    const { user, system } = process.cpuUsage(before);
    best = Math.max(best, (count / (user + system)) * 1e6);
  }
  return best;
}

function plainParse(line) {
  const [, time, host, pid, word, method, user, ip, port] = LINE.exec(line) ?? [];
  return { host, time: Date.parse(time), word, method, user, ip, pid: Number(pid), port: Number(port) };
}

/** Prints the rates of `count` lines a run, and gives them. */
export function benchParse(count = 500_000) {
  const reader = createLineReader({ host: 'bench', zone: '', rawLine: false });
  const nowMs = Date.now();
  const parse = (line) => reader.fromLine(line, 'id', nowMs);
  const rates = {
    'this package, failed logins': rate(attackLines(), parse, count),
    'one regular expression, the same': rate(attackLines(), plainParse, count),
    'this package, every kind of line': rate(allLines(), parse, count),
  };
  for (const [name, value] of Object.entries(rates)) {
    console.log(`${name.padEnd(34)} ${Math.round(value).toLocaleString('en').padStart(9)} lines per CPU second`);
  }
  return rates;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) benchParse();
