import assert from 'node:assert/strict';
import { test } from 'node:test';
import { timeAt, timeEndAt } from '../../../../lib/file/line-time.ts';

const AT = ['Nov 25 21:05:43', 'Nov 25 21:05:44', '2026-11-25T21:05:45+01:00', '2026-11-25T21:05:46.123456+01:00'];

/** The time of a line; undefined where it has none. */
function timeOf(line: string): string | undefined {
  // What stands behind the line in its chunk is none of it.
  const bytes = Buffer.from(`${line}\n${AT[0]} `);
  const at = timeAt(bytes, 0, line.length);
  const end = timeEndAt(bytes, at, line.length);
  return end === -1 ? undefined : bytes.toString('latin1', at, end);
}

test('timeAt() and timeEndAt() tell where the stamp of a line of syslog is', () => {
  for (const time of AT) {
    assert.equal(timeOf(`${time} web1 sshd[1]: x`), time);
    assert.equal(timeOf(`<86>${time} web1 sshd[1]: x`), time);
  }
  assert.equal(timeOf('<86>1 2026-11-25T21:05:45Z web1 sshd 1 - - x'), '2026-11-25T21:05:45Z');
  for (const text of ['', 'x', '<', '<86', 'Failed password', '<123456>Nov 25 21:05:43 x'])
    assert.equal(timeOf(text), undefined);
});
