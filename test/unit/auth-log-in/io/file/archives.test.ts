import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { findArchives } from '../../../../../nodes/auth-log-in/io/file/archives.ts';
import { temporaryFolder } from '../../../../support/folder.ts';

test("the archives of a log are those that the host's logrotate names, below where the host is mounted", () => {
  const root = temporaryFolder();
  mkdirSync(join(root, 'etc/logrotate.d'), { recursive: true });
  const log = join(root, 'var/log/auth.log');
  assert.deepEqual(findArchives(log, root), []);
  writeFileSync(join(root, 'etc/logrotate.conf'), 'weekly\ninclude /etc/logrotate.d\n');
  writeFileSync(join(root, 'etc/logrotate.d/rsyslog'), '/var/log/auth.log\n{\n  olddir archive\n}\n');
  writeFileSync(join(root, 'etc/logrotate.d/all'), '/var/log/*.log { olddir /srv/old }\n/var/log/x { olddir /no }\n');
  assert.deepEqual(findArchives(log, root).sort(), [join(root, 'srv/old'), join(root, 'var/log/archive')]);
});
