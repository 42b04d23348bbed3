import assert from 'node:assert/strict';
import { test } from 'node:test';
import { believed, type EntryFields } from '../../../../nodes/auth-log-in/message/entry-fields.ts';
import type { Header } from '../../../../nodes/auth-log-in/message/header.ts';
import { createLineReader } from '../../../../nodes/auth-log-in/message/record.ts';

const LOGIN = 'Accepted publickey for root from 198.51.100.66 port 22 ssh2: RSA SHA256:x';

function recordOf(message: string, known: EntryFields, program = 'sshd') {
  const header: Header = { time: undefined, hostname: undefined, program, processId: 7, message };
  const reader = createLineReader({ host: 'h', zone: '', rawLine: false });
  const { log_type, time, host, event_id, ...rest } = reader.fromEntry(header, 'id', 0, known);
  return rest;
}

test('what nobody vouches for keeps its text and who wrote it, and says nothing else', () => {
  const known = { trust: 'none', process_user_id: 1000, process_executable: '/usr/bin/logger' } as const;
  assert.deepEqual(recordOf(LOGIN, { ...known, session_id: '9' }), {
    level: 6,
    message: LOGIN,
    application_name: 'sshd',
    process_id: 7,
    process_user_id: 1000,
    process_executable: '/usr/bin/logger',
    event_action: 'other',
    session_id: '9',
  });
  assert.equal(recordOf('Failed password for root from 198.51.100.66 port 22 ssh2', known).level, 6);
});

test('the half of sshd that runs as the user tells of its end, and of no outcome', () => {
  const ended = recordOf('Disconnected from user alice 192.0.2.7 port 5000', { trust: 'own' });
  assert.deepEqual([ended.user_name, ended.source_ip, ended.source_port], ['alice', '192.0.2.7', 5000]);
  const login = recordOf(LOGIN, { trust: 'own' });
  assert.deepEqual([login.event_action, login.event_outcome, login.source_ip], ['other', undefined, undefined]);
});

test('root is believed, and the journal tells the session and the user that the text lacks', () => {
  const known = { trust: 'full', session_id: '5', user_name: 'alice' } as const;
  const { event_action, session_id, user_name } = recordOf('Removed session 5.', known, 'systemd-logind');
  assert.deepEqual([event_action, session_id, user_name], ['login_session_removed', '5', 'alice']);
  const said = { event_action: 'login_session_new', user_name: 'bob', session_id: '6' };
  assert.equal(believed(said, known), said);
});

test('all lines of a message stand beside the first one', () => {
  const { message, full_message, source_ip } = recordOf(LOGIN, { trust: 'full', full_message: `${LOGIN}\nmore` });
  assert.deepEqual([message, full_message, source_ip], [LOGIN, `${LOGIN}\nmore`, '198.51.100.66']);
});
