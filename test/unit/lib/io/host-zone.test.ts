import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { hostZone } from '../../../../lib/io/host-zone.ts';
import { temporaryFolder } from '../../../support/folder.ts';

const own = new Intl.DateTimeFormat().resolvedOptions().timeZone;

function hostRoot(files: { link?: string; name?: string }): string {
  const root = temporaryFolder();
  mkdirSync(join(root, 'etc'));
  if (files.link !== undefined) symlinkSync(files.link, join(root, 'etc/localtime'));
  if (files.name !== undefined) writeFileSync(join(root, 'etc/timezone'), files.name);
  return root;
}

test('`hostZone()` is that of the host whose root is mounted, by its link or by its name', () => {
  assert.equal(
    hostZone(hostRoot({ link: '/usr/share/zoneinfo/Asia/Kolkata', name: 'Europe/Berlin\n' })),
    'Asia/Kolkata',
  );
  assert.equal(hostZone(hostRoot({ link: '../usr/share/zoneinfo/posix/Europe/Berlin' })), 'Europe/Berlin');
  assert.equal(hostZone(hostRoot({ name: 'America/New_York\n' })), 'America/New_York');
});

test('`hostZone()` is that of this process where the host tells none', () => {
  for (const root of ['/', hostRoot({}), hostRoot({ link: '/elsewhere', name: 'Mars/Base' })])
    assert.equal(hostZone(root), own);
});

test('`hostZone()` is UTC for a host that has no zone at all', () => {
  const root = hostRoot({});
  writeFileSync(join(root, 'etc/passwd'), '');
  assert.equal(hostZone(root), 'UTC');
});
