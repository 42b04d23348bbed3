import type { FieldSet } from './field-set.ts';

/** Why something was refused or ended. The list is closed: a reason that is none of these is no reason. */
export type EventReason =
  | 'invalid_user'
  | 'not_allowed'
  | 'account_expired'
  | 'password_expired'
  | 'account_locked'
  | 'too_many_failures'
  | 'no_matching_algorithm'
  | 'max_startups'
  | 'penalty'
  | 'not_in_sudoers'
  | 'command_not_allowed'
  | 'wrong_password'
  | 'wrong_key'
  | 'wrong_code'
  | 'client_left'
  | 'timeout'
  | 'no_such_group'
  | 'restricted_time'
  | 'restricted_host';

/** What a rule reads from a message, under the record's keys. Empty and undefined values do not get into the record. */
export interface AuthFields {
  event_action: string;
  event_outcome?: 'success' | 'failure' | undefined;
  event_reason?: EventReason | undefined;
  user_name?: string | undefined;
  target_user_name?: string | undefined;
  group_name?: string | undefined;
  source_ip?: string | undefined;
  source_port?: number | undefined;
  source_hostname?: string | undefined;
  auth_method?: string | undefined;
  ssh_signature?: string | undefined;
  /** The PAM module that speaks, such as `pam_unix`. */
  pam_module?: string | undefined;
  /** The service that it speaks for, such as `sshd`: the name of a file in `/etc/pam.d`. */
  pam_service?: string | undefined;
  process_command_line?: string | undefined;
  working_directory?: string | undefined;
  tty?: string | undefined;
  /** The number that systemd-logind gave to a session. */
  session_id?: string | undefined;
  repeat_count?: number | undefined;
}

/**
 * Reads the messages of one program. Gives undefined for a message that it does not know. What the most usual ones say is
 * written into `into`, which is given then: it is the same for every line.
 */
export type Rule = (message: string, into: FieldSet) => AuthFields | undefined;

/** The text between the first `before` and the next `after`. Undefined where either is missing. */
export function between(text: string, before: string, after: string, from = 0): string | undefined {
  const start = text.indexOf(before, from);
  if (start === -1) return undefined;
  const end = text.indexOf(after, start + before.length);
  return end === -1 ? undefined : text.slice(start + before.length, end);
}

/** The text from `from` to the next blank. */
export function word(text: string, from: number): string {
  const end = text.indexOf(' ', from);
  return end === -1 ? text.slice(from) : text.slice(from, end);
}

/** What stands between the last pair of quotes: what programs of shadow say the message is about. */
export function lastQuoted(text: string): string | undefined {
  const end = text.lastIndexOf("'");
  const start = end === -1 ? -1 : Math.max(text.lastIndexOf("'", end - 1), text.lastIndexOf('`', end - 1));
  return start === -1 ? undefined : text.slice(start + 1, end);
}

/** What stands between `before` and `after` where both stand once in the text: with more of them, two readings are possible. */
export function onlyIndex(text: string, mark: string, from = 0): number {
  const at = text.indexOf(mark, from);
  return at !== -1 && text.indexOf(mark, at + 1) === -1 ? at : -1;
}

const PAM_ERRORS: readonly [text: string, reason: EventReason][] = [
  ['User not known to the underlying authentication module', 'invalid_user'],
  ['User account has expired', 'account_expired'],
  ['Authentication token is no longer valid', 'password_expired'],
  ['Authentication token expired', 'password_expired'],
  ['Have exhausted maximum number of retries', 'too_many_failures'],
  ['Maximum number of retries', 'too_many_failures'],
  ['Permission denied', 'not_allowed'],
];

/** The reason in the words of `pam_strerror`, which many programs write. `Authentication failure` can be any. */
export function reasonOfPamError(text: string): EventReason | undefined {
  return PAM_ERRORS.find(([words]) => text.includes(words))?.[1];
}
