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

/** Reads the messages of one program. Gives undefined for a message that it does not know. */
export type Rule = (message: string) => AuthFields | undefined;

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
