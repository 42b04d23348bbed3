import type { AuthFields, EventReason } from '../fields.ts';

/** What the rules for PAM's modules are made of. */

export function refused(user?: string, reason?: EventReason): AuthFields {
  return { event_action: 'pam_auth_failure', event_outcome: 'failure', event_reason: reason, user_name: user };
}

export function granted(user: string | undefined): AuthFields {
  return { event_action: 'pam_auth_success', event_outcome: 'success', user_name: user };
}

/** The text after `before` where the text begins with it. */
export function rest(text: string, before: string): string | undefined {
  return text.startsWith(before) ? text.slice(before.length) : undefined;
}
