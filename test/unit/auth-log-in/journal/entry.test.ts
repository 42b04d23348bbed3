import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { toEntry } from '../../../../nodes/auth-log-in/journal/entry.ts';

const CURSOR = 's=0123abcd;i=4f;b=0;m=0;t=0;x=0';

function headerOf(fields: { [name: string]: string }) {
  return toEntry(new Map(Object.entries({ __CURSOR: CURSOR, ...fields }))).header;
}

test('toEntry() gives the parts of a line of syslog, and who wrote the entry', () => {
  const fields = new Map([
    ['__CURSOR', CURSOR],
    ['__REALTIME_TIMESTAMP', '1700000000123456'],
    ['SYSLOG_IDENTIFIER', 'sshd'],
    ['_PID', '7'],
    ['_UID', '1000'],
    ['_EXE', '/usr/bin/logger'],
    ['_HOSTNAME', 'web1'],
    ['MESSAGE', 'grün  '],
  ]);
  assert.deepEqual(toEntry(fields), {
    cursor: CURSOR,
    id: 'journal-0123abcd-4f',
    header: {
      time: '2023-11-14T22:13:20.123Z',
      hostname: 'web1',
      program: 'sshd',
      processId: 7,
      message: 'grün',
    },
    origin: { process_user_id: 1000, process_executable: '/usr/bin/logger' },
  });
});

test('toEntry() leaves out of the origin what journald did not know', () => {
  assert.deepEqual(toEntry(new Map([['__CURSOR', CURSOR]])).origin, {});
  assert.deepEqual(
    toEntry(
      new Map([
        ['_UID', 'root'],
        ['_EXE', ''],
      ]),
    ).origin,
    {},
  );
});

test('toEntry() takes the time of the journal where that of the source is impossible, and none where both are', () => {
  const received = { __REALTIME_TIMESTAMP: '1700000000123456' };
  for (const bad of ['18446744073709551615', '', '-1', 'soon', '1e15', '9'.repeat(400)]) {
    assert.equal(headerOf({ ...received, _SOURCE_REALTIME_TIMESTAMP: bad }).time, '2023-11-14T22:13:20.123Z', bad);
    assert.equal(headerOf({ __REALTIME_TIMESTAMP: bad }).time, undefined, bad);
  }
});

test('toEntry() leaves out a process number that is none', () => {
  assert.equal(headerOf({ SYSLOG_PID: 'x', _PID: '7' }).processId, 7);
  for (const bad of ['', ' 1', '1.5', '-1', '1e3', '0x10', '99999999999']) {
    assert.equal(headerOf({ SYSLOG_PID: bad }).processId, undefined, bad);
  }
});

test('toEntry() never throws, whatever the fields hold', () => {
  const names = ['_SOURCE_REALTIME_TIMESTAMP', 'SYSLOG_PID', '_UID', '_EXE', 'SYSLOG_IDENTIFIER', 'MESSAGE'];
  const fields = fc.record(Object.fromEntries(names.map((name) => [name, fc.string()])));
  fc.assert(fc.property(fields, (one) => void headerOf(one)));
});
