import { sourceOf } from '../address.ts';
import { type AuthFields, between, word } from '../fields.ts';
import { authentication, code, ldapBind, numbered, request } from './remote.ts';
import { granted, refused, rest } from './verdict.ts';

/**
 * What single PAM modules say, found by the first word: Linux-PAM's pam_unix, pam_faillock, pam_tally2, pam_wheel,
 * pam_limits, pam_access, pam_listfile, pam_succeed_if, pam_securetty, pam_shells, pam_rhosts, pam_userdb and pam_lastlog;
 * sssd, Samba's winbind, Kerberos, LDAP, google-authenticator, oath-toolkit and systemd.
 */
type ModuleRule = (text: string, module: string) => AuthFields | undefined;

export function parseModuleText(text: string, module: string): AuthFields | undefined {
  return RULES.get(word(text, 0))?.(text, module);
}

function notChanged(user?: string): AuthFields {
  return { event_action: 'password_changed', event_outcome: 'failure', user_name: user, target_user_name: user };
}

function check(text: string): AuthFields | undefined {
  if (!text.startsWith('check pass; user ')) return undefined;
  return refused(text.endsWith(') unknown') ? text.slice(18, -9) : undefined, 'invalid_user');
}

/** `password changed for NAME`, `password not changed for NAME on HOST`, `password - new password not obtained`. */
function password(text: string): AuthFields | undefined {
  const changed = rest(text, 'password changed for ');
  if (changed !== undefined) {
    const user = changed.replace(/ on \S+$/, '');
    return { event_action: 'password_changed', event_outcome: 'success', user_name: user, target_user_name: user };
  }
  const not = rest(text, 'password not changed for ');
  if (not !== undefined) return notChanged(not.replace(/ on \S+$/, ''));
  const failed = rest(text, 'password check failed for user (');
  if (failed !== undefined) return refused(failed.replace(/\)$/, ''), 'wrong_password');
  if (text.startsWith('password mismatch')) return refused(undefined, 'wrong_password');
  return text.startsWith('password - ') ? notChanged() : undefined;
}

function account(text: string): AuthFields | undefined {
  const expired = text.lastIndexOf(' has expired (');
  if (expired !== -1) {
    const isPassword = text.endsWith('(failed to change password)');
    return refused(text.slice(8, expired), isPassword ? 'password_expired' : 'account_expired');
  }
  const future = text.indexOf(' has password changed in future');
  return future === -1 ? undefined : refused(text.slice(8, future));
}

/** `user NAME (UID) tally N, deny N`, `user 'NAME' granted access`, `user NAME inactive for N days - denied`, … */
function user(text: string): AuthFields | undefined {
  if (/^user unknown$/i.test(text)) return refused(undefined, 'invalid_user');
  const unknown = rest(text, 'User unknown: ');
  if (unknown !== undefined) return refused(unknown, 'invalid_user');
  const tally = / \(\d+\) (?:tally \d+, deny \d+|has time limit \[)/.exec(text);
  if (tally !== null) return refused(text.slice(5, tally.index), 'account_locked');
  const quoted = /^[Uu]ser [`'"](.*)['"] (.*)$/.exec(text);
  if (quoted !== null) return quotedUser(quoted[1] ?? '', quoted[2] ?? '');
  const asPrincipal = text.indexOf(' authenticated as ');
  if (asPrincipal !== -1) return granted(text.slice(5, asPrincipal));
  const inactive = /^user (\S+) inactive for \d+ days - denied$/.exec(text)?.[1];
  if (inactive !== undefined) return refused(inactive, 'account_expired');
  if (text.startsWith('User has an invalid shell ')) return refused(undefined, 'not_allowed');
  return /^user (?:not authenticated|password changed by another|shadow entry expired)/.test(text)
    ? notChanged()
    : undefined;
}

function quotedUser(name: string, said: string): AuthFields | undefined {
  if (said === 'granted access') return granted(name);
  if (said.startsWith('denied access')) {
    return refused(name, said === 'denied access (incorrect password)' ? 'wrong_password' : undefined);
  }
  if (said === 'not found in the database') return refused(name, 'invalid_user');
  return said.startsWith('does not exist in ') ? notChanged(name) : undefined;
}

function access(text: string): AuthFields | undefined {
  const sssd = numbered(text, 'Access denied for user ');
  if (sssd !== undefined) return sssd;
  // pam_access: ``access denied for user `NAME' from `HOST'``; HOST can be a terminal or a service.
  const from = text.lastIndexOf("' from `");
  if (text.startsWith('access denied for user `') && from !== -1) {
    const origin = text.slice(from + 8, -1);
    const isHost = /[.:]/.test(origin) && !origin.startsWith('/');
    return { ...refused(text.slice(24, from), 'not_allowed'), ...(isHost ? sourceOf(origin) : {}) };
  }
  const wheel = /^Access (granted|denied) to '(.*)' for '(.*)'$/.exec(text);
  if (wheel !== null) {
    const [, verdict, actor, target] = wheel;
    const fields = verdict === 'granted' ? granted(actor) : refused(actor, 'not_allowed');
    return { ...fields, target_user_name: target };
  }
  return text.startsWith('access denied: tty ') ? refused(undefined, 'not_allowed') : undefined;
}

function requirement(text: string): AuthFields | undefined {
  if (text.endsWith(' not met by unknown user')) return refused(undefined, 'invalid_user');
  const by = text.lastIndexOf(' not met by user "');
  return by === -1 ? undefined : refused(text.slice(by + 18, -1), 'not_allowed');
}

/** `denied access to RUSER@RHOST as NAME` of pam_rhosts; the client chooses RUSER. */
function rhosts(text: string): AuthFields | undefined {
  const said = rest(text, 'denied access to ') ?? rest(text, 'allowed access to ');
  const as = said?.lastIndexOf(' as ') ?? -1;
  if (said === undefined || as === -1) return undefined;
  const from = said.slice(0, as);
  const name = said.slice(as + 4);
  const fields = text.startsWith('denied') ? refused(name, 'not_allowed') : granted(name);
  return { ...fields, ...sourceOf(from.slice(from.lastIndexOf('@') + 1)) };
}

function tooMany(text: string): AuthFields | undefined {
  if (text.startsWith('Too many concurrent login attempts (')) return refused(undefined, 'too_many_failures');
  const name = /^Too many logins \(max \d+\) for (.*)$/.exec(text)?.[1];
  return name === undefined && !text.startsWith('Too many system logins ') ? undefined : refused(name, 'not_allowed');
}

function failedTo(text: string): AuthFields | undefined {
  if (text.startsWith('Failed to create session')) {
    return { event_action: 'login_session_new', event_outcome: 'failure' };
  }
  // google-authenticator: `Failed to read "FILE" for "NAME": No such file or directory`.
  const name = /^Failed to read ".*" for "(.*)": [^"]*$/.exec(text)?.[1];
  return name === undefined ? undefined : refused(name);
}

function couldNot(text: string): AuthFields | undefined {
  const info = rest(text, 'could not obtain user info (') ?? rest(text, 'could not identify user (from getpwnam(');
  if (info !== undefined)
    return refused(info.replace(/\)+$/, ''), text.includes('getpwnam') ? 'invalid_user' : undefined);
  return text.startsWith('could not identify user') ? refused() : undefined;
}

const RULES: ReadonlyMap<string, ModuleRule> = new Map<string, ModuleRule>([
  ['check', check],
  ['password', password],
  ['account', account],
  ['user', user],
  ['User', user],
  ['received', (text) => numbered(text, 'received for user ')],
  ['access', access],
  ['Access', access],
  ['requirement', requirement],
  ['denied', rhosts],
  ['allowed', rhosts],
  ['request', request],
  ['authentication', authentication],
  [
    'Authentication',
    (text) => (text.startsWith('Authentication failure; user=') ? refused(text.slice(29)) : undefined),
  ],
  ['error', ldapBind],
  ['Invalid', code],
  ['Accepted', code],
  ['Trying', code],
  ['Did', code],
  ['Dummy', code],
  ['One-time', code],
  ['Too', tooMany],
  ['Failed', failedTo],
  ['could', couldNot],
  ['bad', (text) => (text.startsWith('bad username [') ? refused(text.slice(14, -1), 'invalid_user') : undefined)],
  ['expired', (text) => expiredPassword(text)],
  ['Consecutive', (text) => locked(text)],
  [
    'No',
    (text) => (text.startsWith('No logins allowed for ') ? refused(between(text, "'", "'"), 'not_allowed') : undefined),
  ],
  ['Refused', (text) => refused(between(text, 'Refused user ', ' for service '), 'not_allowed')],
  ['auth', (text) => (text.startsWith('auth could not ') ? refused(between(text, '[', ']')) : undefined)],
  ['conversation', (text) => (text.startsWith('conversation failed') ? refused() : undefined)],
  ['root', (text) => (text.startsWith('root login denied') ? refused('root', 'not_allowed') : undefined)],
  ['new', (text) => (text.startsWith('new password not acceptable') ? notChanged() : undefined)],
]);

function expiredPassword(text: string): AuthFields | undefined {
  const name = rest(text, 'expired password for user ');
  return name === undefined ? undefined : refused(name.replace(/ \([^()]*\)$/, ''), 'password_expired');
}

function locked(text: string): AuthFields | undefined {
  const name = /^Consecutive login failures for user (.*) account temporarily locked$/.exec(text)?.[1];
  return name === undefined ? undefined : refused(name, 'account_locked');
}
