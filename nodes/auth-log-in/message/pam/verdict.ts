import { FieldSet } from '../field-set.ts';
import type { AuthFields, EventReason } from '../fields.ts';

/** What the rules for PAM's modules are made of. */

export function refused(user?: string, reason?: EventReason): AuthFields {
  const fields = new FieldSet('pam_auth_failure', 'failure', reason);
  fields.user_name = user;
  return fields;
}

export function granted(user: string | undefined): AuthFields {
  const fields = new FieldSet('pam_auth_success', 'success');
  fields.user_name = user;
  return fields;
}

/** The text after `before` where the text begins with it. */
export function rest(text: string, before: string): string | undefined {
  return text.startsWith(before) ? text.slice(before.length) : undefined;
}
