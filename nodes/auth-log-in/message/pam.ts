import { sourceOf } from './address.ts';
import { type AuthFields, between } from './fields.ts';

/**
 * Messages of PAM modules, `MODULE(SERVICE:TYPE): TEXT` (Linux-PAM: pam_unix, pam_faillock, pam_tally2, pam_access,
 * pam_succeed_if, pam_listfile; also sssd, Samba's winbind, Kerberos), which any program's log carries.
 */

/** Programs by which one user becomes another: "opened for" is the one he becomes. */
const BECOMING = new Set(['su', 'su-l', 'sudo', 'sudo-i', 'runuser', 'runuser-l', 'polkit-1', 'pkexec', 'doas']);
const CRON = new Set(['cron', 'crond', 'CRON', 'atd']);

/** The message of a PAM module, or undefined where it is not one. */
export function pamMessage(message: string): AuthFields | undefined {
  if (!message.startsWith('pam_') && !message.startsWith('PAM ') && !message.startsWith('gkr-pam')) return undefined;
  const end = message.indexOf('): ');
  const open = message.indexOf('(');
  if (end === -1 || open === -1 || open > end) return moreFailures(message);
  const colon = message.indexOf(':', open);
  const service = message.slice(open + 1, colon < end ? colon : end);
  return pamText(message.slice(end + 3), service);
}

/** What a PAM module says for a service (`sshd`, `sudo`, `cron`, …). */
export function pamText(text: string, service: string): AuthFields | undefined {
  if (text.startsWith('session opened for user ')) return opened(text, service);
  if (text.startsWith('session closed for user ')) return closedSession(text, service);
  if (text.startsWith('authentication failure; ')) return failed(text, service);
  if (text.startsWith('authentication success; ')) {
    return { ...failed(text, service), event_action: 'pam_auth_success', event_outcome: 'success' };
  }
  if (text.startsWith('password changed for ')) {
    const user = text.slice(21);
    return { event_action: 'password_changed', event_outcome: 'success', user_name: user, target_user_name: user };
  }
  for (const [beginning, has, before, after] of REFUSED) {
    if (!text.startsWith(beginning) || !text.includes(has)) continue;
    const user = before === undefined ? undefined : between(text, before, after ?? ' ');
    return { event_action: 'pam_auth_failure', event_outcome: 'failure', user_name: user, ...hostOf(text) };
  }
  return GRANTED.test(text) ? granted(text) : undefined;
}

/** How a refusal begins, what else it says, and between which marks it names the user. */
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
function hostOf(text: string): ReturnType<typeof sourceOf> {
  return text.startsWith('access denied for user ') ? sourceOf(between(text, "' from `", "'") ?? '') : {};
}

const GRANTED = /^(?:user '[^']*' granted access|user \S+ authenticated as |Accepted google_authenticator for )/;

function granted(text: string): AuthFields {
  const user = between(text, "user '", "'") ?? /(?:^user | for )(\S+)/.exec(text)?.[1];
  return { event_action: 'pam_auth_success', event_outcome: 'success', user_name: user };
}

/** `session opened for user NAME(uid=N) by NAME(uid=N)`; older modules give no uid for the first. */
function opened(text: string, service: string): AuthFields {
  const by = text.lastIndexOf(' by ');
  const user = withoutId(text.slice(24, by === -1 ? undefined : by));
  if (CRON.has(service)) return { event_action: 'cron_session', event_outcome: 'success', user_name: user };
  const fields: AuthFields = { event_action: 'session_opened', event_outcome: 'success' };
  if (!BECOMING.has(service)) return { ...fields, user_name: user };
  const actor = by === -1 ? '' : withoutId(text.slice(by + 4));
  return { ...fields, user_name: actor, target_user_name: user };
}

function closedSession(text: string, service: string): AuthFields {
  const user = withoutId(text.slice(24));
  if (CRON.has(service)) return { event_action: 'cron_session', event_outcome: 'success', user_name: user };
  const fields: AuthFields = { event_action: 'session_closed' };
  return BECOMING.has(service) ? { ...fields, target_user_name: user } : { ...fields, user_name: user };
}

function withoutId(name: string): string {
  const open = name.lastIndexOf('(uid=');
  return open === -1 ? name : name.slice(0, open);
}

/** `…; logname=L uid=N euid=N tty=T ruser=R rhost=H  user=U`: the user's name is last and may contain anything. */
function failed(text: string, service: string): AuthFields {
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
  // su asks for the password of the one to become, sudo for that of the one who asks.
  return BECOMING.has(service) && !service.startsWith('sudo')
    ? { ...fields, user_name: actor, target_user_name: user }
    : { ...fields, user_name: user ?? actor };
}

/** `PAM 2 more authentication failures; logname=…`. */
function moreFailures(message: string): AuthFields | undefined {
  const count = /^PAM (\d{1,6}) more authentication failures?; /.exec(message)?.[1];
  return count === undefined ? undefined : { ...failed(message, 'sshd'), repeat_count: Number(count) };
}
