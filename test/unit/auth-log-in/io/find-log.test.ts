import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { findJournal, findLog } from '../../../../nodes/auth-log-in/io/find-log.ts';
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

test('findJournal() prefers the journal that is kept over a reboot', () => {
  const root = temporaryFolder();
  assert.equal(findJournal(root), undefined);
  for (const folder of ['run/log/journal', 'var/log/journal']) {
    mkdirSync(join(root, folder), { recursive: true });
    assert.equal(findJournal(root), join(root, folder));
  }
});
