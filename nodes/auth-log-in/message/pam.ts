import { sourceOf } from './address.ts';
import { type AuthFields, between } from './fields.ts';

/**
 * Messages of PAM modules, `MODULE(SERVICE:TYPE): TEXT`: those of Linux-PAM (pam_unix, pam_faillock, pam_tally2,
 * pam_access, pam_succeed_if, pam_listfile), sssd, Samba's winbind and Kerberos. Any program can log them.
 */

/** Services that switch the user. They open a session for the new user. */
const SWITCHING = new Set(['su', 'su-l', 'sudo', 'sudo-i', 'runuser', 'runuser-l', 'polkit-1', 'pkexec', 'doas']);
const CRON = new Set(['cron', 'crond', 'CRON', 'atd']);

/** Reads the message of a PAM module. Undefined where it is none. */
export function parsePamMessage(message: string): AuthFields | undefined {
  if (!message.startsWith('pam_') && !message.startsWith('PAM ') && !message.startsWith('gkr-pam')) return undefined;
  const end = message.indexOf('): ');
  const open = message.indexOf('(');
  if (end === -1 || open === -1 || open > end) return repeatedFailures(message);
  const colon = message.indexOf(':', open);
  const service = message.slice(open + 1, colon < end ? colon : end);
  return parsePamText(message.slice(end + 3), service);
}

/** Reads what a PAM module says after its name, for a service (`sshd`, `sudo`, `cron`, …). */
export function parsePamText(text: string, service: string): AuthFields | undefined {
  if (text.startsWith('session opened for user ')) return sessionOpened(text, service);
  if (text.startsWith('session closed for user ')) return sessionClosed(text, service);
  if (text.startsWith('authentication failure; ')) return authenticationFailed(text, service);
  if (text.startsWith('authentication success; ')) {
    return { ...authenticationFailed(text, service), event_action: 'pam_auth_success', event_outcome: 'success' };
  }
  if (text.startsWith('password changed for ')) {
    const user = text.slice(21);
    return { event_action: 'password_changed', event_outcome: 'success', user_name: user, target_user_name: user };
  }
  for (const [beginning, has, before, after] of REFUSED) {
    if (!text.startsWith(beginning) || !text.includes(has)) continue;
    const user = before === undefined ? undefined : between(text, before, after ?? ' ');
    return { event_action: 'pam_auth_failure', event_outcome: 'failure', user_name: user, ...refusedHost(text) };
  }
  return GRANTED.test(text) ? authenticationGranted(text) : undefined;
}

/** How a refusal begins, what else it contains, and the texts around the user's name. */
const REFUSED: [beginning: string, has: string, before?: string, after?: string][] = [
  ['check pass; user unknown', ''],
  ['bad username [', '', '[', ']'],
  ['account ', ' has expired', 'account ', ' has '],
  ['account ', ' has password changed in future', 'account ', ' has '],
  ['expired password for user ', '', ' user ', ' ('],
  ['Consecutive login failures for user ', '', ' user ', ' account'],
  ['User unknown', ''],
  ['user unknown', ''],
  ['user ', ' tally ', 'user ', ' ('],
  ['User ', ' tally ', 'User ', ' ('],
  ['received for user ', '', ' user ', ': '],
  ['requirement "', ' not met by user "', ' not met by user "', '"'],
  ['access denied for user ', ' from ', ' user `', "'"],
  ['Refused user ', '', ' user ', ' for service'],
  ["user '", ' denied access', "user '", "'"],
  ['request ', 'PAM_AUTH_ERR'],
  ['request ', 'PAM_USER_UNKNOWN'],
  ['auth could not identify password for ', '', '[', ']'],
  ['conversation failed', ''],
  ['could not identify user', ''],
  ['Invalid verification code for ', '', ' for '],
  ['error trying to bind as user ', '', ' user "', '"'],
  ['authentication fails for user', '', ' user '],
  ['password mismatch', ''],
  ['root login denied', ''],
];

/** pam_access: ``access denied for user `NAME' from `HOST'``. */
function refusedHost(text: string): ReturnType<typeof sourceOf> {
  return text.startsWith('access denied for user ') ? sourceOf(between(text, "' from `", "'") ?? '') : {};
}

const GRANTED = /^(?:user '[^']*' granted access|user \S+ authenticated as |Accepted google_authenticator for )/;

function authenticationGranted(text: string): AuthFields {
  const user = between(text, "user '", "'") ?? /(?:^user | for )(\S+)/.exec(text)?.[1];
  return { event_action: 'pam_auth_success', event_outcome: 'success', user_name: user };
}

/** `session opened for user NAME(uid=N) by NAME(uid=N)`. Older modules write no uid after the first name. */
function sessionOpened(text: string, service: string): AuthFields {
  const by = text.lastIndexOf(' by ');
  const user = withoutId(text.slice(24, by === -1 ? undefined : by));
  if (CRON.has(service)) return { event_action: 'cron_session', event_outcome: 'success', user_name: user };
  const fields: AuthFields = { event_action: 'session_opened', event_outcome: 'success' };
  if (!SWITCHING.has(service)) return { ...fields, user_name: user };
  const actor = by === -1 ? '' : withoutId(text.slice(by + 4));
  return { ...fields, user_name: actor, target_user_name: user };
}

function sessionClosed(text: string, service: string): AuthFields {
  const user = withoutId(text.slice(24));
  if (CRON.has(service)) return { event_action: 'cron_session', event_outcome: 'success', user_name: user };
  const fields: AuthFields = { event_action: 'session_closed' };
  return SWITCHING.has(service) ? { ...fields, target_user_name: user } : { ...fields, user_name: user };
}

function withoutId(name: string): string {
  const open = name.lastIndexOf('(uid=');
  return open === -1 ? name : name.slice(0, open);
}

/** `…; logname=L uid=N euid=N tty=T ruser=R rhost=H  user=U`. The user's name is last and can contain anything. */
function authenticationFailed(text: string, service: string): AuthFields {
  const host = text.indexOf(' rhost=');
  const userAt = host === -1 ? -1 : text.indexOf(' user=', host);
  const known = userAt === -1 ? text : text.slice(0, userAt);
  const user = userAt === -1 ? undefined : text.slice(userAt + 6);
  const actor = between(known, ' ruser=', ' rhost=');
  const tty = between(known, ' tty=', ' ');
  const fields: AuthFields = {
    event_action: 'pam_auth_failure',
    event_outcome: 'failure',
    tty: tty === 'ssh' || tty === 'NODEVssh' ? undefined : tty,
    ...sourceOf(host === -1 ? '' : known.slice(host + 7).trim()),
  };
  // su asks for the password of the new user, sudo for that of the user who calls it.
  return SWITCHING.has(service) && !service.startsWith('sudo')
    ? { ...fields, user_name: actor, target_user_name: user }
    : { ...fields, user_name: user ?? actor };
}

/** `PAM 2 more authentication failures; logname=…`. */
function repeatedFailures(message: string): AuthFields | undefined {
  const count = /^PAM (\d{1,6}) more authentication failures?; /.exec(message)?.[1];
  return count === undefined ? undefined : { ...authenticationFailed(message, 'sshd'), repeat_count: Number(count) };
}
