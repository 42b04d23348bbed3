import { type AuthFields, between, type EventReason, reasonOfPamError } from '../fields.ts';
import { granted, refused, rest } from './verdict.ts';

/** What PAM modules say that ask others: sssd, Samba's winbind, Kerberos, LDAP, and generators of one-time codes. */

/** sssd: `received for user NAME: 7 (Authentication failure)`, `Access denied for user NAME: 6 (Permission denied)`. */
export function numbered(text: string, before: string): AuthFields | undefined {
  const said = rest(text, before);
  const [found, number] = said === undefined ? [] : (/: (\d{1,3}) \([^()]*\)$/.exec(said) ?? []);
  if (said === undefined || found === undefined) return undefined;
  return refused(said.slice(0, -found.length), SSSD_REASONS[Number(number)] ?? reasonOfPamError(found));
}

/** Linux-PAM's numbers of results (_pam_types.h). */
const SSSD_REASONS: { readonly [number: number]: EventReason } = {
  6: 'not_allowed',
  7: 'wrong_password',
  10: 'invalid_user',
  11: 'too_many_failures',
  12: 'password_expired',
  13: 'account_expired',
  27: 'password_expired',
};

/** winbind: `request wbcLogonUser failed: …, PAM error: PAM_AUTH_ERR (7), NTSTATUS: NT_STATUS_WRONG_PASSWORD, …`. */
export function request(text: string): AuthFields | undefined {
  const error = /PAM error: PAM_([A-Z_]{1,40}) \(\d+\)(?:, NTSTATUS: NT_STATUS_([A-Z_]{1,40}))?/.exec(text);
  if (error === null) return undefined;
  return refused(undefined, WINDOWS_REASONS[error[2] ?? ''] ?? WINDOWS_REASONS[error[1] ?? '']);
}

const WINDOWS_REASONS: { readonly [status: string]: EventReason } = {
  WRONG_PASSWORD: 'wrong_password',
  NO_SUCH_USER: 'invalid_user',
  USER_UNKNOWN: 'invalid_user',
  ACCOUNT_LOCKED_OUT: 'account_locked',
  ACCOUNT_DISABLED: 'account_locked',
  ACCOUNT_EXPIRED: 'account_expired',
  ACCT_EXPIRED: 'account_expired',
  PASSWORD_EXPIRED: 'password_expired',
  PASSWORD_MUST_CHANGE: 'password_expired',
  NEW_AUTHTOK_REQD: 'password_expired',
  INVALID_LOGON_HOURS: 'restricted_time',
  INVALID_WORKSTATION: 'restricted_host',
};

/** Kerberos: `authentication fails for 'NAME' (PRINCIPAL): REASON (…)`. */
export function authentication(text: string): AuthFields | undefined {
  const name = between(text, "'", "'");
  if (text.startsWith('authentication succeeds for ')) return granted(name);
  if (!text.startsWith('authentication fails for ')) return undefined;
  const isWrong = text.endsWith('(Preauthentication failed)') || text.endsWith('(Decrypt integrity check failed)');
  return refused(name, isWrong ? 'wrong_password' : reasonOfPamError(text));
}

export function ldapBind(text: string): AuthFields | undefined {
  const said = rest(text, 'error trying to bind as user "');
  if (said === undefined) return undefined;
  const uid = /^(?:uid|cn)=([^,"]+),/.exec(said)?.[1];
  return refused(uid, said.endsWith('(Invalid credentials)') ? 'wrong_password' : undefined);
}

/** A second factor was wrong, was used before, or did not come. */
export function code(text: string): AuthFields | undefined {
  const invalid = rest(text, 'Invalid verification code for ');
  if (invalid !== undefined) return refused(invalid, 'wrong_code');
  const accepted = rest(text, 'Accepted google_authenticator for ');
  if (accepted !== undefined) return granted(accepted);
  if (text.startsWith('Trying to reuse a previously used time-based code')) return refused(undefined, 'wrong_code');
  if (text.startsWith('Did not receive verification code')) return refused(undefined, 'client_left');
  if (text.startsWith('Dummy password supplied by PAM.')) return refused(undefined, 'not_allowed');
  const once = rest(text, "One-time password not authorized to login as user '");
  return once === undefined ? undefined : refused(once.replace(/'$/, ''), 'wrong_code');
}
