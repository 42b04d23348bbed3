import assert from 'node:assert/strict';
import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { StateFile } from '../../lib/io/state-file.ts';
import type { InfraRecord } from '../../lib/record.ts';
import { parseCheckpoint } from '../../nodes/auth-log-in/checkpoint.ts';
import { Source } from '../../nodes/auth-log-in/io/source.ts';
import { readSettings } from '../../nodes/auth-log-in/settings.ts';
import { temporaryFolder } from './folder.ts';
import { appendEntries } from './journal.ts';

const MACHINE = '11111111111111111111111111111111';
export interface Heard {
  source: Source;
  records: InfraRecord[];
  users(): string[];
  states: string[];
  warnings: string[];
}

/** A host of the test's own: the journal of `system`, and a file beside it. */
export function newHost() {
  const root = temporaryFolder();
  const folder = join(root, 'var/log/journal', MACHINE);
  mkdirSync(folder, { recursive: true });
  mkdirSync(join(root, 'etc'));
  writeFileSync(join(root, 'etc/machine-id'), `${MACHINE}\n`);
  const authLog = join(root, 'var/log/auth.log');
  let number = 0;
  return {
    root,
    folder,
    authLog,
    userDir: temporaryFolder(),
    /** Adds an entry of sshd to a file of the journal, so many ms ago. Gives the user's name in it. */
    add(agoMs = 0, more: { [name: string]: string | number } = {}, file = 'system.journal'): string {
      number++;
      const micros = (Date.now() - agoMs) * 1000 + number;
      const user = `user${number}`;
      appendEntries(join(folder, file), [
        {
          __REALTIME_TIMESTAMP: micros,
          __MONOTONIC_TIMESTAMP: 1_000_000 + number,
          _BOOT_ID: '33333333333333333333333333333333',
          _MACHINE_ID: MACHINE,
          SYSLOG_FACILITY: 10,
          SYSLOG_IDENTIFIER: 'sshd',
          MESSAGE: `Failed password for ${user} from 192.0.2.7 port 5000 ssh2`,
          ...more,
        },
      ]);
      return user;
    },
    /** Writes lines into auth.log, which was changed so many ms ago. */
    write(agoMs: number, ...users: string[]): void {
      const line = (user: string): string =>
        `${new Date(Date.now() - agoMs).toISOString()} web1 sshd[7]: Failed password for ${user} from 192.0.2.7 port 5000 ssh2\n`;
      writeFileSync(authLog, users.map(line).join(''), { flag: 'a' });
      utimesSync(authLog, new Date(), new Date(Date.now() - agoMs));
    },
  };
}

/** Follows the log of that host, with all that is heard. */
export function follow(t: TestContext, host: ReturnType<typeof newHost>, file = '', checkMs = 100): Heard {
  const settings = readSettings({ file }, () => undefined);
  assert.ok('isWanted' in settings);
  const heard = { records: [] as InfraRecord[], states: [] as string[], warnings: [] as string[] };
  const source = new Source({
    settings,
    host: 'h',
    hostRoot: host.root,
    state: new StateFile(host.userDir, 'auth-log-in-j', parseCheckpoint),
    delayMs: () => 0,
    perTurn: () => 100,
    checkMs,
    onRecords: (records) => heard.records.push(...records),
    onStatus: (state, key, args) => heard.states.push(`${state} ${key} ${args.log} ${args.group ?? ''}`.trim()),
    onWarning: (key, args) => heard.warnings.push(`${key} ${args.log} ${args.group ?? ''}`.trim()),
  });
  t.after(() => source.stop());
  return { ...heard, source, users: () => heard.records.map(({ user_name }) => String(user_name)) };
}
