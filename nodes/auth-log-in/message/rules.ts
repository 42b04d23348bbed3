import { accounts, sysusers } from './accounts.ts';
import { cron } from './cron.ts';
import { dropbear, tinyssh } from './dropbear.ts';
import { FieldSet } from './field-set.ts';
import type { AuthFields, Rule } from './fields.ts';
import { login, nologin } from './login.ts';
import { logind } from './logind.ts';
import { parsePamMessage, parsePamText } from './pam/index.ts';
import { polkit, polkitHelper } from './polkit.ts';
import { network, proftpd, pureFtpd, tailscale, vsftpd } from './services.ts';
import { sftp } from './sftp.ts';
import { sshd } from './sshd/index.ts';
import { sudo } from './sudo.ts';
import { doas, pkexec, su } from './switch-user.ts';
import { plainName } from './tag.ts';

/** Chooses the rule for a message by the program that wrote it. */

const PROGRAMS: readonly (readonly [rule: Rule, ...names: string[]])[] = [
  [sshd, 'sshd', 'sshd-session', 'sshd-auth', 'sshd2'],
  [sftp, 'internal-sftp', 'sftp-server'],
  [dropbear, 'dropbear'],
  [tinyssh, 'tinysshd', 'tinyssh'],
  [sudo, 'sudo', 'sudo-rs', 'sudoedit', 'sudo-i', 'sudo.ws'],
  [su, 'su', 'su-l', 'su-rs', 'runuser', 'runuser-l'],
  [pkexec, 'pkexec'],
  [doas, 'doas'],
  [logind, 'systemd-logind', 'elogind', 'elogind-daemon'],
  [cron, 'CRON', 'cron', 'crond', 'crontab', 'anacron'],
  [login, 'login', 'remote'],
  [nologin, 'nologin'],
  [polkit, 'polkitd', 'polkit'],
  [polkitHelper, 'polkit-agent-helper-1'],
  [
    accounts,
    ...['useradd', 'usermod', 'userdel', 'groupadd', 'groupmod', 'groupdel', 'passwd', 'chpasswd', 'chage', 'gpasswd'],
    ...['chsh', 'chfn', 'newusers', 'adduser', 'deluser', 'vipw', 'groupmems', 'chgpasswd', 'newgrp', 'sg', 'grpck'],
  ],
  [sysusers, 'systemd-sysusers'],
  // pam_unix has these read passwords for it.
  [(text) => parsePamText(text, '', 'pam_unix'), 'unix_chkpwd', 'unix_update'],
  [() => undefined, 'systemd', 'systemd-user', 'sssd', 'gdm-password'],
  [vsftpd, 'vsftpd'],
  [proftpd, 'proftpd'],
  [pureFtpd, 'pure-ftpd', 'pure-ftpd-mysql', 'pure-ftpd-ldap'],
  [tailscale, 'tailscaled'],
  [
    network,
    ...['ftpd', 'in.ftpd', 'wu-ftpd', 'klogind', 'rlogind', 'in.rlogind', 'telnetd', 'in.telnetd', 'rshd', 'in.rshd'],
    'gdm-binary',
  ],
];

const RULES: ReadonlyMap<string, Rule> = new Map(
  PROGRAMS.flatMap(([rule, ...names]) => names.map((name): [string, Rule] => [name, rule])),
);

const OTHER: AuthFields = { event_action: 'other' };
const REPEATED = 'message repeated ';
/** Whether there are rules for the messages of a program. */
export function isKnownProgram(program: string): boolean {
  return RULES.has(program) || RULES.has(plainName(program));
}

/** Reads messages. Neighbouring lines are of one program, whose rule it remembers. */
export class MessageParser {
  #program: string | undefined;
  #rule: Rule | undefined;

  /** The fields of a message. The action is `other` where no rule knows the message. */
  parse(program: string | undefined, message: string, into: FieldSet): AuthFields {
    const text = message.charCodeAt(message.length - 1) <= 32 ? message.trimEnd() : message;
    if (text.startsWith(REPEATED)) return this.#parseRepeated(program, text, into);
    if (program === undefined) return parseLastRepeated(text) ?? OTHER;
    return (
      this.#byRule(program, text, into) ?? this.#withoutColours(program, text, into) ?? parseLastRepeated(text) ?? OTHER
    );
  }

  #byRule(program: string, text: string, into: FieldSet): AuthFields | undefined {
    const rule = this.#ruleOf(program);
    const first = text.charCodeAt(0);
    // `pam_…`, `(pam_…) …`; cron's messages begin with a parenthesis too.
    if ((first === 112 && text.startsWith('pam_')) || (first === 40 && text.startsWith('(pam_'))) {
      return parsePamMessage(text, program) ?? rule?.(text, into);
    }
    if (rule !== undefined) return rule(text, into) ?? parsePamMessage(text, program);
    // Before Linux-PAM 0.99 the module was part of the program's name: `sshd(pam_unix)[123]: session opened for user …`.
    const open = program.indexOf('(pam_');
    if (open > 0) return parseModule(program, open, text);
    return parsePamMessage(text, program) ?? RULES.get(plainName(program))?.(text, into);
  }

  #ruleOf(program: string): Rule | undefined {
    if (program !== this.#program) {
      this.#program = program;
      this.#rule = RULES.get(program);
    }
    return this.#rule;
  }

  /** rsyslog folds repeated lines to `message repeated 5 times: [ MESSAGE]`. */
  #parseRepeated(program: string | undefined, message: string, into: FieldSet): AuthFields {
    const open = message.indexOf(': [ ', REPEATED.length);
    const count = /^(\d{1,9}) times?$/.exec(message.slice(REPEATED.length, open === -1 ? 0 : open))?.[1];
    if (count === undefined) return OTHER;
    const inner = message.slice(open + 4, message.endsWith(']') ? -1 : undefined);
    const fields = FieldSet.of(inner.startsWith(REPEATED) ? OTHER : this.parse(program, inner, into), into);
    fields.repeat_count = Number(count);
    return fields;
  }

  /** A message in colours: an escape, or as rsyslog writes it, before and behind it. */
  #withoutColours(program: string, text: string, into: FieldSet): AuthFields | undefined {
    const mark = text.startsWith('\u001b[') ? '\u001b' : text.startsWith('#033[') ? '#033' : undefined;
    if (mark === undefined) return undefined;
    const from = text.indexOf('m');
    const end = text.lastIndexOf(`${mark}[`);
    if (from === -1 || from > 16) return undefined;
    return this.#byRule(program, text.slice(from + 1, end > from ? end : undefined).trimEnd(), into);
  }
}

function parseModule(program: string, open: number, text: string): AuthFields {
  const module = program.slice(open + 1, program.endsWith(')') ? -1 : undefined);
  const service = program.slice(0, open);
  const fields = FieldSet.of(parsePamText(text, service, module) ?? OTHER);
  fields.pam_module = module;
  fields.pam_service = service;
  return fields;
}

/** sysklogd folds them to `last message repeated 3 times`, without the message. */
function parseLastRepeated(message: string): AuthFields | undefined {
  if (!message.startsWith('last message ')) return undefined;
  const count = /^last message (?:buffered|repeated) (\d{1,9}) times?$/.exec(message)?.[1];
  return count === undefined ? undefined : { event_action: 'message_repeated', repeat_count: Number(count) };
}
