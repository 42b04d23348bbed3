// Risk: the position that a restart begins at is not on disk.

import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { test } from 'node:test';
import { errorCode } from '../../../lib/errors.ts';
import { StateFile } from '../../../lib/io/state-file.ts';
import { parseCheckpoint } from '../../../nodes/auth-log-in/checkpoint.ts';
import { Source } from '../../../nodes/auth-log-in/io/source.ts';
import { SourceCheckpoint } from '../../../nodes/auth-log-in/io/source-checkpoint.ts';
import { readSettings } from '../../../nodes/auth-log-in/settings.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { until } from '../../support/until.ts';

test('a position is in the file within a second of being handed on, and not before it is settled', async (t) => {
  const file = new StateFile(temporaryFolder(), 'x', (value) => value as { n: number });
  const checkpoint = new SourceCheckpoint({ file, saved: { n: 0 }, delayMs: () => 900, onFault: assert.ifError });
  t.after(() => checkpoint.close());
  checkpoint.reached(() => ({ n: 1 }));
  const began = performance.now();
  await until(() => file.read()?.n === 1);
  const took = performance.now() - began;
  assert.ok(took >= 850 && took < 1500, `${took} ms`);
});

test('the first position is in the file at once, so that a restart does not begin at another end', async (t) => {
  const file = new StateFile(temporaryFolder(), 'x', (value) => value as { n: number });
  const checkpoint = new SourceCheckpoint({ file, saved: undefined, delayMs: () => 900, onFault: assert.ifError });
  t.after(() => checkpoint.close());
  await checkpoint.begin({ n: 7 });
  assert.deepEqual(file.read(), { n: 7 });
});

test('a position that cannot be written is told once, and lines go on; when it can be again, it is', async (t) => {
  const path = temporaryFolder();
  const log = join(path, 'auth.log');
  const state = join(path, 'infra-monitoring');
  writeFileSync(log, '');
  // A file where the folder should be: nobody, root included, can write into it.
  writeFileSync(state, '');
  const warnings: string[] = [];
  const users: unknown[] = [];
  const settings = readSettings({ file: log }, () => undefined);
  assert.ok('isWanted' in settings);
  const source = new Source({
    settings,
    host: 'h',
    hostRoot: '/',
    state: new StateFile(path, 'x', parseCheckpoint),
    delayMs: () => 900,
    perTurn: () => 32,
    onRecords: (records) => users.push(...records.map(({ user_name }) => user_name)),
    onStatus: () => undefined,
    onWarning: (key, args, cause) => warnings.push(`${key} ${args.file} ${errorCode(cause)}`),
  });
  t.after(() => source.stop());
  await until(() => warnings.length === 1);
  assert.match(warnings[0] ?? '', /^warning.checkpoint .*x\.json E(NOTDIR|EXIST)/);
  const line = '2026-11-23T18:04:20Z web1 sshd[1]: Invalid user a from 192.0.2.7 port 1\n';
  writeFileSync(log, line);
  await until(() => users.length === 1);
  rmSync(state);
  mkdirSync(state);
  const saved = new StateFile(path, 'x', parseCheckpoint);
  const position = (): number | undefined => {
    const checkpoint = saved.read();
    return checkpoint !== undefined && 'file' in checkpoint ? checkpoint.file.files.at(-1)?.position : undefined;
  };
  await until(() => position() === line.length);
  assert.equal(warnings.length, 1);
});
