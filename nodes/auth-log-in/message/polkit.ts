import { type AuthFields, onlyIndex, type Rule } from './fields.ts';

/** polkitd: who gained, or failed to gain, the right to an action. A command line stands in brackets: its user chose it. */
export const polkit: Rule = (message) => {
  if (/^(?:Unr|R)egistered Authentication Agent/.test(message)) return { event_action: 'polkit_agent' };
  return message.startsWith('Operator of ') ? operator(message) : checked(message);
};

const OPERATOR = /^Operator of \S+ (?:(FAILED) to authenticate|successfully authenticated as unix-user:(\S+)) to gain /;

/** `… for SUBJECT [COMMAND] (owned by unix-user:NAME)`: the owner is last. */
function operator(message: string): AuthFields | undefined {
  const [all, failed, target] = OPERATOR.exec(message) ?? [];
  if (all === undefined) return undefined;
  const owner = message.lastIndexOf(' (owned by unix-user:');
  return {
    event_action: 'polkit_authorization',
    event_outcome: failed === undefined ? 'success' : 'failure',
    user_name: owner === -1 ? undefined : message.slice(owner + 21, -1),
    target_user_name: target,
  };
}

const OWNED = '] owned by unix-user:';

/** `Denying action ACTION for SUBJECT [COMMAND] owned by unix-user:NAME (check requested by CALLER [COMMAND])`. */
function checked(message: string): AuthFields | undefined {
  const isDenied = message.startsWith('Denying action ');
  if (!isDenied && !message.startsWith('Allowing action ')) return undefined;
  const at = onlyIndex(message, OWNED);
  const end = at === -1 ? -1 : message.indexOf(' (', at);
  return {
    event_action: 'polkit_authorization',
    event_outcome: isDenied ? 'failure' : 'success',
    event_reason: isDenied ? 'not_allowed' : undefined,
    user_name: end === -1 ? undefined : message.slice(at + OWNED.length, end),
  };
}

/** polkit-agent-helper-1 of systems without PAM. */
export const polkitHelper: Rule = (message) => {
  const [, reason, name] =
    /^(authentication failure|password expired|account expired)(?: \[uid=\d+\] trying to authenticate| for user) '([^']*)'/.exec(
      message,
    ) ?? [];
  if (name === undefined) return undefined;
  return {
    event_action: 'polkit_authorization',
    event_outcome: 'failure',
    event_reason:
      reason === 'password expired' ? 'password_expired' : reason === 'account expired' ? 'account_expired' : undefined,
    target_user_name: name,
  };
};
