import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { InfraRecord } from '../../../../lib/record.ts';
import { MOST_CONNECTIONS } from '../../../../nodes/auth-log-in/connections/connection-index.ts';
import { ConnectionMemory } from '../../../../nodes/auth-log-in/connections/memory.ts';
import { createLineReader } from '../../../../nodes/auth-log-in/message/record.ts';

const START_MS = Date.parse('2026-11-23T18:00:00Z');

/** The records of lines `PROGRAM[PID]: MESSAGE`; `+N ` before one passes N seconds, else it is the same moment. */
function recordsOf(lines: string[], memory = new ConnectionMemory()): InfraRecord[] {
  const reader = createLineReader({ host: 'h', zone: 'UTC', rawLine: false });
  let nowMs = START_MS;
  return lines.map((line, at) => {
    const [, seconds, rest = ''] = /^(?:\+(\d+) )?(.*)$/s.exec(line) ?? [];
    nowMs += Number(seconds ?? 0) * 1000;
    const text = `${new Date(nowMs).toISOString()} web1 ${rest}`;
    const record = reader.fromLine(text, `${at + 1}`, nowMs);
    memory.note(record, reader.fields);
    return record;
  });
}

/** How many failed logins each line adds. */
function failures(lines: string[]): number[] {
  return recordsOf(lines).map(({ login_failures = 0 }) => Number(login_failures));
}

/** The line with which the connection of each line began; 0 where it is of none. */
function connections(lines: string[], memory?: ConnectionMemory): number[] {
  return recordsOf(lines, memory).map(({ connection_id = 0 }) => Number(connection_id));
}

const FROM = 'from 192.0.2.7 port 5022';
const PAM = 'authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=192.0.2.7  user=alice';
/** After it, it is known that sshd tells its refusals itself. */
const KNOWN = `sshd[1]: Accepted publickey for bob from 192.0.2.9 port 1 ssh2: ED25519 SHA256:abc`;

const COUNTED: { [what: string]: [counts: number[], lines: string[]] } = {
  'passwords, with PAM before and after': [
    [0, 0, 1, 2, 0, 0],
    [
      KNOWN,
      `sshd[2]: pam_unix(sshd:auth): ${PAM}`,
      `sshd[2]: Failed password for alice ${FROM} ssh2`,
      `sshd[2]: message repeated 2 times: [ Failed password for alice ${FROM} ssh2]`,
      'sshd[2]: Connection closed by authenticating user alice 192.0.2.7 port 5022 [preauth]',
      'sshd[2]: PAM 2 more authentication failures; logname= uid=0 euid=0 tty=ssh ruser= rhost=192.0.2.7  user=alice',
    ],
  ],
  'the first of a log, told by PAM before it is known that sshd tells it too': [
    [1, 0, 1, 0],
    [
      `sshd[2]: pam_unix(sshd:auth): ${PAM}`,
      `sshd[2]: Failed password for alice ${FROM} ssh2`,
      `sshd[2]: Failed password for alice ${FROM} ssh2`,
      'sshd[2]: PAM 1 more authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=192.0.2.7  user=alice',
    ],
  ],
  'a log with the lines of PAM only': [
    [1, 0, 1],
    [`sshd(pam_unix)[2]: ${PAM}`, 'sshd(pam_unix)[3]: check pass; user unknown', `sshd(pam_unix)[3]: ${PAM}`],
  ],
  'a user of sssd, whom pam_unix does not know': [
    [0, 0, 0, 0],
    [
      KNOWN,
      `sshd[2]: pam_unix(sshd:auth): ${PAM}`,
      `sshd[2]: pam_sss(sshd:auth): authentication success; logname= uid=0 euid=0 tty=ssh ruser= rhost=192.0.2.7 user=alice`,
      `sshd[2]: Accepted password for alice ${FROM} ssh2`,
    ],
  ],
  'a key at the usual log level': [
    [1],
    ['sshd[2]: Connection closed by authenticating user alice 192.0.2.7 port 5022 [preauth]'],
  ],
  'MaxAuthTries, with PAM after the end': [
    [0, 3, 0, 0, 0, 0],
    [
      KNOWN,
      `sshd[2]: message repeated 3 times: [ Failed password for alice ${FROM} ssh2]`,
      `sshd[2]: error: maximum authentication attempts exceeded for alice ${FROM} ssh2 [preauth]`,
      'sshd[2]: Disconnecting authenticating user alice 192.0.2.7 port 5022: Too many authentication failures [preauth]',
      'sshd[2]: PAM 2 more authentication failures; logname= uid=0 euid=0 tty=ssh ruser= rhost=192.0.2.7  user=alice',
      'sshd[2]: PAM service(sshd) ignoring max retries; 3 > 3',
    ],
  ],
  'RHEL 7, where the client leaves': [
    [0, 1, 2, 0, 0, 0],
    [
      KNOWN,
      `sshd[2]: Failed password for alice ${FROM} ssh2`,
      `sshd[2]: message repeated 2 times: [ Failed password for alice ${FROM} ssh2]`,
      'sshd[2]: Connection closed by 192.0.2.7 port 5022 [preauth]',
      'sshd[2]: PAM 2 more authentication failures; logname= uid=0 euid=0 tty=ssh ruser= rhost=192.0.2.7  user=alice',
      'sshd[2]: PAM service(sshd) ignoring max retries; 3 > 3',
    ],
  ],
  'keys at VERBOSE, and none': [
    [0, 0, 0, 1, 0],
    [
      `sshd[2]: Failed none for alice ${FROM} ssh2`,
      `sshd[2]: Failed publickey for alice ${FROM} ssh2: RSA SHA256:abc`,
      `sshd[2]: Failed publickey for alice ${FROM} ssh2: ED25519 SHA256:abc`,
      'sshd[2]: Received disconnect from 192.0.2.7 port 5022:14: No supported authentication methods available [preauth]',
      'sshd[2]: Disconnected from authenticating user alice 192.0.2.7 port 5022 [preauth]',
    ],
  ],
  'keys that come before the one that fits': [
    [0, 0, 0],
    [
      `sshd[2]: Failed publickey for alice ${FROM} ssh2: RSA SHA256:abc`,
      `sshd[2]: Accepted publickey for alice ${FROM} ssh2: ED25519 SHA256:abc`,
      'sshd[2]: Disconnected from user alice 192.0.2.7 port 5022',
    ],
  ],
  'a key at VERBOSE that is let in': [
    [0, 0, 0, 0],
    [
      `sshd[2]: Postponed publickey for alice ${FROM} ssh2 [preauth]`,
      `sshd[2]: Accepted publickey for alice ${FROM} ssh2: ED25519 SHA256:abc`,
      `sshd[2]: Received disconnect ${FROM}:11: disconnected by user`,
      'sshd[2]: Disconnected from user alice 192.0.2.7 port 5022',
    ],
  ],
  'passwords before the right one': [
    [1, 0, 0],
    [
      `sshd[2]: Failed password for alice ${FROM} ssh2`,
      `sshd[2]: Accepted password for alice ${FROM} ssh2`,
      'sshd[2]: Connection closed by 192.0.2.7 port 5022',
    ],
  ],
  'an unknown user who leaves, as OpenSSH 7.4 writes it': [
    [0, 0, 1],
    [
      'sshd[2]: Invalid user admin from 192.0.2.7 port 5022',
      'sshd[2]: input_userauth_request: invalid user admin [preauth]',
      'sshd[2]: Connection closed by 192.0.2.7 port 5022 [preauth]',
    ],
  ],
  'answers, of which sshd tells the later ones twice': [
    [0, 1, 0, 1, 0, 0, 1, 0],
    [
      `sshd[2]: Postponed keyboard-interactive for alice ${FROM} ssh2 [preauth]`,
      'sshd[2]: error: PAM: Authentication failure for alice from 192.0.2.7',
      `sshd[2]: Postponed keyboard-interactive for alice ${FROM} ssh2 [preauth]`,
      'sshd[2]: error: PAM: Authentication failure for alice from 192.0.2.7',
      `sshd[2]: Failed keyboard-interactive/pam for alice ${FROM} ssh2`,
      `sshd[2]: Postponed keyboard-interactive for alice ${FROM} ssh2 [preauth]`,
      'sshd[2]: error: PAM: Authentication failure for alice from 192.0.2.7',
      `sshd[2]: error: maximum authentication attempts exceeded for alice ${FROM} ssh2 [preauth]`,
    ],
  ],
  'answers, where PAM has a process of its own, the first of a log': [
    [1, 0, 0],
    [
      `sshd[3]: pam_unix(sshd:auth): ${PAM}`,
      'sshd[2]: error: PAM: Authentication failure for alice from 192.0.2.7',
      `sshd[2]: Failed keyboard-interactive/pam for alice ${FROM} ssh2`,
    ],
  ],
  'too many failures': [
    [0, 0, 0, 1, 0],
    [
      'sshd[1]: drop connection #10 from [192.0.2.7]:5021 on [192.0.2.1]:22 past MaxStartups',
      'sshd[2]: Connection closed by 192.0.2.7 port 5022 [preauth]',
      'sshd[3]: Did not receive identification string from 192.0.2.7 port 5023',
      'sshd[4]: error: maximum authentication attempts exceeded for alice from 192.0.2.7 port 5024 ssh2 [preauth]',
      'sshd[4]: Disconnecting authenticating user alice 192.0.2.7 port 5024: Too many authentication failures [preauth]',
    ],
  ],
  'sysklogd, which folds lines without saying which': [
    [1, 3, 0, 0],
    [
      `sshd[2]: Failed password for alice ${FROM} ssh2`,
      'last message repeated 3 times',
      'CRON[9]: pam_unix(cron:session): session opened for user root by (uid=0)',
      'last message repeated 2 times',
    ],
  ],
  'sudo, whose last line tells them all': [
    [1, 2, 0],
    [
      'sudo: pam_unix(sudo:auth): authentication failure; logname=alice uid=1000 euid=0 tty=/dev/pts/0 ruser=alice rhost=  user=alice',
      'sudo:    alice : 3 incorrect password attempts ; TTY=pts/0 ; PWD=/home/alice ; USER=root ; COMMAND=/usr/bin/id',
      'sudo:    alice : TTY=pts/0 ; PWD=/home/alice ; USER=root ; COMMAND=/usr/bin/id',
    ],
  ],
  'sudo, with the right password in the end': [
    [0, 1, 0, 0],
    [
      'sudo:    alice : TTY=pts/0 ; PWD=/home/alice ; USER=root ; COMMAND=/usr/bin/id',
      'sudo: pam_unix(sudo:auth): authentication failure; logname=alice uid=1000 euid=0 tty=/dev/pts/0 ruser=alice rhost=  user=alice',
      'sudo:    alice : TTY=pts/0 ; PWD=/home/alice ; USER=root ; COMMAND=/usr/bin/id',
      'sudo:    alice : TTY=pts/0 ; PWD=/home/alice ; USER=root ; COMMAND=/usr/bin/id',
    ],
  ],
  'sudo-rs, which does not tell refusals': [
    [0, 1, 1],
    [
      'sudo: alice :  PWD=/tmp ; USER=root ; COMMAND=/usr/bin/id ',
      'sudo: pam_unix(sudo:auth): authentication failure; logname= uid=1000 euid=0 tty= ruser=alice rhost=  user=alice',
      '+9 sudo: pam_unix(sudo:auth): authentication failure; logname= uid=1000 euid=0 tty= ruser=alice rhost=  user=alice',
    ],
  ],
  'sudo for users of sssd, whom pam_unix does not know': [
    // The first is taken for a refusal, until pam_sss shows that it was none. The one at the end makes up for it.
    [1, 0, 0, 0, 0, 0, 0, 0],
    [
      'sudo[2]: pam_unix(sudo:auth): authentication failure; logname= uid=1000 euid=0 tty=pts/0 ruser=alice rhost=  user=alice',
      'sudo[2]: pam_sss(sudo:auth): authentication success; logname= uid=1000 euid=0 tty=pts/0 ruser=alice rhost= user=alice',
      'sudo[2]: alice : TTY=pts/0 ; PWD=/tmp ; USER=root ; COMMAND=/usr/bin/id',
      'sudo[3]: pam_unix(sudo:auth): authentication failure; logname= uid=1000 euid=0 tty=pts/0 ruser=alice rhost=  user=alice',
      'sudo[3]: pam_sss(sudo:auth): authentication success; logname= uid=1000 euid=0 tty=pts/0 ruser=alice rhost= user=alice',
      'sudo[3]: alice : TTY=pts/0 ; PWD=/tmp ; USER=root ; COMMAND=/usr/bin/id',
      'sudo[4]: pam_unix(sudo:auth): authentication failure; logname= uid=1000 euid=0 tty=pts/0 ruser=alice rhost=  user=alice',
      'sudo[4]: alice : 1 incorrect password attempt ; TTY=pts/0 ; PWD=/tmp ; USER=root ; COMMAND=/usr/bin/id',
    ],
  ],
  'sudo for those who may not': [
    [0, 0, 1, 0],
    [
      'sudo:    alice : user NOT in sudoers ; TTY=pts/0 ; PWD=/home/alice ; USER=root ; COMMAND=/usr/bin/id',
      'sudo:    alice : a password is required ; TTY=pts/0 ; PWD=/home/alice ; USER=root ; COMMAND=/usr/bin/id',
      'sudo: pam_unix(sudo:auth): authentication failure; logname=alice uid=1000 euid=0 tty=/dev/pts/0 ruser=alice rhost=  user=alice',
      'sudo:    alice : user NOT in sudoers ; TTY=pts/0 ; PWD=/home/alice ; USER=root ; COMMAND=/usr/bin/id',
    ],
  ],
  'su of shadow, which writes two lines': [
    [1, 0, 0],
    ['su[2]: FAILED su for root by alice', 'su[2]: - /dev/pts/0 alice:root', 'su[3]: Successful su for root by alice'],
  ],
  'su of util-linux': [
    [1, 0, 0, 1],
    [
      'su[2]: pam_unix(su:auth): authentication failure; logname=alice uid=1000 euid=0 tty=/dev/pts/0 ruser=alice rhost=  user=root',
      'su[2]: FAILED SU (to root) alice on pts/0',
      'su[3]: pam_unix(su:auth): authentication failure; logname=alice uid=1000 euid=0 tty=/dev/pts/0 ruser=alice rhost=  user=root',
      'su[3]: FAILED SU (to root) alice on pts/0',
    ],
  ],
  'the console': [
    [1, 0, 1, 0],
    [
      'login[2]: pam_unix(login:auth): authentication failure; logname=LOGIN uid=0 euid=0 tty=/dev/tty1 ruser= rhost=  user=root',
      "login[2]: FAILED LOGIN (1) on '/dev/tty1' FOR 'root', Authentication failure",
      "login[2]: FAILED LOGIN (2) on '/dev/tty1' FOR 'root', Authentication failure",
      'login[2]: ROOT LOGIN  on tty1',
    ],
  ],
  'a program that leaves it to PAM': [
    [0, 1, 1, 2, 1],
    [
      'vsftpd[2]: pam_unix(vsftpd:auth): check pass; user unknown',
      'vsftpd[2]: pam_unix(vsftpd:auth): authentication failure; logname= uid=0 euid=0 tty=ftp ruser=alice rhost=192.0.2.7',
      'vsftpd[2]: pam_unix(vsftpd:auth): authentication failure; logname= uid=0 euid=0 tty=ftp ruser=alice rhost=192.0.2.7',
      'vsftpd[2]: PAM 2 more authentication failures; logname= uid=0 euid=0 tty=ftp ruser=alice rhost=192.0.2.7',
      'dovecot[9]: pam_unix(dovecot:auth): authentication failure; logname= uid=0 euid=0 tty=dovecot ruser=alice rhost=192.0.2.7',
    ],
  ],
  'a wrong password when changing it': [
    [0],
    [
      'passwd[2]: pam_unix(passwd:chauthtok): authentication failure; logname=alice uid=1000 euid=0 tty=pts/0 ruser= rhost=  user=alice',
    ],
  ],
};

for (const [what, [counts, lines]] of Object.entries(COUNTED)) {
  test(`failed logins are counted once: ${what}`, () => assert.deepEqual(failures(lines), counts));
}

const APART: { [what: string]: [begins: number[], lines: string[]] } = {
  'a new connection under the number of one that is open': [
    [1, 2],
    [
      `sshd[2]: Connection ${FROM} on 192.0.2.1 port 22 rdomain ""`,
      'sshd[2]: Connection from 192.0.2.7 port 5023 on 192.0.2.1 port 22 rdomain ""',
    ],
  ],
  'another port, another address': [
    [1, 2, 3],
    [
      `sshd[2]: Failed password for alice ${FROM} ssh2`,
      'sshd[2]: Failed password for alice from 192.0.2.7 port 5023 ssh2',
      `sshd[2]: pam_unix(sshd:auth): ${PAM.replace('192.0.2.7', '192.0.2.8')}`,
    ],
  ],
  'the end of a connection': [
    [1, 1, 1, 4],
    [
      `sshd[2]: Failed password for alice ${FROM} ssh2`,
      'sshd[2]: Connection closed by authenticating user alice 192.0.2.7 port 5022 [preauth]',
      'sshd[2]: PAM 1 more authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=192.0.2.7  user=alice',
      `sshd[2]: pam_unix(sshd:auth): ${PAM}`,
    ],
  ],
  'a login, after which nobody is refused': [
    [1, 2, 3],
    [
      `sshd[2]: Accepted publickey for alice ${FROM} ssh2: ED25519 SHA256:abc`,
      'sshd[2]: Invalid user bob from 192.0.2.7 port 5022',
      `sshd[3]: Failed password for alice ${FROM} ssh2`,
    ],
  ],
  'a silence that no login lasts': [
    [1, 1, 3],
    [
      `sshd[2]: Failed password for alice ${FROM} ssh2`,
      '+140 sshd[2]: error: something',
      '+151 sshd[2]: error: something',
    ],
  ],
  'a process that listens': [
    [1, 0, 3],
    [`sshd[2]: Invalid user bob ${FROM}`, 'sshd[2]: Server listening on 0.0.0.0 port 22.', 'sshd[2]: error: something'],
  ],
  'another program': [
    [1, 2, 3],
    [
      `sshd[2]: Failed password for alice ${FROM} ssh2`,
      'su[2]: FAILED SU (to root) alice on pts/0',
      'sshd[2]: error: something',
    ],
  ],
  'a session of another user': [
    [1, 2],
    [
      `sshd[2]: Failed password for alice ${FROM} ssh2`,
      'sshd[2]: pam_unix(sshd:session): session opened for user bob by (uid=0)',
    ],
  ],
};

for (const [what, [begins, lines]] of Object.entries(APART)) {
  test(`lines of one process number are told apart by ${what}`, () => assert.deepEqual(connections(lines), begins));
}

test('a user process and the one that opened the session write of one connection', () => {
  const lines = [
    `sshd-session[2]: Accepted publickey for alice ${FROM} ssh2: ED25519 SHA256:abc`,
    'sshd-session[2]: pam_unix(sshd:session): session opened for user alice(uid=1000) by alice(uid=0)',
    `+9000 sshd-session[3]: Received disconnect ${FROM}:11: disconnected by user`,
    'sshd-session[3]: Disconnected from user alice 192.0.2.7 port 5022',
    'sshd-session[2]: pam_unix(sshd:session): session closed for user alice',
  ];
  assert.deepEqual(connections(lines), [1, 1, 1, 1, 1]);
  assert.deepEqual(
    recordsOf(lines).map(({ inherited_fields }) => inherited_fields),
    [undefined, 'source_ip,source_port', 'user_name', undefined, 'source_ip,source_port'],
  );
});

test('the listener of OpenSSH 9.8 ends the connection of the process that it names', () => {
  const [, ended] = recordsOf([
    `sshd-session[2]: Invalid user bob ${FROM}`,
    '+120 sshd[1]: Timeout before authentication for connection from 192.0.2.7 to 192.0.2.1, pid = 2',
  ]);
  assert.deepEqual([ended?.connection_id, ended?.user_name, ended?.login_failures], ['1', 'bob', 1]);
});

test('a host that sends its lines to another one has processes of its own', () => {
  const memory = new ConnectionMemory();
  const reader = createLineReader({ host: 'h', zone: 'UTC', rawLine: false });
  const ids = ['web1', 'web2', 'web1'].map((host, at) => {
    const line = `2026-11-23T18:00:00Z ${host} sshd[2]: Failed password for alice ${FROM} ssh2`;
    const record = reader.fromLine(line, `${at}`, START_MS);
    memory.note(record);
    return record.connection_id;
  });
  assert.deepEqual(ids, ['0', '1', '0']);
});

test('Removed session N. gets the user of New session N, and none of an earlier boot', () => {
  const users = recordsOf([
    'systemd-logind[1]: New session 5 of user alice.',
    'systemd-logind[1]: Session 5 logged out. Waiting for processes to exit.',
    'systemd-logind[1]: Removed session 5.',
    'systemd-logind[1]: Removed session 5.',
    "systemd-logind[1]: New session 'c1' of user 'bob' with class 'user' and type 'tty'.",
    "systemd-logind[1]: Removed session 'c1'.",
  ]).map(({ user_name, inherited_fields }) => `${user_name} ${inherited_fields}`);
  const none = 'undefined undefined';
  assert.deepEqual(users, [
    'alice undefined',
    'alice user_name',
    'alice user_name',
    none,
    'bob undefined',
    'bob user_name',
  ]);
});

test('the memory is bounded, also by what clients choose', () => {
  const memory = new ConnectionMemory();
  const reader = createLineReader({ host: 'h', zone: 'UTC', rawLine: false });
  for (let n = 0; n < 3 * MOST_CONNECTIONS; n++) {
    const user = `${'x'.repeat(n % 200)}${n}`;
    const text = `web${n % 7} sshd[${n}]: Invalid user ${user} from 2001:db8:1111:2222:3333:4444:5555:${(n % 60000).toString(16)} port ${n % 60000}`;
    memory.note(reader.fromLine(`2026-11-23T18:00:00Z ${text}`, `0123456789abcdef-${n}-01234567`, START_MS));
  }
  const saved = memory.save();
  assert.ok(saved.connections.length <= MOST_CONNECTIONS + 1);
  assert.ok(JSON.stringify(saved).length < 512 * 1024, `${JSON.stringify(saved).length}`);
});

test('a host whose connections have all expired is forgotten but for a few', () => {
  const memory = new ConnectionMemory();
  const lines = Array.from(
    { length: 5000 },
    (_, n) => `+20 sshd[${n + 2}]: Connection closed by 192.0.2.7 port ${n + 1} [preauth]`,
  );
  recordsOf(lines, memory);
  assert.ok(memory.save().connections.length < 100, `${memory.save().connections.length}`);
});
