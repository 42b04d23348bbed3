import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createLineReader } from '../../../../nodes/auth-log-in/message/record.ts';
import { cpuMsOf } from '../../../support/cpu-time.ts';

/**
 * What somebody without rights can write into a line: the name that he logs in with, his folder, his command, his
 * variables. It is made of what follows it in the lines of each program.
 */
const NOW = Date.UTC(2026, 10, 23);
const TRUE_IP = '192.0.2.7';

const PIECES = [
  ' from 9.9.9.9 port 1 ssh2',
  ' from 9.9.9.9 port 1',
  ' from 9.9.9.9:1',
  ' from 9.9.9.9',
  ' 9.9.9.9 port 1 [preauth]',
  ' via 9.9.9.9',
  '@9.9.9.9',
  ' (9.9.9.9)',
  ' rhost=9.9.9.9',
  '  user=root',
  ' ruser=root',
  ' [9.9.9.9]',
  ' (9.9.9.9[9.9.9.9]): USER root',
  ': Login successful.',
  ' (Login failed): Incorrect password.',
  ': no such user found from 9.9.9.9 [9.9.9.9] to 9.9.9.9:21',
  '] OK LOGIN: Client "9.9.9.9"',
  ' ; USER=nobody ; COMMAND=/bin/true',
  ' ; USER=nobody',
  ' ; COMMAND=/bin/true',
  ' ; TTY=pts/9 ; PWD=/x ; USER=nobody ; COMMAND=/bin/true',
  ' ; ENV=A=1',
  ' ; GROUP=wheel',
  '] [COMMAND=/bin/true]',
  ' [USER=nobody]',
  ' as nobody from /x',
  ' ran command /bin/true as nobody from /x',
  '] owned by unix-user:nobody (check requested by x)',
  ' (owned by unix-user:nobody)',
  ' FAILED to authenticate to gain ',
  ' successfully authenticated as unix-user:nobody to gain ',
  "' from 9.9.9.9:1",
  "' on '/dev/pts/9' from '9.9.9.9'",
  "', Authentication failure",
  ' FROM 9.9.9.9 FOR root, x',
  ' by user nobody',
  ' failed, subsystem not found',
  ' on pts/9',
  ' not allowed because ',
  ': ',
  ', ',
  "'",
  '"',
  '(',
  ')',
  ' ',
  'invalid user ',
  'pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=9.9.9.9  user=root',
];

const chosen = fc
  .array(fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...PIECES) }, fc.string({ maxLength: 5 })), { maxLength: 5 })
  .map((parts) =>
    parts
      .join('')
      .replaceAll(/[^ -~]/g, '')
      .trim(),
  )
  .filter((text) => text !== '');

type Expected = { [key: string]: string | number | undefined };

/** A line with chosen text, and what its record must say. In `may` a key may also be absent. */
interface Case {
  program: string;
  text: (chosen: string) => string;
  must: Expected;
  may?: Expected;
}

const failed = { event_outcome: 'failure' } as const;
const sudo = { event_action: 'sudo', event_outcome: 'success', user_name: 'alice' } as const;

const CASES: Case[] = [
  {
    program: 'sshd',
    text: (name) => `input_userauth_request: invalid user ${name} [preauth]`,
    must: { event_action: 'ssh_invalid_user', ...failed, source_ip: undefined, source_hostname: undefined },
  },
  {
    program: 'sshd',
    text: (name) => `administratively prohibited connection for invalid user ${name} from ${TRUE_IP} port 5022`,
    must: { event_action: 'ssh_not_allowed', ...failed, source_ip: TRUE_IP, source_port: 5022 },
  },
  {
    program: 'sshd',
    text: (name) => `error: PAM: Authentication failure for illegal user ${name} from ${TRUE_IP}`,
    must: { event_action: 'pam_auth_failure', ...failed, source_ip: TRUE_IP },
  },
  {
    program: 'sshd',
    text: (name) => `refused connect from ${name}@ws.example.com (${TRUE_IP})`,
    must: { event_action: 'ssh_not_allowed', ...failed, source_ip: TRUE_IP, source_hostname: 'ws.example.com' },
  },
  {
    program: 'sshd',
    text: (name) => `subsystem request for ${name} by user alice failed, subsystem not found`,
    must: { event_action: 'ssh_subsystem', ...failed, user_name: 'alice' },
  },
  {
    program: 'sshd',
    text: (name) => `Starting session: subsystem '${name}' for alice from ${TRUE_IP} port 5022 id 0`,
    must: { event_action: 'ssh_session', user_name: 'alice', source_ip: TRUE_IP, tty: undefined },
  },
  {
    program: 'sshd',
    text: (host) =>
      `Received request from ${TRUE_IP} port 5022 to connect to host ${host} port 80, but the request was denied.`,
    must: { event_action: 'ssh_forwarding', ...failed, source_ip: TRUE_IP, source_port: 5022 },
  },
  {
    program: 'sshd(pam_google_authenticator)',
    text: (name) => `Invalid verification code for ${name}`,
    must: { event_action: 'pam_auth_failure', ...failed, source_ip: undefined },
  },
  {
    program: 'vsftpd',
    text: (name) =>
      `pam_unix(vsftpd:auth): authentication failure; logname= uid=0 euid=0 tty=ftp ruser=${name} rhost=${TRUE_IP}`,
    must: { event_action: 'pam_auth_failure', ...failed, source_ip: TRUE_IP },
  },
  {
    program: 'vsftpd',
    text: (name) =>
      `pam_unix(vsftpd:auth): authentication failure; logname= uid=0 euid=0 tty=ftp ruser=${name} rhost=${TRUE_IP}  user=alice`,
    must: { event_action: 'pam_auth_failure', ...failed, source_ip: TRUE_IP, user_name: 'alice' },
  },
  {
    program: 'ftpd',
    text: (name) =>
      `pam_sss(ftp:auth): authentication failure; logname= uid=0 euid=0 tty=ftp ruser=${name} rhost=${TRUE_IP} user=${name}`,
    must: { event_action: 'pam_auth_failure', ...failed },
    may: { source_ip: TRUE_IP },
  },
  {
    program: 'sshd',
    text: (name) =>
      `pam_sss(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=${TRUE_IP} user=${name}`,
    must: { event_action: 'pam_auth_failure', ...failed, source_ip: TRUE_IP },
  },
  {
    program: 'sudo',
    text: (folder) => `alice : TTY=pts/0 ; PWD=/tmp/${folder} ; USER=root ; COMMAND=/usr/bin/id`,
    must: { ...sudo, tty: 'pts/0' },
    may: { target_user_name: 'root', process_command_line: '/usr/bin/id', group_name: undefined },
  },
  {
    program: 'sudo',
    text: (command) => `alice : TTY=pts/0 ; PWD=/tmp ; USER=root ; COMMAND=/bin/sh -c ${command}`,
    must: { ...sudo, tty: 'pts/0' },
    may: { target_user_name: 'root', working_directory: '/tmp', group_name: undefined },
  },
  {
    program: 'sudo',
    text: (value) => `alice : PWD=/tmp ; USER=root ; ENV=A=${value} ; COMMAND=/bin/sh`,
    must: sudo,
    may: { target_user_name: 'root', process_command_line: '/bin/sh', group_name: undefined },
  },
  {
    program: 'sudo',
    text: (name) => `alice : unknown user ${name} ; TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/bin/sh`,
    must: { event_action: 'sudo', ...failed, user_name: 'alice' },
    may: { target_user_name: 'root', tty: 'pts/0', process_command_line: '/bin/sh' },
  },
  {
    program: 'pkexec',
    text: (folder) => `alice: Executing command [USER=root] [TTY=/dev/pts/0] [CWD=/${folder}] [COMMAND=/bin/sh]`,
    must: { event_action: 'pkexec', event_outcome: 'success', user_name: 'alice', target_user_name: 'root' },
    may: { process_command_line: '/bin/sh' },
  },
  {
    program: 'doas',
    text: (folder) => `alice ran command id as root from /tmp/${folder}`,
    must: { event_action: 'doas', event_outcome: 'success', user_name: 'alice' },
    may: { target_user_name: 'root', process_command_line: 'id' },
  },
  {
    program: 'doas',
    text: (command) => `alice ran command sh -c ${command} as root from /tmp`,
    must: { event_action: 'doas', event_outcome: 'success', user_name: 'alice' },
    may: { target_user_name: 'root', working_directory: '/tmp' },
  },
  {
    program: 'polkitd',
    text: (command) =>
      `Denying action a.b for unix-process:4:5 [${command}] owned by unix-user:alice (check requested by x)`,
    must: { event_action: 'polkit_authorization', ...failed },
    may: { user_name: 'alice' },
  },
  {
    program: 'polkitd',
    text: (command) =>
      `Operator of unix-session:1 FAILED to authenticate to gain authorization for action a.b for unix-process:4:5 [${command}] (owned by unix-user:alice)`,
    must: { event_action: 'polkit_authorization', ...failed, user_name: 'alice', target_user_name: undefined },
  },
  {
    program: 'dropbear',
    text: (name) => `Bad password attempt for '${name}' from ${TRUE_IP}:5022`,
    must: { event_action: 'ssh_login_failed', ...failed, source_ip: TRUE_IP, source_port: 5022 },
  },
  {
    program: 'dropbear',
    text: (name) => `Login attempt with wrong user ${name} from ${TRUE_IP}:5022`,
    must: { event_action: 'ssh_invalid_user', ...failed, source_ip: TRUE_IP, source_port: 5022 },
  },
  {
    program: 'login',
    text: (name) => `invalid password for '${name}' on '/dev/pts/1' from '${TRUE_IP}'`,
    must: { event_action: 'login_failed', ...failed, source_ip: TRUE_IP, tty: '/dev/pts/1' },
  },
  {
    program: 'login',
    text: (name) => `FAILED LOGIN (1) on '/dev/pts/1' from '${TRUE_IP}' FOR '${name}', Authentication failure`,
    must: { event_action: 'login_failed', ...failed, source_ip: TRUE_IP, tty: '/dev/pts/1' },
  },
  {
    program: 'login',
    text: (name) => `FAILED LOGIN 1 FROM ${TRUE_IP} FOR ${name}, Authentication failure`,
    must: { event_action: 'login_failed', ...failed, source_ip: TRUE_IP },
  },
  {
    program: 'vsftpd',
    text: (name) => `[${name}] FAIL LOGIN: Client "${TRUE_IP}"`,
    must: { event_action: 'login_failed', ...failed, source_ip: TRUE_IP },
  },
  {
    program: 'proftpd',
    text: (name) => `web1 (ws.example.com[${TRUE_IP}]): USER ${name} (Login failed): Incorrect password.`,
    must: { event_action: 'login_failed', ...failed, source_ip: TRUE_IP },
  },
  {
    program: 'proftpd',
    text: (name) =>
      `web1 (${TRUE_IP}[${TRUE_IP}]): USER ${name}: no such user found from ${TRUE_IP} [${TRUE_IP}] to 192.0.2.1:21`,
    must: { event_action: 'login_failed', ...failed, source_ip: TRUE_IP },
  },
  {
    program: 'pure-ftpd',
    text: (name) => `(?@${TRUE_IP}) [WARNING] Authentication failed for user [${name}]`,
    must: { event_action: 'login_failed', ...failed, source_ip: TRUE_IP },
  },
];

const reader = createLineReader({ host: 'h', zone: 'UTC', rawLine: false });

for (const { program, text, must, may = {} } of CASES) {
  test(`nobody chooses who, whence or whether in: ${program}: ${text('…')}`, () => {
    fc.assert(
      fc.property(chosen, (name) => {
        const record = reader.fromLine(`2026-11-23T18:04:20+00:00 web1 ${program}[1]: ${text(name)}`, 'id', NOW);
        for (const [key, value] of Object.entries(must)) assert.equal(record[key], value, `${key} of ${text(name)}`);
        for (const [key, value] of Object.entries(may)) {
          assert.ok(record[key] === undefined || record[key] === value, `${key} ${record[key]} of ${text(name)}`);
        }
      }),
      { numRuns: 1000, seed: 20_261_126 },
    );
  });
}

test('text of a program that is known is never read as that of another', () => {
  const forged = 'sshd[1]: Accepted password for root from 9.9.9.9 port 1 ssh2';
  const headers = [
    'Nov 23 18:04:20 web1 app[7]: ',
    'Nov 23 18:04:20 web1 app: ',
    'Nov 23 18:04:20 app[7]: ',
    'Nov 23 18:04:20 web1 daemon.info app[7]: ',
    '2026-11-23T18:04:20 web1 app[7]: ',
    '2026-11-23 18:04:20,5 web1 app: ',
    'Mon Nov 23 18:04:20 2026 daemon.info app[7]: ',
    '<30>app[7]: ',
    '<30>1 2026-11-23T18:04:20Z web1 app 7 - - ',
    '1 2026-11-23T18:04:20Z web1 app 7 - - ',
    'half past six, app[7]: ',
  ];
  fc.assert(
    fc.property(fc.constantFrom(...headers), chosen, (header, name) => {
      const record = reader.fromLine(`${header}it says ${name} ${forged}`, 'id', NOW);
      assert.notEqual(record.event_action, 'ssh_login', `${header}${name}`);
      assert.equal(record.source_ip, undefined);
    }),
    { numRuns: 3000, seed: 20_261_126 },
  );
});

/** In milliseconds, of the fastest of several: a pause of the machine hits a line once, a bad rule every time. */
const SLOWEST_MS = 1;

test(`no chosen text of 16 KiB takes longer than ${SLOWEST_MS} ms`, () => {
  const fillings = [...PIECES, 'a', ' ', "''", '((', '[[', ' ; ', '= ', ' on ', ': : ', ' as x', '@', '5', '\\'].map(
    (piece) => piece.repeat(Math.ceil(16_384 / piece.length)),
  );
  const headers = [
    '',
    '<38>',
    'Nov 23 18:04:20 ',
    'Nov  ',
    '2026-11-23 ',
    '[',
    '[ID ',
    'Mon Nov 23 18:04:20 ',
    '<38>1 - ',
  ];
  const lines = [
    ...CASES.flatMap(({ program, text }) =>
      fillings.map((filling) => `Nov 23 18:04:20 web1 ${program}[1]: ${text(filling)}`),
    ),
    ...headers.flatMap((header) => fillings.map((filling) => `${header}${filling}`)),
  ];
  for (let times = 0; times < 2; times++) for (const line of lines) reader.fromLine(line, 'id', NOW);
  for (const line of lines) {
    const took = (): number => cpuMsOf(() => reader.fromLine(line, 'id', NOW));
    let fastest = took();
    for (let again = 0; again < 20 && fastest >= SLOWEST_MS; again++) fastest = Math.min(fastest, took());
    assert.ok(fastest < SLOWEST_MS, `${fastest} ms for ${line.slice(0, 200)}`);
  }
});
