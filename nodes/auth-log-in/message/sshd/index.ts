import { type Rule, word } from '../fields.ts';
import { parseAttempt } from './attempt.ts';
import { CONNECTION_RULES, interrupted } from './connection.ts';
import { FORWARDING_RULES } from './forwarding.ts';
import { KEY_RULES, triedKey } from './key.ts';
import { LIMIT_RULES } from './limits.ts';
import { PROTOCOL_RULES } from './protocol.ts';
import { REFUSAL_RULES } from './refusal.ts';
import type { SshdRule } from './rule.ts';
import { SESSION_RULES } from './session.ts';

/**
 * Messages of OpenSSH's server, portable 7.x to 10.x (auth.c, auth2*.c, auth-pam.c, packet.c, kex.c, session.c, sshd*.c).
 * The first word chooses the rule. A user's name can contain anything, so what follows it is found from the right.
 */

const PREAUTH = ' [preauth]';

/** The levels that sshd writes before a message. They say nothing about its kind. */
const LEVELS = ['error: ', 'fatal: ', 'debug1: ', 'debug2: ', 'debug3: ', 'internal error: '];

export const sshd: Rule = (message) => {
  const start = levelLength(message);
  const isPreauth = message.endsWith(PREAUTH);
  const text = start > 0 || isPreauth ? message.slice(start, isPreauth ? -PREAUTH.length : undefined) : message;
  return RULES.get(word(text, 0))?.(text, isPreauth) ?? interrupted(text, isPreauth) ?? triedKey(text);
};

function levelLength(message: string): number {
  // A quick exit: most messages begin with a capital, and no level does.
  if (message.charCodeAt(0) < 97) return 0;
  return LEVELS.find((level) => message.startsWith(level))?.length ?? 0;
}

const RULES: ReadonlyMap<string, SshdRule> = new Map<string, SshdRule>([
  ['Accepted', parseAttempt],
  ['Failed', parseAttempt],
  ['Partial', parseAttempt],
  ['Postponed', parseAttempt],
  ...CONNECTION_RULES,
  ...FORWARDING_RULES,
  ...KEY_RULES,
  ...LIMIT_RULES,
  ...PROTOCOL_RULES,
  ...REFUSAL_RULES,
  ...SESSION_RULES,
]);
