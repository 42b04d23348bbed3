// Risk: a restart over a rotation of the journal.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createJournal, present, watch } from '../../support/journal.ts';
import { until } from '../../support/until.ts';

test(
  'auth-log-in follows a real journal and goes on at its cursor after a restart, over a rotation',
  present,
  async (t) => {
    const journal = createJournal(t);
    journal.add(3);
    const first = await watch(t, journal.root, journal.root);
    await until(
      () => first.states.includes('auth-log-in.status.noLine'),
      15_000,
      () => String(first.states),
    );
    assert.equal(first.records.length, 0, 'what was there before is not sent');
    const expected = journal.add(200);
    await until(
      () => first.records.length >= expected.length,
      15_000,
      () => `${first.records.length}`,
    );
    const { event_id, connection_id, host, time, ...payload } = first.records[0] ?? assert.fail();
    assert.match(event_id, /^journal-[0-9a-f]+-[0-9a-f]+$/);
    assert.equal(connection_id, event_id);
    assert.deepEqual(payload, {
      log_type: 'auth',
      level: 4,
      message: 'Failed password for user5 from 2001:db8::7 port 1005 ssh2',
      application_name: 'sshd-session',
      process_id: 4005,
      process_user_id: 0,
      process_executable: '/usr/sbin/sshd',
      syslog_hostname: 'web1',
      event_action: 'ssh_login_failed',
      event_outcome: 'failure',
      event_reason: 'wrong_password',
      login_failures: 1,
      user_name: 'user5',
      source_ip: '2001:db8::7',
      source_port: 1005,
      auth_method: 'password',
    });
    await first.flow.stop();

    expected.push(...journal.add(100));
    journal.rotate();
    expected.push(...journal.add(100));
    // Where there is no file, the journal is chosen without being named.
    const second = await watch(t, journal.root, journal.root, '');
    const users = (): string[] => {
      const byId = new Map(
        [...first.records, ...second.records].map((record) => [record.event_id, String(record.user_name)]),
      );
      return [...byId.values()];
    };
    await until(
      () => users().length >= expected.length,
      15_000,
      () => `${users().length} of ${expected.length}`,
    );
    assert.deepEqual(users(), expected);
  },
);
