import { type AuthFields, between, lastQuoted, type Rule, word } from './fields.ts';

/** Accounts and groups changed by the programs of shadow (useradd, usermod, userdel, groupadd, gpasswd, passwd, chage, …). */
export const accounts: Rule = (message, into) =>
  RULES.get(word(message, 0))?.(message, into) ?? byGroupAdministrator(message) ?? failedOrUnable(message);

/** A change, with who made it (`actor`), whose account (`user`) and which group it is about. */
function changed(event_action: string, user?: string, group_name?: string, actor?: string): AuthFields {
  return {
    event_action,
    event_outcome: 'success',
    user_name: actor ?? user,
    target_user_name: user,
    group_name,
  };
}

function failed(event_action: string, user?: string, group_name?: string): AuthFields {
  return { event_action, event_outcome: 'failure', user_name: user, target_user_name: user, group_name };
}

/** `name=alice, UID=…` */
function named(message: string): string | undefined {
  return /\bname=([^,]+)/.exec(message)?.[1];
}

/** No message of shadow has more texts in quotes that are read here. */
const MOST_QUOTES = 4;

/** The texts between quotes, one after the other. Old programs begin them with a backtick. */
function quotes(message: string): string[] {
  const found: string[] = [];
  for (let at = quoteFrom(message, 0); at !== -1 && found.length < MOST_QUOTES; ) {
    const end = message.indexOf("'", at + 1);
    if (end === -1) break;
    found.push(message.slice(at + 1, end));
    at = quoteFrom(message, end + 1);
  }
  return found;
}

function quoteFrom(message: string, from: number): number {
  const quote = message.indexOf("'", from);
  const backtick = message.indexOf('`', from);
  return backtick !== -1 && backtick < quote ? backtick : quote;
}

function added(message: string): AuthFields | undefined {
  if (message.startsWith('new user: ')) return changed('user_added', named(message));
  if (message.startsWith('new account: ')) return changed('user_added', /account=([^,]+)/.exec(message)?.[1]);
  if (message.startsWith('new group added')) return changed('group_added', undefined, named(message));
  return message.startsWith('new group: ') ? changed('group_added', undefined, named(message)) : undefined;
}

/** `group added to FILE: name=adm, GID=4`, `group 'adm' removed[ from FILE]`, `group changed in FILE (group adm/4, new name: x)`. */
function group(message: string): AuthFields | undefined {
  if (message.startsWith('group added to ')) return changed('group_added', undefined, named(message));
  if (message.startsWith('group changed in ')) {
    return changed('group_modified', undefined, /\(group ([^\s/,)]+)/.exec(message)?.[1]);
  }
  const [name] = quotes(message);
  if (name === undefined) return undefined;
  if (message.includes("' does not exist"))
    return { ...failed('group_modified', undefined, name), event_reason: 'no_such_group' };
  return /' (?:removed|deleted)/.test(message) ? changed('group_removed', undefined, name) : undefined;
}

/** `add 'alice' to [shadow ]group 'adm'`, `add group 'adm' to 'FILE'`. */
function add(message: string): AuthFields | undefined {
  const [first, second] = quotes(message);
  if (message.startsWith('add group ')) return changed('group_added', undefined, first);
  return message.includes("' to ") ? changed('group_member_added', first, second) : undefined;
}

/** `delete 'alice' from [shadow ]group 'adm'`, `delete user 'alice'`. */
function remove(message: string): AuthFields | undefined {
  const [first, second] = quotes(message);
  if (/^delete (?:passwd|shadow|group) line /.test(message)) return undefined;
  if (message.startsWith('delete user ')) return changed('user_removed', first);
  return message.includes("' from ") ? changed('group_member_removed', first, second) : undefined;
}

/** `removed [shadow ]group 'adm' owned by 'alice'`: the owner did nothing. */
function removed(message: string): AuthFields | undefined {
  const [name] = quotes(message);
  return /^removed? (?:shadow )?group /.test(message) ? changed('group_removed', undefined, name) : undefined;
}

/** `change 'alice' to 'bob' in [shadow ]group 'adm'`, `change user name 'alice' to 'bob'`, `change user 'alice' password`, … */
function change(message: string): AuthFields | undefined {
  const [first, , third] = quotes(message);
  if (/^change(?: admin)? [`']/.test(message)) return changed('group_membership_modified', first, third);
  if (message.startsWith('change expiration of ')) return changed('password_expiry_changed', word(message, 21));
  if (!message.startsWith('change user ')) return undefined;
  return changed(message.endsWith("' password") ? 'password_changed' : 'user_modified', first);
}

function changedUser(message: string): AuthFields | undefined {
  if (message.startsWith('changed password expiry for ')) return changed('password_expiry_changed', message.slice(28));
  return message.startsWith('changed user ') ? changed('user_modified', quotes(message)[0]) : undefined;
}

function lock(message: string): AuthFields | undefined {
  const [name] = quotes(message);
  if (message.startsWith('lock user ')) return changed('user_locked', name);
  return message.startsWith('unlock user ') ? changed('user_unlocked', name) : undefined;
}

/** `password for 'alice' changed by 'root'`, `password of group adm removed by root`, `password changed for alice, …`. */
function password(message: string): AuthFields | undefined {
  const [, name, actor] = /^password for [`']?([^\s']+)'? changed by '?([^\s']+)/.exec(message) ?? [];
  if (name !== undefined) return changed('password_changed', name, undefined, actor);
  const [, groupName, by] = /^password of group (\S+) (?:changed|removed) by ([^\s,]+)/.exec(message) ?? [];
  if (groupName !== undefined) return changed('group_modified', undefined, groupName, by);
  if (message.startsWith('password changed for '))
    return changed('password_changed', /^[^,]*/.exec(message.slice(21))?.[0]);
  if (!message.startsWith('password locked for ')) return failedOrUnable(message);
  return { ...failed('password_changed', quotes(message)[0]), event_reason: 'account_locked' };
}

/** gpasswd: `user alice added by root to group adm`; newgrp: `user 'alice' (login 'alice' on T) switched to group 'adm'`. */
function user(message: string): AuthFields | undefined {
  const [, name, verb, actor, groupName] =
    /^user (\S+) (added|removed) by (\S+) (?:to|from) group ([^\s,]+)/.exec(message) ?? [];
  if (name !== undefined) {
    return changed(verb === 'added' ? 'group_member_added' : 'group_member_removed', name, groupName, actor);
  }
  const [, who, to] = /^user '([^']*)' \(login .*\) (?:switched|returned) to group '([^']*)'$/.exec(message) ?? [];
  return to === undefined ? undefined : { ...changed('group_switched', who, to), target_user_name: undefined };
}

/** `members of group adm set by root to alice,bob`, `administrators of group adm set by root to`: nobody is left. */
function setBy(message: string): AuthFields | undefined {
  const [, name, actor] = /^(?:members|administrators) of group (\S+) set by (\S+) to(?: |$)/.exec(message) ?? [];
  return name === undefined ? undefined : changed('group_modified', undefined, name, actor);
}

function accessTo(message: string): AuthFields | undefined {
  const [, name, actor] = /^access to group (\S+) restricted by ([^\s,]+)/.exec(message) ?? [];
  return name === undefined ? undefined : changed('group_modified', undefined, name, actor);
}

/** gpasswd: `alice failed to add user bob to group adm: REASON`. The caller stands first. */
function byGroupAdministrator(message: string): AuthFields | undefined {
  const [all, actor, verb, name, ofGroup] =
    /^(\S+) failed to (add|remove) user (\S+) (?:to|from) group ([^\s:]+)/.exec(message) ?? [];
  if (all !== undefined) {
    const action = verb === 'add' ? 'group_member_added' : 'group_member_removed';
    return { ...failed(action, name, ofGroup), user_name: actor };
  }
  const [, who, other] = /^(\S+) failed to (?:remove|change|restrict|set) .*\bgroup ([^\s:]+)/.exec(message) ?? [];
  return who === undefined ? undefined : { ...failed('group_modified', undefined, other), user_name: who };
}

/** newgrp: `Invalid password for group 'adm' from 'alice'`. */
function invalid(message: string): AuthFields | undefined {
  const [, name, who] = /^Invalid password for group '([^']*)' from '([^']*)'$/.exec(message) ?? [];
  if (name === undefined) return failedOrUnable(message);
  return {
    event_action: 'group_switched',
    event_outcome: 'failure',
    event_reason: 'wrong_password',
    user_name: who,
    group_name: name,
  };
}

/** `failed adding user 'x', exit code: 9`, `can't change shell for 'x'`, `can't lock password file`, `user 'x' does not exist`. */
function failedOrUnable(message: string): AuthFields | undefined {
  const begins =
    /^(?:failed |[Cc]an't |[Cc]annot |[Ii]nvalid |incorrect password for |password change aborted|root is not authorized |(?:user|User) [`'][^']{0,64}' does not exist)/;
  if (!begins.test(message)) return undefined;
  const action = FAILED_ACTIONS.find(([verb]) => message.startsWith(verb))?.[1] ?? 'user_modified';
  if (action.startsWith('group'))
    return failed(action, undefined, lastQuoted(message) ?? / group (\S+)/.exec(message)?.[1]);
  const of =
    /^(?:incorrect password for|failed to (?:add|remove|change) user|can't view or modify password information for) [`']?([^\s']+)/;
  const changes = between(`${message} `, ' the password of ', ' ');
  const name = of.exec(message)?.[1] ?? changes ?? nameInQuotes(message);
  const isWrong = message.startsWith('incorrect password for ');
  return { ...failed(action, name), event_reason: isWrong ? 'wrong_password' : undefined };
}

/** The apostrophe of `can't` begins no quote. */
function nameInQuotes(message: string): string | undefined {
  const [name] = quotes(message.replace(/^[Cc]an't /, ''));
  return name?.startsWith('/') ? undefined : name;
}

const FAILED_ACTIONS: readonly [beginning: string, action: string][] = [
  ['failed adding user', 'user_added'],
  ['failed to add user', 'user_added'],
  ['failed adding group', 'group_added'],
  ['failed to add group', 'group_added'],
  ['failed to remove group', 'group_removed'],
  ['failed deleting user', 'user_removed'],
  ['failed to remove user', 'user_removed'],
  ['password change aborted', 'password_changed'],
  ['failed to change password', 'password_changed'],
  ['incorrect password for', 'password_changed'],
  ["can't view or modify password", 'password_changed'],
  ['root is not authorized', 'password_changed'],
];

function passwordAging(message: string): AuthFields | undefined {
  const before = 'set password aging for ';
  return message.startsWith(before) ? changed('password_expiry_changed', message.slice(before.length)) : undefined;
}

const RULES: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ['new', added],
  ['group', group],
  ['add', add],
  ['delete', remove],
  ['remove', removed],
  ['removed', removed],
  ['change', change],
  ['changed', changedUser],
  ['lock', lock],
  ['unlock', lock],
  ['password', password],
  ['user', (text) => user(text) ?? failedOrUnable(text)],
  ['members', setBy],
  ['administrators', setBy],
  ['access', accessTo],
  ['Invalid', invalid],
  ['set', passwordAging],
]);

/** systemd-sysusers: `Creating group 'x' with GID 999.`, `Creating user 'x' (TEXT) with UID 998 and GID 998.` */
export const sysusers: Rule = (message) => {
  const [, what, name] = /^Creating (group|user) '([^']*)' /.exec(message) ?? [];
  if (what === undefined) return undefined;
  return what === 'group' ? changed('group_added', undefined, name) : changed('user_added', name);
};
