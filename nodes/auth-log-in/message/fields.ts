/** What a rule reads out of a message, under the names of the record's keys. Empty and undefined values are left out. */
export interface AuthFields {
  event_action: string;
  event_outcome?: 'success' | 'failure' | undefined;
  user_name?: string | undefined;
  target_user_name?: string | undefined;
  source_ip?: string | undefined;
  source_port?: number | undefined;
  source_hostname?: string | undefined;
  auth_method?: string | undefined;
  ssh_signature?: string | undefined;
  process_command_line?: string | undefined;
  working_directory?: string | undefined;
  tty?: string | undefined;
  repeat_count?: number | undefined;
}

/** A rule for the messages of one program; undefined where it does not know the message. */
export type Rule = (message: string) => AuthFields | undefined;

/** The text between two marks, the first and the one after it; undefined where either is missing. */
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
