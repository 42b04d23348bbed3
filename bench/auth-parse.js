// How many lines of an auth log one core turns into records, without reading or sending, against the whole of plain.js and
// against its regular expression alone, and what the memory of connections costs: `node bench/auth-parse.js` (after a build).
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ConnectionMemory } from '../dist/nodes/auth-log-in/connections/memory.js';
import { createLineReader } from '../dist/nodes/auth-log-in/message/record.js';
import { runPlain, writeLines } from './chain.js';
import { number } from './measure.js';

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

/** Connections as a usual sshd logs them at its usual level, five lines each. */
function connectionLines() {
  const startMs = Date.UTC(2026, 0, 1);
  const lines = [];
  for (let n = 0; n < 10_000; n += 1) {
    const from = `203.0.113.${n % 256} port ${1024 + n}`;
    for (const text of MESSAGES[n % MESSAGES.length](from, `user${n % 500}`)) {
      const time = new Date(startMs + lines.length * 20).toISOString().replace('Z', '000+00:00');
      lines.push(`${time} bench sshd[${1000 + ((n * 3) % 30_000)}]: ${text}`);
    }
  }
  return lines;
}

const FAILURE = 'pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser=';
const MESSAGES = [
  (from, user) => [
    `Invalid user ${user} from ${from}`,
    'pam_unix(sshd:auth): check pass; user unknown',
    `${FAILURE} rhost=${from.split(' ')[0]} `,
    `Failed password for invalid user ${user} from ${from} ssh2`,
    `Connection closed by invalid user ${user} ${from} [preauth]`,
  ],
  (from) => [
    `${FAILURE} rhost=${from.split(' ')[0]}  user=root`,
    `Failed password for root from ${from} ssh2`,
    `Failed password for root from ${from} ssh2`,
    `Received disconnect from ${from}:11: Bye Bye [preauth]`,
    `Disconnected from authenticating user root ${from} [preauth]`,
  ],
  (from) => [
    `Accepted publickey for alice from ${from} ssh2: ED25519 SHA256:${'abcdefg'.repeat(6)}0`,
    'pam_unix(sshd:session): session opened for user alice(uid=1000) by (uid=0)',
    `Received disconnect from ${from}:11: disconnected by user`,
    `Disconnected from user alice ${from}`,
    'pam_unix(sshd:session): session closed for user alice',
  ],
];

/** Lines a second of processor time of each, so that other programs count little; they take turns, and the best run counts. */
function rates(parsers, count) {
  const best = {};
  for (let run = 0; run < RUNS; run += 1) {
    for (const [name, lines, newParser] of parsers) {
      const parse = newParser();
      const before = process.cpuUsage();
      for (let n = 0; n < count; n += 1) parse(lines[n % lines.length]);
      const { user, system } = process.cpuUsage(before);
      best[name] = Math.max(best[name] ?? 0, (count / (user + system)) * 1e6);
    }
  }
  return best;
}

function plainParse(line) {
  const [, time, host, pid, word, method, user, ip, port] = LINE.exec(line) ?? [];
  return { host, time: Date.parse(time), word, method, user, ip, pid: Number(pid), port: Number(port) };
}

/** Lines a second of processor time of the whole of plain.js, which also reads them and sends documents. */
async function plainScriptRate(count) {
  const folder = mkdtempSync(join(tmpdir(), 'infra-monitoring-bench-'));
  try {
    const file = join(folder, 'auth.log');
    writeLines(file, count);
    let best = 0;
    for (let run = 0; run < RUNS; run += 1) best = Math.max(best, 1e6 / (await runPlain(file, count)).cpu);
    return best;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Prints the rates of `count` lines a run and their ratios, and gives the rates. */
export async function benchParse(count = 500_000) {
  const nowMs = Date.now();
  const parsing = (hasMemory) => () => {
    const reader = createLineReader({ host: 'bench', zone: '', rawLine: false });
    if (!hasMemory) return (line) => reader.fromLine(line, 'id', nowMs);
    const memory = new ConnectionMemory();
    return (line) => memory.note(reader.fromLine(line, 'id', nowMs), reader.fields);
  };
  const [attack, connections, all] = [attackLines(), connectionLines(), allLines()];
  const best = rates(
    [
      ['parsing failed logins', attack, parsing(false)],
      ['one regular expression', attack, () => plainParse],
      ['parsing connections', connections, parsing(false)],
      ['the same with the memory', connections, parsing(true)],
      ['parsing every kind of line', all, parsing(false)],
      ['all kinds with the memory', all, parsing(true)],
    ],
    count,
  );
  best['the whole plain script'] = await plainScriptRate(count);
  for (const [name, value] of Object.entries(best)) {
    console.log(`${name.padEnd(28)} ${number(value).padStart(9)} lines per CPU second`);
  }
  const ratio = (name, of) => `${number(best[name] / best[of], 2)} times ${of}`;
  const memoryMs = 1e6 / best['the same with the memory'] - 1e6 / best['parsing connections'];
  console.log(
    `parsing failed logins: ${ratio('parsing failed logins', 'the whole plain script')}; to be at least 1.75`,
  );
  console.log(
    `with the memory: ${ratio('the same with the memory', 'parsing connections')}; ${number(memoryMs, 2)} µs a line`,
  );
  return best;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await benchParse(process.argv[2] && Number(process.argv[2]));
  process.exit(0);
}
