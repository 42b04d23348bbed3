import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseEntry } from '../../../../nodes/auth-log-in/message/journal-entry.ts';

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
