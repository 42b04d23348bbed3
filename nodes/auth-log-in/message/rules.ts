import { accounts } from './accounts.ts';
import type { AuthFields, Rule } from './fields.ts';
import { parsePamMessage, parsePamText } from './pam.ts';
import { cron, login, logind, network, polkit } from './sessions.ts';
import { sshd } from './sshd/index.ts';
import { doas, pkexec, su, sudo } from './sudo.ts';

/** Chooses the rule for a message by the program that wrote it. */

const RULES = new Map<string, Rule>([
  ...['sshd', 'sshd-session', 'sshd-auth', 'sshd2', 'dropbear'].map((name): [string, Rule] => [name, sshd]),
  ['sudo', sudo],
  ...['su', 'su-l', 'runuser'].map((name): [string, Rule] => [name, su]),
  ['pkexec', pkexec],
  ['doas', doas],
  ['systemd-logind', logind],
  ...['CRON', 'cron', 'crond', 'crontab', 'anacron'].map((name): [string, Rule] => [name, cron]),
  ['login', login],
  ...['polkitd', 'polkit'].map((name): [string, Rule] => [name, polkit]),
  ...[
    ...['useradd', 'usermod', 'userdel', 'groupadd', 'groupmod', 'groupdel', 'passwd', 'chpasswd', 'chage', 'gpasswd'],
    ...['chsh', 'chfn', 'newusers', 'adduser', 'deluser', 'vipw', 'groupmems', 'chgpasswd'],
  ].map((name): [string, Rule] => [name, accounts]),
  ...[
    'ftpd',
    'in.ftpd',
    'vsftpd',
    'klogind',
    'rlogind',
    'in.rlogind',
    'telnetd',
    'in.telnetd',
    'rshd',
    'gdm-binary',
  ].map((name): [string, Rule] => [name, network]),
]);

const OTHER: AuthFields = { event_action: 'other' };
const REPEATED = 'message repeated ';

/** The program's name without additions: `sshd` of `sshd(pam_unix)`, `gdm-password` of `gdm-password]`. */
export function plainName(program: string): string {
  const open = program.indexOf('(');
  if (open > 0) return program.slice(0, open);
  return program.endsWith(']') ? program.slice(0, -1) : program;
}

/** The fields of a message. The action is `other` where no rule knows the message. */
export function parseMessage(program: string | undefined, message: string): AuthFields {
  if (message.startsWith(REPEATED)) return parseRepeated(program, message);
  if (program === undefined) return parseLastRepeated(message);
  const rule = RULES.get(program);
  if (message.startsWith('pam_')) return parsePamMessage(message) ?? OTHER;
  if (rule !== undefined) return rule(message) ?? parsePamMessage(message) ?? OTHER;
  // Before Linux-PAM 0.99 the module was part of the program's name: `sshd(pam_unix)[123]: session opened for user …`.
  const open = program.indexOf('(pam_');
  if (open > 0) return parsePamText(message, program.slice(0, open)) ?? OTHER;
  return parsePamMessage(message) ?? RULES.get(plainName(program))?.(message) ?? OTHER;
}

/** rsyslog folds repeated lines to `message repeated 5 times: [ MESSAGE]`. */
function parseRepeated(program: string | undefined, message: string): AuthFields {
  const open = message.indexOf(': [ ', REPEATED.length);
  const count = /^(\d{1,9}) times?$/.exec(message.slice(REPEATED.length, open === -1 ? 0 : open))?.[1];
  if (count === undefined) return OTHER;
  const inner = message.slice(open + 4, message.endsWith(']') ? -1 : undefined);
  const fields = inner.startsWith(REPEATED) ? OTHER : parseMessage(program, inner);
  return { ...fields, repeat_count: Number(count) };
}

/** sysklogd folds them to `last message repeated 3 times`, without the message. */
function parseLastRepeated(message: string): AuthFields {
  const count = /^last message repeated (\d{1,9}) times?$/.exec(message)?.[1];
  return count === undefined ? OTHER : { event_action: 'other', repeat_count: Number(count) };
}
