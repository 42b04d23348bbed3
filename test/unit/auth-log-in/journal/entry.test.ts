import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseEntry } from '../../../../nodes/auth-log-in/journal/entry.ts';

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
  for (const bad of ['', '{', '-- No entries --', '{}', 'null', '[]', '1'])
    assert.equal(parseEntry(bad), undefined, bad);
});

test('parseEntry() leaves out a time that no date can have', () => {
  const entry = { __CURSOR: 's=1;i=2;', _SOURCE_REALTIME_TIMESTAMP: '18446744073709551615', MESSAGE: 'a' };
  const header = parseEntry(JSON.stringify(entry))?.header;
  assert.equal(header?.time, undefined);
  assert.equal(header?.message, 'a');
});

test('parseEntry() never throws, whatever JSON the fields have', () => {
  const fields = ['_SOURCE_REALTIME_TIMESTAMP', 'SYSLOG_PID', '_HOSTNAME', 'SYSLOG_IDENTIFIER', 'MESSAGE'];
  const entry = fc.record(Object.fromEntries(fields.map((name) => [name, fc.jsonValue()])));
  fc.assert(fc.property(entry, (one) => void parseEntry(JSON.stringify({ ...one, __CURSOR: 's=1' }))));
});
