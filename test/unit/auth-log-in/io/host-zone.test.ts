import assert from 'node:assert/strict';
import { copyFileSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { zoneOfHost } from '../../../../nodes/auth-log-in/io/host-zone.ts';
import { localTime } from '../../../../nodes/auth-log-in/message/time-zone.ts';
import { temporaryFolder } from '../../../support/folder.ts';
import { real } from '../../../support/real.ts';

const TOKYO = '/usr/share/zoneinfo/Asia/Tokyo';

function newHost(): { root: string; at: (name: string) => string } {
  const root = temporaryFolder();
  mkdirSync(join(root, 'etc'));
  return { root, at: (name) => join(root, 'etc', name) };
}

test('the zone of a host is the one that its localtime links to, also where the file is not there', () => {
  const { root, at } = newHost();
  symlinkSync('/usr/share/zoneinfo/Asia/Tokyo', at('localtime'));
  writeFileSync(at('timezone'), 'Europe/Paris\n');
  assert.equal(zoneOfHost(root), 'Asia/Tokyo');
  rmSync(at('localtime'));
  symlinkSync('../usr/share/zoneinfo/posix/America/Argentina/Ushuaia', at('localtime'));
  assert.equal(zoneOfHost(root), 'America/Argentina/Ushuaia');
});

test('a localtime that is a file, or a link to one, says its zone itself', real('tzdata', existsSync(TOKYO)), () => {
  const { root, at } = newHost();
  copyFileSync(TOKYO, at('localtime'));
  writeFileSync(at('timezone'), 'Europe/Paris\n');
  const midnight = Date.parse('2026-11-25T15:00:00Z');
  assert.equal(localTime(zoneOfHost(root))(2026, 11, 26, 0), midnight);
  rmSync(at('localtime'));
  mkdirSync(join(root, 'private'));
  copyFileSync(TOKYO, join(root, 'private/tz'));
  symlinkSync('/private/tz', at('localtime'));
  assert.equal(localTime(zoneOfHost(root))(2026, 11, 26, 0), midnight);
});

test('without a localtime that can be read the name in timezone counts, then UTC, and that of the process where nothing is known', () => {
  const { root, at } = newHost();
  writeFileSync(at('localtime'), 'no zone');
  writeFileSync(at('timezone'), 'Europe/Paris\n');
  assert.equal(zoneOfHost(root), 'Europe/Paris');
  writeFileSync(at('timezone'), 'Nowhere/Else\n');
  assert.equal(zoneOfHost(root), '');
  rmSync(at('localtime'));
  rmSync(at('timezone'));
  assert.equal(zoneOfHost(root), '');
  writeFileSync(at('passwd'), '');
  assert.equal(zoneOfHost(root), 'UTC');
  assert.equal(zoneOfHost('/'), '');
});
