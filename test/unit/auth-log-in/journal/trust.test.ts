import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Trust, trustOf } from '../../../../nodes/auth-log-in/journal/trust.ts';

const ROOT_RIGHTS = '1ffffffffff';

function trust(program: string | undefined, fields: object): Trust {
  return trustOf(new Map(Object.entries({ _UID: '1000', ...fields })), program);
}

test('trustOf() believes root, and what came through no socket of journald', () => {
  assert.equal(trust('sshd', { _UID: '0' }), 'full');
  assert.equal(trust('sshd', { _UID: '0', _EXE: '/usr/bin/logger' }), 'full');
  assert.equal(trustOf(new Map(), 'sshd'), 'full');
});

test('trustOf() believes nobody else who writes in the name of another program', () => {
  for (const fields of [
    {},
    { _EXE: '/usr/bin/logger' },
    { _EXE: '/usr/bin/logger', _CAP_EFFECTIVE: ROOT_RIGHTS },
    { _EXE: '/usr/bin/python3', _COMM: 'sshd', _SYSTEMD_UNIT: 'ssh.service' },
    { _EXE: '/home/alice/sshd', _COMM: 'sshd' },
    { _EXE: '/home/alice/sudo', _COMM: 'sudo', _CAP_EFFECTIVE: ROOT_RIGHTS },
    { _EXE: '/tmp/usr/bin/su', _CAP_EFFECTIVE: ROOT_RIGHTS },
    { _EXE: '', _CAP_EFFECTIVE: ROOT_RIGHTS },
    { _UID: '' },
  ]) {
    for (const program of ['sshd', 'sudo', 'su', 'systemd-logind', 'polkitd', 'login', undefined])
      assert.equal(trust(program, fields), 'none', `${program} ${JSON.stringify(fields)}`);
  }
});

test('trustOf() believes what runs with the rights of root for the user who called it', () => {
  for (const [path, program] of [
    ['/usr/bin/sudo', 'sudo'],
    ['/usr/bin/su', 'su'],
    ['/bin/su', 'su-l'],
    ['/usr/bin/pkexec', 'pkexec'],
    ['/usr/sbin/unix_chkpwd', 'unix_chkpwd'],
    ['/run/wrappers/bin/sudo', 'sudo'],
    ['/usr/bin/sudo-rs', 'sudo'],
  ] as const) {
    assert.equal(trust(program, { _EXE: path, _CAP_EFFECTIVE: ROOT_RIGHTS }), 'full', path);
    for (const rights of ['0', '0000000000000000', '']) {
      assert.equal(trust(program, { _EXE: path, _CAP_EFFECTIVE: rights }), 'none', `${path} without rights`);
    }
    assert.equal(trust('sshd', { _EXE: path, _CAP_EFFECTIVE: ROOT_RIGHTS }), 'none', `${path} as another program`);
  }
});

test('trustOf() believes a service under its own account, in its own unit', () => {
  const polkit = { _UID: '997', _EXE: '/usr/lib/polkit-1/polkitd', _CAP_EFFECTIVE: '0' };
  assert.equal(trust('polkitd', { ...polkit, _SYSTEMD_UNIT: 'polkit.service' }), 'full');
  assert.equal(trust('polkitd', { ...polkit, _SYSTEMD_UNIT: 'session-3.scope' }), 'none');
  assert.equal(trust('sshd', { ...polkit, _SYSTEMD_UNIT: 'polkit.service' }), 'none');
});

test('trustOf() lets the half of sshd and systemd that runs as the user tell of its own end', () => {
  const session = { _CAP_EFFECTIVE: '0', _SYSTEMD_UNIT: 'session-3.scope' };
  for (const [path, program] of [
    ['/usr/sbin/sshd', 'sshd'],
    ['/usr/lib/openssh/sshd-session', 'sshd-session'],
    ['/usr/lib/openssh/sshd-session', 'internal-sftp'],
    ['/usr/lib/systemd/systemd', '(sd-pam)'],
  ] as const) {
    assert.equal(trust(program, { ...session, _EXE: path }), 'own', path);
    assert.equal(trust('sudo', { ...session, _EXE: path }), 'none', path);
  }
});

test('trustOf() takes the name of a process that had ended before journald could look, for its own end alone', () => {
  assert.equal(trust('sshd', { _COMM: 'sshd', _CAP_EFFECTIVE: '0' }), 'own');
  assert.equal(trust('sshd', { _COMM: 'sshd', _EXE: '' }), 'own');
  assert.equal(trust('sshd', { _COMM: 'logger' }), 'none');
  assert.equal(trust('sudo', { _COMM: 'sudo', _CAP_EFFECTIVE: ROOT_RIGHTS }), 'none');
});
