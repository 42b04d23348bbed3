import { execFileSync } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { InfraRecord } from '../../lib/record.ts';
import register from '../../nodes/auth-log-in/auth-log-in.ts';
import { runFlow } from './flow.ts';
import { program, real } from './real.ts';

const REMOTE = '/lib/systemd/systemd-journal-remote';
const isHere = existsSync(REMOTE) && program('journalctl') !== undefined;
export const present = real('journalctl and systemd-journal-remote (Debian: systemd, systemd-journal-remote)', isHere);

/** A journal of the test's own under a root folder, as systemd keeps it on a host. */
export function createJournal(t: TestContext) {
  const root = mkdtempSync(join(tmpdir(), 'auth-log-journal-'));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  const folder = join(root, 'var/log/journal');
  mkdirSync(folder, { recursive: true });
  let number = 0;
  let rotations = 0;
  const journalFile = (): string => join(folder, `remote-${rotations}.journal`);
  return {
    root,
    /** Adds an entry whose message is `piece` so many `times`, which need not be text. It takes no memory here. */
    addLong(piece: Buffer, times: number): void {
      number++;
      const path = join(root, 'entry');
      const file = openSync(path, 'w');
      const size = Buffer.alloc(8);
      size.writeBigUInt64LE(BigInt(piece.length * times));
      writeSync(file, entry(number, '10', '').replace('MESSAGE=\n\n', 'MESSAGE\n'));
      writeSync(file, size);
      for (let count = 0; count < times; count++) writeSync(file, piece);
      writeSync(file, '\n\n');
      closeSync(file);
      execFileSync(REMOTE, ['-o', journalFile(), path], { stdio: 'ignore' });
    },
    /** Adds `count` lines of sshd, and one of another facility, which is nobody's business here. */
    add(count: number): string[] {
      const users: string[] = [];
      const entries: string[] = [];
      for (let index = 0; index < count; index++) {
        number++;
        users.push(`user${number}`);
        entries.push(
          entry(number, '10', `Failed password for user${number} from 2001:db8::7 port ${1000 + number} ssh2`),
        );
      }
      number++;
      entries.push(entry(number, '3', 'not about authentication'));
      execFileSync(REMOTE, ['-o', journalFile(), '-'], {
        input: entries.join(''),
        stdio: ['pipe', 'ignore', 'ignore'],
      });
      return users;
    },
    /** The next entries go to a new file, as after a rotation. */
    rotate() {
      rotations++;
    },
  };
}

/** Adds entries to a file of a journal, which may be new; each is its fields. A field with a newline is written as bytes. */
export function appendEntries(file: string, entries: readonly { [name: string]: string | number }[]): void {
  const input = entries.map((fields) => Buffer.concat([...Object.entries(fields).map(fieldOf), Buffer.from('\n')]));
  execFileSync(REMOTE, ['-o', file, '-'], { input: Buffer.concat(input), stdio: ['pipe', 'ignore', 'ignore'] });
}

function fieldOf([name, value]: [string, string | number]): Buffer {
  const text = Buffer.from(String(value));
  if (!text.includes('\n')) return Buffer.from(`${name}=${value}\n`);
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([Buffer.from(`${name}\n`), size, text, Buffer.from('\n')]);
}

/** The Journal Export Format, as `journalctl --output=export` prints it. */
function entry(number: number, facility: string, message: string): string {
  const micros = Date.now() * 1000 + number;
  const fields = {
    __REALTIME_TIMESTAMP: micros,
    __MONOTONIC_TIMESTAMP: 1_000_000 + number,
    _BOOT_ID: '0123456789abcdef0123456789abcdef',
    _HOSTNAME: 'web1',
    PRIORITY: 6,
    SYSLOG_FACILITY: facility,
    SYSLOG_IDENTIFIER: 'sshd-session',
    SYSLOG_PID: 4000 + number,
    _UID: 0,
    _EXE: '/usr/sbin/sshd',
    MESSAGE: message,
  };
  return `${Object.entries(fields)
    .map(([name, value]) => `${name}=${value}`)
    .join('\n')}\n\n`;
}

export async function watch(t: TestContext, root: string, userDir: string, file = 'journal') {
  process.env.HOST_ROOT = root;
  t.after(() => delete process.env.HOST_ROOT);
  const flow = await runFlow(
    t,
    [register],
    [
      { id: 'j', z: 'f', type: 'auth-log-in', file, wires: [['out']] },
      { id: 'out', z: 'f', type: 'helper' },
      { id: 's', z: 'f', type: 'status', scope: ['j'], wires: [['state']] },
      { id: 'state', z: 'f', type: 'helper' },
      { id: 'f', type: 'tab' },
    ],
    { userDir },
  );
  const records: InfraRecord[] = [];
  const states: string[] = [];
  flow.node('out').on('input', (msg) => records.push(msg.payload as InfraRecord));
  flow.node('state').on('input', (msg) => states.push((msg as unknown as { status: { text: string } }).status.text));
  return { flow, records, states };
}
