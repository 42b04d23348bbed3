import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { findLog, hasJournal, isHostFile } from '../../../../nodes/auth-log-in/io/find-log.ts';
import { temporaryFolder } from '../../../support/folder.ts';

test('findLog() takes auth.log, else secure, else the journal, and nothing where there is none', () => {
  const root = temporaryFolder();
  assert.equal(findLog(root), undefined);
  mkdirSync(join(root, 'run/log/journal'), { recursive: true });
  assert.equal(findLog(root), 'journal');
  mkdirSync(join(root, 'var/log'), { recursive: true });
  for (const name of ['secure', 'auth.log']) {
    const path = join(root, 'var/log', name);
    writeFileSync(path, '');
    assert.equal(findLog(root), path);
  }
  rmSync(join(root, 'var/log/auth.log'));
  assert.equal(findLog(root), join(root, 'var/log/secure'));
});

test('hasJournal() takes the journal on disk and the one in memory', () => {
  for (const folder of ['run/log/journal', 'var/log/journal']) {
    const root = temporaryFolder();
    assert.equal(hasJournal(root), false);
    mkdirSync(join(root, folder), { recursive: true });
    assert.equal(hasJournal(root), true);
  }
});

test('isHostFile() knows the files that the syslog daemon of this host writes, under its root', () => {
  assert.equal(isHostFile('/', '/var/log/auth.log'), true);
  assert.equal(isHostFile('/host', '/host/var/log/secure'), true);
  assert.equal(isHostFile('/host', '/var/log/auth.log'), false);
  assert.equal(isHostFile('/', '/srv/logs/auth.log'), false);
});
