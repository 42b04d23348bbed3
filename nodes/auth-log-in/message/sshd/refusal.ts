import { endpointAt, endpointBefore, sourceOf } from '../address.ts';
import { copyFields, FieldSet } from '../field-set.ts';
import { type AuthFields, between, type EventReason, reasonOfPamError } from '../fields.ts';
import { addNameAndSource } from './name.ts';
import type { SshdRules } from './rule.ts';

/** Users who are refused: unknown ones, accounts that may not log in, limits, PAM, TCP wrappers. */

const MAXIMUM = 'maximum authentication attempts exceeded for ';

function refused(event_reason?: EventReason, fields?: Partial<AuthFields>): FieldSet {
  const set = new FieldSet('ssh_not_allowed', 'failure', event_reason);
  return fields === undefined ? set : copyFields(set, fields);
}

function invalidUser(text: string, _isPreauth: boolean, into: FieldSet): AuthFields | undefined {
  if (!text.startsWith('user ', 8)) return undefined;
  const end = text.endsWith(' ssh2') ? text.length - 5 : text.length;
  const fields = into.begin('ssh_invalid_user', 'failure', 'invalid_user');
  addNameAndSource(fields, text, 13, end, false);
  return fields;
}

/** `input_userauth_request: invalid user NAME` of OpenSSH up to 7.4: the rest of the message is the client's choice. */
function userauthRequest(text: string): AuthFields | undefined {
  if (!/^input_userauth_request: (?:invalid|illegal) user /.test(text)) return undefined;
  return {
    event_action: 'ssh_invalid_user',
    event_outcome: 'failure',
    event_reason: 'invalid_user',
    user_name: text.slice(37),
  };
}

/** `User NAME[ from HOST] not allowed because REASON`, and what else is said of a user. */
function user(text: string): AuthFields | undefined {
  const because = text.indexOf(' not allowed because ');
  if (because !== -1) {
    const reason = text.endsWith('account is locked') ? 'account_locked' : 'not_allowed';
    const fields = refused();
    addNameAndSource(fields, text, 5, because);
    fields.event_reason = reason;
    return fields;
  }
  const expired = text.indexOf(' password has expired (');
  // The user may log in, but has to choose a new password first.
  if (expired !== -1) {
    return {
      event_action: 'ssh_password_expired',
      event_reason: 'password_expired',
      user_name: text.slice(5, expired),
    };
  }
  if (/^User '[^']*' .* is not a regular file$/.test(text))
    return refused(undefined, { user_name: between(text, "'", "'") });
  // Up to 8.9 without quotes.
  const hosts = /^User (\S+) (?:hosts file|authorized \S+) .* is not a regular file$/.exec(text)?.[1];
  if (hosts !== undefined) return refused(undefined, { user_name: hosts });
  return text.startsWith('User child is on pid ') ? { event_action: 'ssh_session' } : undefined;
}

function account(text: string): AuthFields | undefined {
  const at = text.lastIndexOf(' has expired');
  return at === -1 ? undefined : refused('account_expired', { user_name: text.slice(8, at) });
}

function tooMany(text: string): AuthFields | undefined {
  if (!text.startsWith(MAXIMUM)) return undefined;
  const end = text.endsWith(' ssh2') ? text.length - 5 : text.length;
  const fields = new FieldSet('ssh_too_many_failures', 'failure', 'too_many_failures');
  addNameAndSource(fields, text, MAXIMUM.length, end);
  return fields;
}

const RETRIES = 'PAM: Have exhausted maximum number of retries for service';

/** `PAM: REASON for [illegal user ]NAME from HOST[ via HOST]`. */
function pam(text: string): AuthFields | undefined {
  // One of PAM's reasons has the word itself: `Have exhausted maximum number of retries for service`.
  const nameAt = text.indexOf(' for ', text.startsWith(RETRIES) ? RETRIES.length : 0);
  if (nameAt === -1 || !text.includes(' from ', nameAt)) return { event_action: 'pam_error' };
  // Apple's sshd adds the address that the client spoke to.
  const via = / from \S+( via \S+)$/.exec(text)?.[1]?.length ?? 0;
  const fields = new FieldSet('pam_auth_failure', 'failure', reasonOfPamError(text.slice(0, nameAt)));
  addNameAndSource(fields, text, nameAt + 5, text.length - via);
  return fields;
}

function pamUser(text: string): AuthFields | undefined {
  if (text.startsWith('PAM user mismatch')) return refused(undefined);
  if (!text.startsWith('PAM service(')) return undefined;
  return { event_action: 'ssh_too_many_failures', event_outcome: 'failure', event_reason: 'too_many_failures' };
}

function root(text: string): AuthFields | undefined {
  if (text.startsWith('ROOT LOGIN REFUSED FROM ')) {
    return refused('not_allowed', { user_name: 'root', ...endpointAt(text, 24).source });
  }
  return text.startsWith('Root login accepted') ? { event_action: 'ssh_login_partial' } : undefined;
}

function rhosts(text: string): AuthFields | undefined {
  if (!text.startsWith('Rhosts authentication refused for ')) return undefined;
  return refused(undefined, { user_name: between(text, ' for ', ': ') });
}

function access(text: string): AuthFields | undefined {
  const pam = text.lastIndexOf(' by PAM account');
  // Without PAM up to 7.4: `Access denied for user NAME.`.
  const end = pam === -1 && text.endsWith('.') ? text.length - 1 : pam;
  if (!text.startsWith('Access denied for user ') || end === -1) return undefined;
  return refused('not_allowed', { user_name: text.slice(23, end) });
}

/** `check_pam_user: PAM user "NAME" does not match previous "NAME"`: a module made another user of the one who logs in. */
function otherUser(text: string): AuthFields | undefined {
  const mark = '" does not match previous "';
  const at = text.indexOf(mark);
  if (!text.startsWith('check_pam_user: PAM user "') || at === -1 || !text.endsWith('"')) return undefined;
  return refused('not_allowed', { user_name: text.slice(at + mark.length, -1), target_user_name: text.slice(26, at) });
}

/** RefuseConnection: `administratively prohibited connection for [invalid user ]NAME from ADDRESS port N`. */
function administratively(text: string): AuthFields | undefined {
  if (text.startsWith('prohibited connection for ', 17)) {
    const fields = refused('not_allowed');
    addNameAndSource(fields, text, 43);
    return fields;
  }
  if (!text.startsWith('prohibited', 17)) return undefined;
  return { event_action: 'ssh_forwarding', event_outcome: 'failure', event_reason: 'not_allowed' };
}

const REFUSED = 'refused connect from ';

/**
 * TCP wrappers: `refused connect from [IDENT@]HOST[ (ADDRESS)]`. IDENT is what the client's own host says, so it can contain
 * anything: HOST is behind the last `@`.
 */
function refusedBy(text: string): AuthFields | undefined {
  if (/^refused (?:local port|streamlocal port|remote)/.test(text)) {
    return { event_action: 'ssh_forwarding', event_outcome: 'failure', event_reason: 'not_allowed' };
  }
  if (!text.startsWith(REFUSED)) return undefined;
  const address = / \(([^() ]+)\)$/.exec(text)?.[1];
  const end = address === undefined ? text.length : text.length - address.length - 3;
  const who = text.slice(REFUSED.length, end);
  const host = sourceOf(who.slice(who.lastIndexOf('@') + 1));
  return refused('restricted_host', address === undefined ? host : { ...host, ...sourceOf(address) });
}

/** `bad ownership or modes for chroot directory …`: the session ends before it begins. */
function chroot(text: string): AuthFields | undefined {
  const isChroot = text.startsWith('bad ownership or modes for chroot directory') || text.startsWith('chroot path ');
  return isChroot ? { event_action: 'ssh_session', event_outcome: 'failure' } : undefined;
}

function username(text: string): AuthFields | undefined {
  if (!text.startsWith('Username too long from ')) return undefined;
  return refused(undefined, endpointBefore(text, text.length)?.source ?? endpointAt(text, 23).source);
}

export const REFUSAL_RULES: SshdRules = [
  ['Invalid', invalidUser],
  ['Illegal', invalidUser],
  ['input_userauth_request:', userauthRequest],
  ['User', user],
  ['Account', account],
  ['maximum', tooMany],
  ['PAM:', pam],
  ['PAM', pamUser],
  ['ROOT', root],
  ['Root', root],
  ['Rhosts', rhosts],
  ['Access', access],
  ['check_pam_user:', otherUser],
  ['administratively', administratively],
  ['refused', refusedBy],
  ['bad', chroot],
  ['chroot', chroot],
  ['Username', username],
];
