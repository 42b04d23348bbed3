import assert from 'node:assert/strict';
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { StateFile } from '../../../../lib/io/state-file.ts';
import type { InfraRecord } from '../../../../lib/record.ts';
import { parseCheckpoint } from '../../../../nodes/auth-log-in/checkpoint.ts';
import { FileSource } from '../../../../nodes/auth-log-in/io/file-source.ts';
import { readSettings } from '../../../../nodes/auth-log-in/settings.ts';
import { temporaryFolder } from '../../../support/folder.ts';
import { until } from '../../../support/until.ts';

const FROM = 'from 192.0.2.7 port 5022';

test('what a restart reads again has the connection and the count that it had, and a sum without repeats is right', async () => {
  const folder = temporaryFolder();
  const log = join(folder, 'auth.log');
  writeFileSync(log, '');
  const settings = readSettings({ file: log }, () => undefined);
  assert.ok('isWanted' in settings);
  const records: InfraRecord[] = [];
  const open = (delayMs: number): FileSource =>
    new FileSource(
      {
        settings,
        host: 'h',
        hostRoot: '/',
        state: new StateFile(folder, 'x', parseCheckpoint),
        delayMs: () => delayMs,
        perTurn: () => 32,
        onRecords: (more) => records.push(...more),
        onStatus: () => undefined,
        onWarning: (key) => assert.fail(key),
      },
      log,
    );
  let written = 0;
  const write = (...messages: string[]): void => {
    for (const message of messages) appendFileSync(log, `2026-11-23T18:00:0${written++}Z web1 sshd[2]: ${message}\n`);
  };
  const state = (): unknown => new StateFile(folder, 'x', parseCheckpoint).read();

  const first = open(0);
  await until(() => state() !== undefined);
  write(`Invalid user bob ${FROM}`, `Failed password for invalid user bob ${FROM} ssh2`);
  await until(() => records.length === 2);
  await first.stop();

  // Nothing that this one reads gets into the checkpoint.
  const second = open(3_600_000);
  write(`Failed password for invalid user bob ${FROM} ssh2`, 'pam_unix(sshd:auth): check pass; user unknown');
  await until(() => records.length === 4);
  await second.stop();

  const third = open(0);
  write(`Connection closed by invalid user bob 192.0.2.7 port 5022 [preauth]`);
  await until(() => records.length === 7);
  await third.stop();

  assert.deepEqual(records.slice(4, 6), records.slice(2, 4), 'read again');
  assert.deepEqual([...new Set(records.map(({ connection_id }) => connection_id))], [records[0]?.event_id]);
  assert.equal(records[3]?.inherited_fields, 'source_ip,source_port,user_name');
  const once = [...new Map(records.map((record) => [record.event_id, record])).values()];
  const sum = once.reduce((total, { login_failures = 0 }) => total + Number(login_failures), 0);
  assert.deepEqual([once.length, sum], [5, 2]);
});
