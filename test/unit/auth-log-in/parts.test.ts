import assert from 'node:assert/strict';
import { test } from 'node:test';
import { byAge, isOfFamily } from '../../../nodes/auth-log-in/file/identity.ts';
import { isAddress } from '../../../nodes/auth-log-in/message/address.ts';
import { parseEntry } from '../../../nodes/auth-log-in/message/journal-entry.ts';
import { StampReader } from '../../../nodes/auth-log-in/message/time-stamp.ts';
import { localTime } from '../../../nodes/auth-log-in/message/time-zone.ts';
import { isFile, isStart, isZoneName, readSettings } from '../../../nodes/auth-log-in/settings.ts';

const nothing = (): undefined => undefined;

test('isAddress() knows IPv4 and IPv6 with a zone from names and from what is neither', () => {
  for (const text of [
    '192.0.2.7',
    '0.0.0.0',
    '::1',
    '2001:db8::7',
    'fe80::1%eth0',
    '::ffff:192.0.2.7',
    '1:2:3:4:5:6:7:8',
  ]) {
    assert.equal(isAddress(text), true, text);
  }
  for (const text of [
    '',
    '192.0.2',
    '192.0.2.256',
    '192.0.2.7.1',
    'a.b.c.d',
    'web1',
    ':',
    'fe80::1%',
    '12345::1',
    'cafe',
  ]) {
    assert.equal(isAddress(text), false, text);
  }
});

test('isOfFamily() knows what rotation makes of a name, and nothing else', () => {
  for (const name of [
    'auth.log',
    'auth.log.1',
    'auth.log.12.gz',
    'auth.log-20261123',
    'auth.log-20261123.xz',
    'auth-20261123.log',
    'auth.1.log.gz',
    'auth.log.old',
  ]) {
    assert.equal(isOfFamily(name, 'auth.log'), true, name);
  }
  for (const name of ['auth.log.bak', 'auth.logs', 'auth.log~', 'authx.log', 'auth-archive.log', 'syslog.1', 'auth']) {
    assert.equal(isOfFamily(name, 'auth.log'), false, name);
  }
  assert.equal(isOfFamily('secure-20261123', 'secure'), true);
});

test('byAge() goes by rotation number or date, whatever the times of change, and else by them', () => {
  const sorted = (...names: string[]): string[] =>
    names
      .map((name, index) => ({ name, modifiedNs: BigInt(index) }))
      .sort(byAge)
      .map(({ name }) => name);
  assert.deepEqual(sorted('a.1', 'a.10.gz', 'a.2'), ['a.10.gz', 'a.2', 'a.1']);
  assert.deepEqual(sorted('a-20261123.gz', 'a-20261122', 'a-20251231'), ['a-20251231', 'a-20261122', 'a-20261123.gz']);
  assert.deepEqual(sorted('a-20261123.log', 'a-20261122.log'), ['a-20261122.log', 'a-20261123.log']);
  assert.deepEqual(sorted('a.old', 'a.1'), ['a.old', 'a.1']);
});

test('localTime() of a named zone is right in summer, in winter, and in the hour that comes twice', () => {
  const berlin = localTime('Europe/Berlin');
  assert.equal(new Date(berlin(2026, 7, 1, 12)).toISOString(), '2026-07-01T10:00:00.000Z');
  assert.equal(new Date(berlin(2026, 1, 1, 12)).toISOString(), '2026-01-01T11:00:00.000Z');
  assert.equal(new Date(berlin(2026, 10, 25, 2)).toISOString(), '2026-10-25T00:00:00.000Z');
  assert.equal(new Date(localTime('+05:30')(2026, 1, 1, 12)).toISOString(), '2026-01-01T06:30:00.000Z');
  assert.equal(new Date(localTime('Asia/Kolkata')(2026, 1, 1, 12)).toISOString(), '2026-01-01T06:30:00.000Z');
});

test('a stamp without year is of the newest year that is not ahead of the file, also when the file lives on', () => {
  const stamps = new StampReader(localTime('UTC'));
  const at = (line: string, modified: string): string | undefined => stamps.read(line, 0, Date.parse(modified));
  assert.equal(at('Dec 31 23:59:59 web1', '2027-01-01T00:00:01Z'), '2026-12-31T23:59:59.000Z');
  assert.equal(at('Jan  1 00:00:01 web1', '2027-01-01T00:00:01Z'), '2027-01-01T00:00:01.000Z');
  assert.equal(
    at('Jan  1 00:00:01 web1', '2026-12-31T23:59:59Z'),
    '2027-01-01T00:00:01.000Z',
    'a clock a little ahead',
  );
  assert.equal(at('Jun 15 12:00:00 web1', '2025-01-01T00:00:00Z'), '2024-06-15T12:00:00.000Z');
  assert.equal(
    at('Jun 15 12:00:00 web1', '2026-06-15T12:00:00Z'),
    '2026-06-15T12:00:00.000Z',
    'the same hour a year later',
  );
  assert.equal(at('Jun 15 12:59:60 web1', '2026-06-16T12:00:00Z'), '2026-06-15T13:00:00.000Z');
  for (const bad of [
    'Foo 15 12:00:00 x',
    'Jun 32 12:00:00 x',
    'Jun 15 24:00:00 x',
    'Jun 15 12:60:00 x',
    '2026-13-01T00:00:00Z x',
    '2026-01-01T00:00:00 x',
    '',
  ]) {
    assert.equal(at(bad, '2026-06-16T12:00:00Z'), undefined, bad);
  }
});

test('parseEntry() reads what journalctl prints: text, bytes, a field given twice', () => {
  const cursor = 's=0123abcd;i=4f;b=0;m=0;t=0;x=0';
  const entry = {
    __CURSOR: cursor,
    __REALTIME_TIMESTAMP: '1700000000123456',
    SYSLOG_IDENTIFIER: 'sshd',
    _PID: '7',
    _HOSTNAME: 'web1',
    MESSAGE: [103, 114, 195, 188, 255],
  };
  const parsed = parseEntry(JSON.stringify(entry));
  assert.deepEqual(parsed, {
    cursor,
    id: 'journal-0123abcd-4f',
    header: {
      time: '2023-11-14T22:13:20.123Z',
      hostname: 'web1',
      program: 'sshd',
      processId: 7,
      message: 'grü\u{fffd}',
    },
  });
  assert.equal(parseEntry(JSON.stringify({ ...entry, MESSAGE: ['a', 'b'] }))?.header.message, 'a');
  assert.equal(parseEntry(JSON.stringify({ ...entry, MESSAGE: null }))?.header.message, '');
  for (const bad of ['', '{', '-- No entries --', '{}']) assert.equal(parseEntry(bad), undefined, bad);
});

test('settings have a default for what is missing and name what cannot be used', () => {
  const settings = readSettings({}, nothing);
  assert.ok('isWanted' in settings);
  assert.deepEqual(
    [settings.file, settings.start, settings.zone, settings.rawLine],
    [undefined, 'checkpoint', '', false],
  );
  assert.deepEqual(readSettings({ zone: 'Europe/Nowhere' }, nothing), { property: 'zone', value: 'Europe/Nowhere' });
  assert.deepEqual(readSettings({ start: 'middle' }, nothing), { property: 'start', value: 'middle' });
  assert.deepEqual(
    readSettings({}, () => 'auth.log'),
    { property: 'file', value: 'auth.log' },
  );
  const fromEnvironment = readSettings({ file: ' ' }, (name) => (name === 'AUTH_LOG' ? '/x/auth.log' : undefined));
  assert.equal('file' in fromEnvironment && fromEnvironment.file, '/x/auth.log');
  assert.deepEqual(['', 'journal', '/var/log/secure', 'x'].map(isFile), [true, true, true, false]);
  assert.deepEqual(['end', undefined, 'x'].map(isStart), [true, true, false]);
  assert.deepEqual(['', 'UTC', '+02:00', 'Europe/Berlin', '+25', 'x'].map(isZoneName), [
    true,
    true,
    true,
    true,
    false,
    false,
  ]);
});
