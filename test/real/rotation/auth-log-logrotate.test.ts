// Risk: the real logrotate, with its ways to rotate.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { appendFileSync, chmodSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { StateFile } from '../../../lib/io/state-file.ts';
import { parseCheckpoint } from '../../../nodes/auth-log-in/checkpoint.ts';
import { Source } from '../../../nodes/auth-log-in/io/source.ts';
import { readSettings } from '../../../nodes/auth-log-in/settings.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { program, real } from '../../support/real.ts';
import { until } from '../../support/until.ts';

const run = promisify(execFile);
const logrotate = program('logrotate');

const WAYS: { [name: string]: string[] } = {
  'create and compress at once': ['create', 'compress'],
  'create and compress later': ['create', 'compress', 'delaycompress'],
  'create with dates in the names': ['create', 'dateext', 'dateformat -%Y%m%d-%s'],
  'create with dates of another form': ['create', 'dateext', 'dateformat _%Y%m%d-%s'],
  'create with the seconds since the epoch': ['create', 'dateext', 'dateformat -%s'],
  'create and compress with xz': ['create', 'compress', 'compresscmd /usr/bin/xz', 'compressext .xz'],
  'create and move to an archive': [
    'create',
    'olddir archive',
    'createolddir 755 root root',
    'dateext',
    'dateformat .%Y-%m-%d-%s',
  ],
  copytruncate: ['copytruncate'],
  'copytruncate and compress at once': ['copytruncate', 'compress'],
};

/** A log that logrotate rotates as the words of its configuration say. */
function createLog(words: string[]) {
  const folder = temporaryFolder();
  chmodSync(folder, 0o755);
  const file = join(folder, 'auth.log');
  const config = join(folder, 'logrotate.conf');
  writeFileSync(config, `${file} {\n  rotate 9\n  ${words.join('\n  ')}\n}\n`, { mode: 0o644 });
  writeFileSync(file, '');
  const written: string[] = [];
  return {
    folder,
    file,
    /** The users of its lines, in order. */
    written,
    write(): void {
      for (let line = 0; line < 50; line++) {
        const user = `user${written.length}`;
        written.push(user);
        appendFileSync(file, `2026-11-23T18:04:20Z web1 sshd[1]: Invalid user ${user} from 192.0.2.7 port 1\n`);
      }
    },
    async rotate(): Promise<void> {
      // It rotates to no name that is there already: one with seconds in it is free when they are over.
      await until(
        () =>
          !readdirSync(folder, { recursive: true }).some((name) =>
            String(name).endsWith(`-${Math.floor(Date.now() / 1000)}`),
          ),
      );
      await run(String(logrotate), ['--force', '--state', join(folder, 'state'), config]);
    },
  };
}

/** Starts a reader of `file` that puts the user of each line into `users`, and waits until it follows. */
async function startReader(t: TestContext, folder: string, file: string, users: Map<string, unknown>): Promise<Source> {
  const settings = readSettings({ file, archive: join(folder, 'archive') }, () => undefined);
  assert.ok('isWanted' in settings);
  let isFollowing = false;
  const source = new Source({
    settings,
    host: 'h',
    hostRoot: '/',
    state: new StateFile(folder, 'x', parseCheckpoint),
    delayMs: () => 900,
    perTurn: () => 32,
    onRecords: (records) => {
      for (const { event_id, user_name } of records) users.set(event_id, user_name);
    },
    onStatus: (state) => {
      isFollowing ||= state === 'ok';
    },
    onWarning: (key) => assert.fail(key),
  });
  t.after(() => source.stop());
  await until(() => isFollowing);
  return source;
}

for (const [name, words] of Object.entries(WAYS)) {
  test(
    `nothing is lost to the real logrotate: ${name}, also while the reader is stopped`,
    real('logrotate', logrotate !== undefined),
    async (t) => {
      const { folder, file, written, write, rotate } = createLog(words);
      const users = new Map<string, unknown>();
      const all = (): Promise<void> =>
        until(
          () => users.size >= written.length,
          15_000,
          () => `${users.size} of ${written.length}`,
        );

      const first = await startReader(t, folder, file, users);
      for (let times = 0; times < 3; times++) {
        write();
        await rotate();
      }
      write();
      await all();
      await first.stop();
      write();
      await rotate();
      write();
      await rotate();
      write();
      await startReader(t, folder, file, users);
      write();
      await all();
      // Whole generations of the file can change places when several rotations with packing follow within a tenth of a second.
      assert.deepEqual([...users.values()].sort(), written.toSorted());
    },
  );
}
