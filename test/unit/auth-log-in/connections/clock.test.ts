import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RecordClock } from '../../../../nodes/auth-log-in/connections/clock.ts';
import { createLineReader } from '../../../../nodes/auth-log-in/message/record.ts';

test('the clock reads the time of a line as its record has it, whatever came before', () => {
  const clock = new RecordClock();
  const reader = createLineReader({ host: 'h', zone: 'Europe/Berlin', rawLine: false });
  for (const stamp of [
    '2026-11-23T18:04:20.123456+01:00',
    '2026-11-23T18:04:21.500000+01:00',
    '2026-11-23T18:04:21.500000-05:00',
    '2026-11-23T23:59:59.999999-05:00',
    '2026-11-24T00:00:01+01:00',
    '2026-11-24T00:00:02Z',
    '2026-11-24T00:00:03.5Z',
    'Nov 24 00:00:04',
    'Nov 24 23:59:04',
    'Nov  5 06:07:08',
    '<38>1 2026-11-24T00:00:05Z',
    'no stamp at all',
  ]) {
    const line = `${stamp} web1 sshd[2]: Connection closed by 192.0.2.7 port 5022 [preauth]`;
    const { time } = reader.fromLine(line, 'id', Date.parse('2026-12-01T00:00:00Z'));
    assert.equal(clock.ms(line, time), Date.parse(time), stamp);
    assert.equal(clock.ms(time, time), Date.parse(time), time);
  }
});
