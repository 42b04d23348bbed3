import { type AuthFields, between, type Rule } from './fields.ts';

/** Accounts and groups changed by the programs of shadow (useradd, usermod, userdel, groupadd, passwd, chage, …). */

/** How a message begins, what else it contains, the action it stands for, and the texts around the account's name. */
type Pattern = [beginning: string, has: string, action: string, before?: string, after?: string];

const PATTERNS: Pattern[] = [
  ['new user: name=', '', 'user_added', 'name=', ','],
  ['new account: ', '', 'user_added', 'account=', ','],
  ['new group: name=', '', 'group_added'],
  ['group added to ', '', 'group_added'],
  ['new group added', '', 'group_added'],
  ["delete user '", '', 'user_removed', "'", "'"],
  ["delete '", ' from ', 'group_membership_removed', "'", "'"],
  ['delete `', ' from ', 'group_membership_removed', '`', "'"],
  ['delete user `', '', 'user_removed', '`', "'"],
  ["remove group '", '', 'group_removed'],
  ["removed group '", '', 'group_removed'],
  ["removed shadow group '", '', 'group_removed'],
  ["group '", ' removed', 'group_removed'],
  ["group '", ' deleted', 'group_removed'],
  ['group changed in ', '', 'group_modified'],
  ["add '", ' to ', 'group_membership_added', "'", "'"],
  ['add `', ' to ', 'group_membership_added', '`', "'"],
  ["change user name '", '', 'user_modified', "'", "'"],
  ["change '", ' in ', 'group_membership_modified', "'", "'"],
  ["change user '", "' password", 'password_changed', "'", "'"],
  ["change user '", '', 'user_modified', "'", "'"],
  ['change user `', '', 'user_modified', '`', "'"],
  ["lock user '", '', 'user_locked', "'", "'"],
  ["unlock user '", '', 'user_unlocked', "'", "'"],
  ['changed user `', '', 'user_modified', '`', "'"],
  ["changed user '", '', 'user_modified', "'", "'"],
  ['changed password expiry for ', '', 'password_expiry_changed', ' for '],
  ['change expiration of ', '', 'password_expiry_changed', ' of '],
  ["password for '", ' changed by ', 'password_changed', "'", "'"],
  ['password for ', ' changed by ', 'password_changed', ' for ', ' changed by '],
  ['password changed for ', '', 'password_changed', ' for ', ','],
  ['user ', ' added by ', 'group_membership_added', 'user ', ' added by '],
  ['user ', ' removed by ', 'group_membership_removed', 'user ', ' removed by '],
  ['set password aging for ', '', 'password_expiry_changed', ' for '],
  ['password of group ', ' changed by ', 'group_modified'],
  ['members of group ', ' set by ', 'group_modified'],
];

export const accounts: Rule = (message) => {
  for (const [beginning, has, action, before, after] of PATTERNS) {
    if (message.startsWith(beginning) && message.includes(has, beginning.length - 1)) {
      const account = before === undefined ? undefined : accountIn(message, before, after);
      return {
        event_action: action,
        event_outcome: 'success',
        user_name: actorOf(message) ?? account,
        target_user_name: account,
      };
    }
  }
  return parseFailure(message);
};

function accountIn(message: string, before: string, after?: string): string | undefined {
  const start = message.indexOf(before);
  if (start === -1) return undefined;
  const end = after === undefined ? -1 : message.indexOf(after, start + before.length);
  return message.slice(start + before.length, end === -1 ? undefined : end);
}

function actorOf(message: string): string | undefined {
  return between(`${message} `, ' by ', ' ')?.replace(/^'|'$/g, '') || undefined;
}

/** `failed adding user 'x', exit code: 9`, `failed to change shell of …`, `can't lock password file`. */
function parseFailure(message: string): AuthFields | undefined {
  if (
    !/^(?:failed |can't |cannot |invalid |password change aborted|user `?'?[^']{0,64}' does not exist)/.test(message)
  ) {
    return undefined;
  }
  const user = between(message, "'", "'");
  const action = FAILED_ACTIONS.find(([verb]) => message.startsWith(verb))?.[1] ?? 'user_modified';
  return { event_action: action, event_outcome: 'failure', user_name: user, target_user_name: user };
}

const FAILED_ACTIONS: [beginning: string, action: string][] = [
  ['failed adding user', 'user_added'],
  ['failed adding group', 'group_added'],
  ['failed deleting user', 'user_removed'],
  ['password change aborted', 'password_changed'],
  ['failed to change password', 'password_changed'],
];
