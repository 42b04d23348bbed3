import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { appendFileSync, chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { Source } from '../../../nodes/auth-log-in/io/source.ts';
import { readSettings } from '../../../nodes/auth-log-in/settings.ts';
import { program, real } from '../../support/real.ts';
import { until } from '../../support/until.ts';

const run = promisify(execFile);
const logrotate = program('logrotate');

const WAYS: { [name: string]: string[] } = {
  'create and compress at once': ['create', 'compress'],
  'create and compress later': ['create', 'compress', 'delaycompress'],
  'create with dates in the names': ['create', 'dateext', 'dateformat -%Y%m%d-%s'],
  copytruncate: ['copytruncate'],
  'copytruncate and compress at once': ['copytruncate', 'compress'],
};

for (const [name, words] of Object.entries(WAYS)) {
  test(
    `nothing is lost to the real logrotate: ${name}, also while the reader is stopped`,
    real('logrotate', logrotate !== undefined),
    async (t) => {
      const folder = mkdtempSync(join(tmpdir(), 'auth-log-logrotate-'));
      t.after(() => rmSync(folder, { recursive: true, force: true }));
      chmodSync(folder, 0o755);
      const file = join(folder, 'auth.log');
      const config = join(folder, 'logrotate.conf');
      writeFileSync(config, `${file} {\n  rotate 9\n  ${words.join('\n  ')}\n}\n`, { mode: 0o644 });
      const written: string[] = [];
      const write = (): void => {
        for (let line = 0; line < 50; line++) {
          written.push(`user${written.length}`);
          appendFileSync(
            file,
            `2026-11-23T18:04:20Z web1 sshd[1]: Invalid user ${written.at(-1)} from 192.0.2.7 port 1\n`,
          );
        }
      };
      const rotate = async (): Promise<void> => {
        await run(String(logrotate), ['--force', '--state', join(folder, 'state'), config]);
        const second = Math.floor(Date.now() / 1000);
        // Names with seconds in them need a new second each.
        if (words.includes('dateext')) await until(() => Math.floor(Date.now() / 1000) > second);
      };
      const users = new Map<string, unknown>();
      const settings = readSettings({ file }, () => undefined);
      assert.ok('isWanted' in settings);
      const start = async (): Promise<Source> => {
        let isFollowing = false;
        const source = new Source({
          settings,
          host: 'h',
          hostRoot: '/',
          userDir: folder,
          name: 'x',
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
      };
      const all = (): Promise<void> =>
        until(
          () => users.size >= written.length,
          15_000,
          () => `${users.size} of ${written.length}`,
        );

      writeFileSync(file, '');
      const first = await start();
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
      await start();
      write();
      await all();
      // Whole generations of the file can change places when several rotations with packing follow within a tenth of a second.
      assert.deepEqual([...users.values()].sort(), written.toSorted());
    },
  );
}
