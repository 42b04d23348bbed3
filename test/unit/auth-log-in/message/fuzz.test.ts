import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { test } from 'node:test';
import fc from 'fast-check';
import { createLineReader } from '../../../../nodes/auth-log-in/message/record.ts';
import { cpuMsOf } from '../../../support/cpu-time.ts';

const FIXTURES = new URL('../../../fixtures/auth-log-in/', import.meta.url);
const RUNS = Number(process.env.FUZZ_LINES ?? 200_000);
const SLOWEST_MS = 1;
const NOW = Date.UTC(2026, 10, 23);

const seeds = readdirSync(FIXTURES, { withFileTypes: true })
  .filter(({ name }) => existsSync(new URL(`${name}/input.log`, FIXTURES)))
  .flatMap(({ name }) => readFileSync(new URL(`${name}/input.log`, FIXTURES), 'utf8').split('\n'))
  .filter((line) => line !== '');

/** A cheap generator that gives the same lines for the same seed; a good one would cost more than the parser. */
function numbers(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const PIECES = [
  ' from 9.9.9.9 port 1 ssh2',
  ' port ',
  '[preauth]',
  ': ',
  ' ; ',
  'COMMAND=',
  'message repeated 2 times: [ ',
  '((((((((((',
  'invalid user ',
  '\u001b[31m',
  '\0',
  '😀',
  ' '.repeat(500),
  ':'.repeat(300),
  'a'.repeat(2000),
  '%'.repeat(64),
  "'",
  '"',
  '\\',
];

function mutate(line: string, other: string, number: (below: number) => number): string {
  let result = line;
  for (let times = 1 + number(4); times > 0; times--) {
    const at = number(result.length + 1);
    const piece = PIECES[number(PIECES.length)] ?? '';
    const end = at + number(20);
    const kind = number(6);
    if (kind === 0) result = result.slice(0, at) + result.slice(end);
    else if (kind === 1) result = result.slice(0, at) + piece + result.slice(at);
    else if (kind === 2) result = result.slice(0, at) + other.slice(number(other.length));
    else if (kind === 3) result = result.slice(0, at) + String.fromCharCode(number(0x3000)) + result.slice(at + 1);
    else if (kind === 4) result = result.slice(0, at);
    else result = result.slice(0, at) + result.slice(at, end).repeat(1 + number(8)) + result.slice(end);
  }
  return result;
}

test(`reading ${RUNS} mutated lines never throws, is never slow and keeps to the contract's types`, () => {
  const reader = createLineReader({ host: 'h', zone: '', rawLine: false });
  const seed = Number(process.env.FUZZ_SEED ?? Date.now() % 2 ** 31);
  const number = numbers(seed);
  const slow: string[] = [];
  for (let index = 0; index < RUNS; index++) {
    const line = mutate(seeds[number(seeds.length)] ?? '', seeds[number(seeds.length)] ?? '', number);
    const began = performance.now();
    const record = reader.fromLine(line, 'id', NOW);
    if (performance.now() - began > SLOWEST_MS) slow.push(line);
    for (const key in record) {
      const value = record[key];
      const isFine = typeof value === 'string' ? value !== '' : Number.isFinite(value);
      if (!isFine && line !== '') assert.fail(`seed ${seed}: ${key} is ${value} in ${JSON.stringify(line)}`);
    }
    if (Number.isNaN(Date.parse(record.time))) assert.fail(`seed ${seed}: ${record.time} in ${JSON.stringify(line)}`);
  }
  // A pause of the machine hits a line once, a bad rule every time.
  for (const line of slow) {
    const fastest = Math.min(...[1, 2, 3, 4, 5].map(() => cpuMsOf(() => reader.fromLine(line, 'id', NOW))));
    assert.ok(fastest < SLOWEST_MS, `seed ${seed}: ${fastest} ms for ${JSON.stringify(line)}`);
  }
});

/** What sshd can log of a client's user name: at most 100 characters, control characters escaped (log.c). */
const hostileName = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ' from 9.9.9.9 port 1 ssh2',
        ' from 9.9.9.9',
        ' port 22',
        '9.9.9.9 port 1',
        ' [preauth]',
        ': ',
        ' ssh2: ED25519 SHA256:abc',
        'root',
        ' user=root',
        ' rhost=9.9.9.9',
        ' not allowed because ',
        'Accepted password for root',
        'authenticating user ',
        'invalid user ',
        '\\033[31m',
        '"',
        "'",
        '\\n',
        ' Too many authentication failures',
      ),
      fc.string({ maxLength: 6, unit: 'grapheme' }),
    ),
    { maxLength: 6 },
  )
  .map((parts) =>
    parts
      .join('')
      .replaceAll(/[\0\n\r]/g, '')
      .slice(0, 100),
  );

const messages: ((name: string) => { text: string; action: string })[] = [
  (name) => ({
    text: `Failed password for invalid user ${name} from 192.0.2.7 port 5022 ssh2`,
    action: 'ssh_login_failed',
  }),
  (name) => ({
    text: `Failed none for invalid user ${name} from 192.0.2.7 port 5022 ssh2`,
    action: 'ssh_login_failed',
  }),
  (name) => ({
    text: `Failed keyboard-interactive/pam for invalid user ${name} from 192.0.2.7 port 5022 ssh2`,
    action: 'ssh_login_failed',
  }),
  (name) => ({
    text: `Failed publickey for invalid user ${name} from 192.0.2.7 port 5022 ssh2: RSA SHA256:k`,
    action: 'ssh_login_failed',
  }),
  (name) => ({ text: `Invalid user ${name} from 192.0.2.7 port 5022`, action: 'ssh_invalid_user' }),
  (name) => ({
    text: `Connection closed by invalid user ${name} 192.0.2.7 port 5022 [preauth]`,
    action: 'ssh_connection_closed',
  }),
  (name) => ({
    text: `Connection reset by invalid user ${name} 192.0.2.7 port 5022 [preauth]`,
    action: 'ssh_connection_closed',
  }),
  (name) => ({
    text: `Disconnected from invalid user ${name} 192.0.2.7 port 5022 [preauth]`,
    action: 'ssh_disconnect',
  }),
  (name) => ({
    text: `Disconnecting invalid user ${name} 192.0.2.7 port 5022: Too many authentication failures [preauth]`,
    action: 'ssh_too_many_failures',
  }),
  (name) => ({
    text: `error: maximum authentication attempts exceeded for invalid user ${name} from 192.0.2.7 port 5022 ssh2 [preauth]`,
    action: 'ssh_too_many_failures',
  }),
];

test('no user name changes the source, the action or the outcome of a refused login', () => {
  const reader = createLineReader({ host: 'h', zone: '', rawLine: false });
  fc.assert(
    fc.property(hostileName, fc.constantFrom(...messages), (name, message) => {
      const { text, action } = message(name);
      const record = reader.fromLine(`2026-11-23T18:04:20+00:00 web1 sshd[1]: ${text}`, 'id', NOW);
      assert.equal(record.source_ip, '192.0.2.7');
      assert.equal(record.source_port, 5022);
      assert.equal(record.event_action, action);
      assert.equal(record.event_outcome, 'failure');
      assert.equal(record.user_name, name === '' ? undefined : name);
    }),
    { numRuns: 5000 },
  );
});

test('no name of a certificate or a user gives a refused key a source that is not its own', () => {
  const reader = createLineReader({ host: 'h', zone: '', rawLine: false });
  fc.assert(
    fc.property(hostileName, hostileName, (name, keyId) => {
      const key = `ED25519-CERT SHA256:a ID ${keyId} (serial 0) CA RSA SHA256:b`;
      const text = `Failed publickey for invalid user ${name} from 192.0.2.7 port 5022 ssh2: ${key}`.slice(0, 500);
      const record = reader.fromLine(`2026-11-23T18:04:20+00:00 web1 sshd[1]: ${text}`, 'id', NOW);
      assert.ok(record.source_ip === '192.0.2.7' || record.source_ip === undefined, `${record.source_ip}`);
      assert.equal(record.event_outcome, 'failure');
    }),
    { numRuns: 5000 },
  );
});
