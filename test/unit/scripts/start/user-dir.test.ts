import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
// @ts-expect-error It has no types.
import { checkUserDir, outerUid } from '../../../../scripts/start/user-dir.js';
import { temporaryFolder } from '../../../support/folder.ts';

test('`outerUid()` gives the number that a user has outside of its namespace', () => {
  const map = '         0     100000      65536\n     70000          7          1\n';
  assert.equal(outerUid(10001, map), 110001);
  assert.equal(outerUid(70000, map), 7);
  assert.equal(outerUid(10001, '         0          0 4294967295\n'), 10001);
  assert.equal(outerUid(10001, ''), 10001);
});

test('`checkUserDir()` makes the folder, and names what is in the way', () => {
  const folder = temporaryFolder();
  checkUserDir(join(folder, 'a/b'));
  writeFileSync(join(folder, 'file'), '');
  assert.throws(() => checkUserDir(join(folder, 'file/b')), /^Error: Nothing can be kept in .*file\/b: ENOTDIR/);
});
