import type { Rule } from '../fields.ts';
import { FirstWords } from '../first-words.ts';
import { ATTEMPT_RULES } from './attempt.ts';
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
const BRACKET = 93;

/** The levels that sshd writes before a message. They say nothing about its kind. */
const LEVELS = ['error: ', 'fatal: ', 'debug1: ', 'debug2: ', 'debug3: ', 'internal error: '];

export const sshd: Rule = (message, into) => {
  const start = levelLength(message);
  // To ask for the last character alone takes no time.
  const isPreauth = message.charCodeAt(message.length - 1) === BRACKET && message.endsWith(PREAUTH);
  const text = start > 0 || isPreauth ? message.slice(start, isPreauth ? -PREAUTH.length : undefined) : message;
  return RULES.find(text)?.(text, isPreauth, into) ?? interrupted(text, isPreauth, into) ?? triedKey(text);
};

function levelLength(message: string): number {
  // A quick exit: most messages begin with a capital, and no level does.
  if (message.charCodeAt(0) < 97) return 0;
  return LEVELS.find((level) => message.startsWith(level))?.length ?? 0;
}

const RULES = new FirstWords<SshdRule>([
  ...ATTEMPT_RULES,
  ...CONNECTION_RULES,
  ...FORWARDING_RULES,
  ...KEY_RULES,
  ...LIMIT_RULES,
  ...PROTOCOL_RULES,
  ...REFUSAL_RULES,
  ...SESSION_RULES,
]);
