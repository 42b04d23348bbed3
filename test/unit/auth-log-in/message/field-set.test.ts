import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fieldsOf } from '../../../../nodes/auth-log-in/message/field-set.ts';
import { createLineReader } from '../../../../nodes/auth-log-in/message/record.ts';

test('the fields of a line are those of its record, whatever line came before', () => {
  const reader = createLineReader({ host: 'h', zone: 'Europe/Berlin', rawLine: false });
  for (const stamp of [
    '2026-11-23T18:04:20.123456+01:00',
    '2026-11-23T18:04:21.500000+01:00',
    '2026-11-23T18:04:60.500000+01:00',
    '2026-11-23T18:04:21.500000-05:00',
    '2026-11-23T23:59:59.999999-05:00',
    '2026-11-24T00:00:01+01:00',
    '2026-11-24T00:00:02Z',
    '2026-11-24T00:00:03.5Z',
    '2026-11-24 00:00:03,25',
    'Nov 24 00:00:04',
    'Nov 24 23:59:04',
    'Nov 24 23:59:60',
    'Nov  5 06:07:08',
    '<38>1 2026-11-24T00:00:05Z',
    'Nov 24 2026 00:00:04',
    'no stamp at all',
  ]) {
    for (const message of [
      'Connection closed by 192.0.2.7 port 5022 [preauth]',
      'Failed password for invalid user a from 192.0.2.7 port 5022 ssh2',
      'message repeated 2 times: [ Failed password for root from 2001:db8::1 port 5022 ssh2]',
      'pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=host-7.example.net  user=a',
      'nothing known',
      ' ',
    ]) {
      const record = reader.fromLine(`${stamp} web1 sshd[2]: ${message}`, 'id', Date.parse('2026-12-01T00:00:00Z'));
      assert.deepEqual(reader.fields, fieldsOf(record), `${stamp} ${message}`);
      assert.equal(reader.fields.timeMs, Date.parse(record.time));
      assert.equal(Object.getPrototypeOf(record), Object.prototype);
    }
  }
});
