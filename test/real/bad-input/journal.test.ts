// Risk: an entry of the journal that is not plain is lost, ends Node-RED, or passes for what it is not.

import assert from 'node:assert/strict';
import { mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { present } from '../../support/journal.ts';
import { follow, newHost } from '../../support/journal-host.ts';
import { until } from '../../support/until.ts';

const FOLLOWING = 'ok status.lines journal';
const LOGIN = 'Accepted password for root from 198.51.100.66 port 22 ssh2';

test('auth-log-in reads entries that are not plain, and goes on after them', present, async (t) => {
  const host = newHost();
  host.add(1000);
  const heard = follow(t, host, 'journal');
  await until(() => heard.states.includes(FOLLOWING));
  host.add(0, { MESSAGE: '' });
  host.add(0, { MESSAGE: `${LOGIN}\nsecond line\nthird` });
  host.add(0, { SYSLOG_PID: '', _PID: 77, _SOURCE_REALTIME_TIMESTAMP: '8640000000000001000' });
  const last = host.add();
  await until(() => heard.users().includes(last));
  const [empty, lines, odd] = heard.records;
  assert.equal(empty?.message, '(no message)');
  assert.equal(lines?.message, LOGIN);
  assert.equal(lines?.full_message, `${LOGIN}\nsecond line\nthird`);
  assert.deepEqual([lines?.source_ip, lines?.source_port], ['198.51.100.66', 22]);
  assert.equal(odd?.process_id, 77);
  assert.ok(Math.abs(Date.parse(odd?.time ?? '') - Date.now()) < 60_000, odd?.time);
});

test(
  'auth-log-in reads sshd that logs to stderr, and no other program without a facility of its own',
  present,
  async (t) => {
    const host = newHost();
    host.add(1000);
    const heard = follow(t, host, 'journal');
    await until(() => heard.states.includes(FOLLOWING));
    const stream = { SYSLOG_FACILITY: 3, _TRANSPORT: 'stdout' };
    const wanted = [
      host.add(0, { ...stream, _COMM: 'sshd' }),
      host.add(0, { ...stream, _SYSTEMD_UNIT: 'ssh.service' }),
    ];
    host.add(0, { ...stream, _COMM: 'conmon', CONTAINER_NAME: 'sshd' });
    host.add(0, { ...stream, SYSLOG_IDENTIFIER: 'nginx', _COMM: 'nginx' });
    const last = host.add();
    await until(() => heard.users().includes(last));
    assert.deepEqual(heard.users(), [...wanted, last]);
  },
);

test('auth-log-in believes no outcome, source or user of what an unprivileged user wrote', present, async (t) => {
  const host = newHost();
  host.add(1000);
  const heard = follow(t, host, 'journal');
  await until(() => heard.states.includes(FOLLOWING));
  host.add(0, { _UID: 1000, _EXE: '/usr/bin/logger', MESSAGE: LOGIN });
  const last = host.add(0, { _UID: 0, _EXE: '/usr/sbin/sshd' });
  await until(() => heard.users().includes(last));
  const { time, event_id, process_id, host: _, ...forged } = heard.records[0] ?? assert.fail();
  assert.deepEqual(forged, {
    log_type: 'auth',
    level: 6,
    message: LOGIN,
    application_name: 'sshd',
    process_user_id: 1000,
    process_executable: '/usr/bin/logger',
    event_action: 'other',
  });
});

test('auth-log-in reads the journal in memory, though there is an empty folder for one on disk', present, async (t) => {
  const host = newHost();
  mkdirSync(join(host.root, 'run/log'), { recursive: true });
  host.add(1000);
  renameSync(join(host.root, 'var/log/journal'), join(host.root, 'run/log/journal'));
  mkdirSync(join(host.root, 'var/log/journal'));
  mkdirSync(host.folder);
  const heard = follow(t, host);
  await until(() => heard.states.includes(FOLLOWING));
  const user = host.add(0, {}, '../../../../run/log/journal/11111111111111111111111111111111/system.journal');
  await until(() => heard.users().includes(user));
});
