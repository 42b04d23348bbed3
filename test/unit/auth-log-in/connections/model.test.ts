import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { InfraRecord } from '../../../../lib/record.ts';
import { ConnectionMemory } from '../../../../nodes/auth-log-in/connections/memory.ts';
import { parseMemory } from '../../../../nodes/auth-log-in/connections/saved.ts';
import { createLineReader } from '../../../../nodes/auth-log-in/message/record.ts';

/**
 * A model of a host: connections come and go under process numbers that are given out again at once, from clients that use
 * their ports again, and the lines of those that are there at a time are mixed. Each connection knows its lines and how
 * many failed logins it makes.
 */
interface Life {
  process: number;
  client: number;
  port: number;
  user: number;
  kind: 'password' | 'key' | 'answers' | 'scan' | 'login' | 'session' | 'su';
  guesses: number;
  isInvalid: boolean;
  isVerbose: boolean;
  /** It ends without a word, as after SIGKILL. */
  isCut: boolean;
}

interface Line {
  life: number;
  text: string;
}

const life: fc.Arbitrary<Life> = fc.record({
  process: fc.integer({ min: 2, max: 5 }),
  client: fc.integer({ min: 1, max: 3 }),
  port: fc.integer({ min: 1000, max: 1003 }),
  user: fc.integer({ min: 0, max: 2 }),
  kind: fc.constantFrom('password', 'key', 'answers', 'scan', 'login', 'session', 'su'),
  guesses: fc.integer({ min: 1, max: 3 }),
  isInvalid: fc.boolean(),
  isVerbose: fc.boolean(),
  isCut: fc.boolean(),
});

interface Told {
  lines: string[];
  /** What the process says last, where it can. */
  end: string[];
  failures: number;
}

/** What a program writes of it under its number, and how many failed logins that are. */
const TOLD: { [kind in Life['kind']]: (one: Life, at: string, user: string) => Told } = {
  su: ({ isCut }, _at, user) => ({
    lines: [
      `su[N]: pam_unix(su:auth): authentication failure; logname=${user} uid=1000 euid=0 tty=pts/0 ruser=${user} rhost=  user=root`,
    ],
    end: [`su[N]: FAILED SU (to root) ${user} on pts/0`],
    failures: isCut ? 0 : 1,
  }),
  scan: (_one, at) => ({ lines: [], end: [`Connection closed by ${at} [preauth]`], failures: 0 }),
  login: (one, at, user) => ({ lines: opened(one, at, user), end: closedSession(at, user), failures: 0 }),
  session: (one, at, user) => ({
    lines: [...opened(one, at, user), `Received disconnect from ${at}:11: disconnected by user`],
    end: closedSession(at, user),
    failures: 0,
  }),
  key: (one, at, user) => ({
    lines: one.isVerbose ? [`Failed publickey for ${named(one, user)} from ${at} ssh2: RSA SHA256:abc`] : [],
    end: [refused(one, at, user)],
    failures: one.isCut ? 0 : 1,
  }),
  answers: (one, at, user) => ({
    lines: Array.from({ length: one.guesses }, (_, n) => [
      `error: PAM: Authentication failure for ${one.isInvalid ? 'illegal user ' : ''}${user} from ${at.split(' ')[0]}`,
      ...(one.isInvalid || n > 1 ? [`Failed keyboard-interactive/pam for ${named(one, user)} from ${at} ssh2`] : []),
    ]).flat(),
    end: [refused(one, at, user)],
    failures: one.guesses,
  }),
  password: (one, at, user) => {
    const tail = `logname= uid=0 euid=0 tty=ssh ruser= rhost=${at.split(' ')[0]}${one.isInvalid ? '' : `  user=${user}`}`;
    const more = one.guesses > 1 ? [`PAM ${one.guesses - 1} more authentication failures; ${tail}`] : [];
    return {
      lines: Array.from({ length: one.guesses }, (_, n) => [
        ...(one.isInvalid ? ['pam_unix(sshd:auth): check pass; user unknown'] : []),
        ...(n === 0 ? [`pam_unix(sshd:auth): authentication failure; ${tail}`] : []),
        `Failed password for ${named(one, user)} from ${at} ssh2`,
      ]).flat(),
      end: [refused(one, at, user), ...more],
      failures: one.guesses,
    };
  },
};

function named({ isInvalid }: Life, user: string): string {
  return isInvalid ? `invalid user ${user}` : user;
}

function refused({ isInvalid }: Life, at: string, user: string): string {
  return `Connection closed by ${isInvalid ? 'invalid' : 'authenticating'} user ${user} ${at} [preauth]`;
}

function opened({ isVerbose }: Life, at: string, user: string): string[] {
  return [
    ...(isVerbose ? [`Failed publickey for ${user} from ${at} ssh2: RSA SHA256:abc`] : []),
    `Accepted publickey for ${user} from ${at} ssh2: ED25519 SHA256:abc`,
    `pam_unix(sshd:session): session opened for user ${user}(uid=1000) by (uid=0)`,
  ];
}

function closedSession(at: string, user: string): string[] {
  return [`Disconnected from user ${user} ${at}`, `pam_unix(sshd:session): session closed for user ${user}`];
}

function linesOf(one: Life): { lines: string[]; failures: number } {
  const at = `192.0.2.${one.client} port ${one.port}`;
  const user = `user${one.user}`;
  const { lines, end, failures } = TOLD[one.kind](one, at, user);
  const isRefused = ['password', 'key', 'answers'].includes(one.kind);
  const before = [
    ...(one.isVerbose && one.kind !== 'su' ? [`Connection from ${at} on 192.0.2.100 port 22 rdomain ""`] : []),
    ...(one.isInvalid && isRefused ? [`Invalid user ${user} from ${at}`] : []),
  ];
  return { lines: [...before, ...lines, ...(one.isCut ? [] : end)], failures };
}

/** A host that has run for a while: it is known that its programs tell their refusals. */
const BEFORE = [
  'sshd[1]: Failed password for root from 192.0.2.200 port 1 ssh2',
  'su[1]: FAILED SU (to root) bob on pts/9',
];

/**
 * The log. Several are there at a time, with different numbers and different ends of their connections. A number is given
 * out again `gapMs` after its process has ended: a kernel goes round all others first.
 */
function logOf(lives: Life[], picks: number[], gapMs: number): { log: (Line & { atMs: number })[] } {
  const log: (Line & { atMs: number })[] = [];
  const waiting = lives
    .map((one, index) => ({ one, index, lines: linesOf(one).lines }))
    .filter(({ lines }) => lines.length > 0);
  let running: { one: Life; index: number; lines: string[] }[] = [];
  let atMs = Date.parse('2026-11-23T18:00:00Z');
  for (let pick = 0; waiting.length > 0 || running.length > 0; pick++) {
    const [next] = waiting;
    const isFree =
      next !== undefined &&
      running.every(
        ({ one }) => one.process !== next.one.process && (one.client !== next.one.client || one.port !== next.one.port),
      );
    const choice = picks[pick % picks.length] ?? 0;
    if (isFree && (running.length === 0 || choice % 2 === 0)) {
      running.push(next);
      waiting.shift();
      continue;
    }
    const each = running[choice % running.length];
    if (each === undefined) break;
    const text = each.lines.shift() ?? '';
    atMs += 10;
    const prefix = text.startsWith('su[N]')
      ? text.replace('[N]', `[${each.one.process}]`)
      : `sshd[${each.one.process}]: ${text}`;
    log.push({ life: each.index, text: prefix, atMs });
    if (each.lines.length > 0) continue;
    running = running.filter((other) => other !== each);
    atMs += gapMs;
  }
  return { log };
}

function read(log: { text: string; atMs: number }[], restartAt = -1): InfraRecord[] {
  const reader = createLineReader({ host: 'h', zone: 'UTC', rawLine: false });
  let memory = new ConnectionMemory();
  for (const text of BEFORE) memory.note(reader.fromLine(`2026-11-23T17:00:00Z web1 ${text}`, 'before', 0));
  return log.map(({ text, atMs }, at) => {
    if (at === restartAt) memory = new ConnectionMemory(parseMemory(JSON.parse(JSON.stringify(memory.save()))));
    const record = reader.fromLine(`${new Date(atMs).toISOString()} web1 ${text}`, `${at}`, atMs);
    memory.note(record);
    return record;
  });
}

const lives = fc.array(life, { minLength: 1, maxLength: 12 });
const picks = fc.array(fc.nat(7), { minLength: 1, maxLength: 40 });

/** Where lines of several lives have the same id, or one life several, as text; empty where all is right. */
function wronglyJoined(log: Line[], records: InfraRecord[]): string {
  const lifeOf = new Map<unknown, number>();
  for (const [at, { life: index }] of log.entries()) {
    const id = records[at]?.connection_id;
    const other = lifeOf.get(id);
    if (other !== undefined && other !== index)
      return log.map(({ text, life: of }, n) => `${of} ${records[n]?.connection_id} ${text}`).join('\n');
    lifeOf.set(id, index);
  }
  return '';
}

test('no two connections are ever joined, though their process numbers are given out again at once', () => {
  fc.assert(
    fc.property(lives, picks, (all, order) => {
      // Of those that end without a word nothing tells that they have: see the next test.
      const { log } = logOf(
        all.map((one) => ({ ...one, isCut: false })),
        order,
        0,
      );
      assert.equal(wronglyJoined(log, read(log)), '');
    }),
    { numRuns: 400 },
  );
});

test('nor are those that end without a word, once their numbers can have gone round', () => {
  fc.assert(
    fc.property(lives, picks, (all, order) => {
      const { log } = logOf(all, order, 151_000);
      assert.equal(wronglyJoined(log, read(log)), '');
    }),
    { numRuns: 400 },
  );
});

test('the sum over all records is the number of failed logins, and every line of a connection has its id', () => {
  fc.assert(
    fc.property(lives, picks, (all, order) => {
      const whole = all.map((one) => ({ ...one, isCut: false }));
      const { log } = logOf(whole, order, 0);
      const records = read(log);
      const sum = records.reduce((total, { login_failures = 0 }) => total + Number(login_failures), 0);
      const text = log.map((line, at) => `${line.life} ${records[at]?.login_failures ?? 0} ${line.text}`).join('\n');
      assert.equal(
        sum,
        whole.reduce((total, one) => total + linesOf(one).failures, 0),
        text,
      );
      for (const index of whole.keys()) {
        const ids = new Set(
          records.filter((_, at) => log[at]?.life === index).map(({ connection_id }) => connection_id),
        );
        assert.equal(ids.size, 1, text);
      }
    }),
    { numRuns: 400 },
  );
});

test('a restart anywhere changes no record', () => {
  fc.assert(
    fc.property(lives, picks, fc.nat(60), (all, order, restart) => {
      const { log } = logOf(all, order, 0);
      assert.deepEqual(read(log, restart % (log.length + 1)), read(log));
    }),
    { numRuns: 200 },
  );
});
