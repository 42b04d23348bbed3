import { type AuthFields, type EventReason, type Rule, reasonOfPamError, word } from './fields.ts';

/**
 * sudo (logging.c, eventlog.c) and sudo-rs:
 * `USER : [REASON ; ]HOST=H ; TTY=T ; CHROOT=C ; PWD=D ; USER=TARGET ; GROUP=G ; TSID=N ; ENV=E ; COMMAND=C`. Who calls sudo
 * chooses the folder, the variables and the command, and any of them can look like what follows it.
 */
export const sudo: Rule = (message) => {
  // sudo-rs cuts long messages, and only the first part tells the user.
  if (message.startsWith('[...] ')) return { event_action: 'sudo', process_command_line: message.slice(6) };
  const colon = message.indexOf(' : ');
  if (colon === -1) return undefined;
  const user_name = message.slice(0, colon).trim();
  const rest = message.slice(colon + 3).trimStart();
  if (user_name === '' || user_name.includes(' ')) return undefined;
  if (rest.startsWith('(command continued) ')) {
    return { event_action: 'sudo', user_name, process_command_line: rest.slice(20) };
  }
  const pairsAt = startOfPairs(rest);
  const pairs = pairsAt === -1 ? '' : rest.slice(pairsAt);
  if (pairsAt === 0) return { event_action: 'sudo', event_outcome: 'success', user_name, ...readPairs(pairs, false) };
  const reason = pairsAt === -1 ? rest : rest.slice(0, pairsAt);
  return { event_action: 'sudo', user_name, ...judge(reason), ...readPairs(pairs, true) };
};

const FIRST_PAIRS: ReadonlySet<string> = new Set(['HOST', 'TTY', 'CHROOT', 'PWD', 'CWD', 'USER']);

function isPair(rest: string, at: number): boolean {
  const code = rest.charCodeAt(at);
  if (code < 65 || code > 90) return false;
  const end = rest.indexOf('=', at);
  return end !== -1 && end - at <= 6 && FIRST_PAIRS.has(rest.slice(at, end));
}

/** The index of the first pair; -1 where there is none. A reason stands before it, and no folder can write to that place. */
function startOfPairs(rest: string): number {
  if (isPair(rest, 0)) return 0;
  for (let at = rest.indexOf(' ; '); at !== -1; at = rest.indexOf(' ; ', at + 1)) {
    if (isPair(rest, at + 3)) return at + 3;
  }
  return -1;
}

type Pairs = Pick<AuthFields, 'target_user_name' | 'group_name' | 'tty' | 'working_directory' | 'process_command_line'>;

const USER = 'USER=';

/** `hasReason`: whether a reason stands before the pairs. It can name an unknown user, of any name. */
function readPairs(pairs: string, hasReason: boolean): Pairs {
  const folderAt = folderStart(pairs);
  const tty = ttyBefore(pairs, folderAt === -1 ? pairs.length : folderAt);
  const userAt = onlyUser(pairs);
  // Two readings are possible: what depends on the reading is left out, and the message has all of it.
  if (userAt === -1) return hasReason ? {} : { tty };
  const target = word(pairs, userAt + USER.length);
  const after = userAt + USER.length + target.length + 3;
  return {
    tty,
    target_user_name: target,
    group_name: pairs.startsWith('GROUP=', after) ? word(pairs, after + 6) : undefined,
    working_directory: folderAt === -1 || folderAt > userAt - 3 ? undefined : pairs.slice(folderAt, userAt - 3),
    process_command_line: commandAfter(pairs, userAt),
  };
}

function ttyBefore(pairs: string, folderAt: number): string | undefined {
  const at = pairs.startsWith('TTY=') ? 0 : pairs.indexOf(' ; TTY=') + 3;
  if ((at === 2 && !pairs.startsWith('TTY=')) || at > folderAt) return undefined;
  const value = word(pairs, at + 4);
  return value === 'unknown' || value === 'none' ? undefined : value;
}

/** The index of the folder that the first `PWD=` or `CWD=` tells. */
function folderStart(pairs: string): number {
  if (pairs.startsWith('PWD=') || pairs.startsWith('CWD=')) return 4;
  const pwd = pairs.indexOf(' ; PWD=');
  const cwd = pairs.indexOf(' ; CWD=');
  const first = cwd === -1 || (pwd !== -1 && pwd < cwd) ? pwd : cwd;
  return first === -1 ? -1 : first + 7;
}

/** The index of the only `USER=NAME` behind which a command can stand; -1 where there are two or none. */
function onlyUser(pairs: string): number {
  let only = pairs.startsWith(USER) ? 0 : -1;
  for (let at = pairs.indexOf(' ; USER='); at !== -1; at = pairs.indexOf(' ; USER=', at + 1)) {
    if (!isFollowed(pairs, at + 8)) continue;
    if (only !== -1) return -1;
    only = at + 3;
  }
  return only;
}

/** Whether the name at the index is one word, and what follows it is what sudo writes there. */
function isFollowed(pairs: string, nameAt: number): boolean {
  const end = pairs.indexOf(' ', nameAt);
  if (end === -1 || end === nameAt || !pairs.startsWith(' ;', end)) return false;
  if (pairs.startsWith(' COMMAND=', end + 2)) return true;
  AFTER_USER.lastIndex = end;
  return AFTER_USER.test(pairs);
}

const AFTER_USER = / ;(?: (?:GROUP=\S+ ; )?(?:TSID=\S+ ; )?(?:ENV=|COMMAND=)| ?$)/y;

/** With variables before it, a command is certain only where ` ; COMMAND=` stands once. */
function commandAfter(pairs: string, userAt: number): string | undefined {
  const at = pairs.indexOf(' ; COMMAND=', userAt);
  if (at === -1) return undefined;
  const env = pairs.indexOf(' ; ENV=', userAt);
  const isCertain = env === -1 || env > at || pairs.indexOf(' ; COMMAND=', at + 1) === -1;
  return isCertain ? pairs.slice(at + 11) : undefined;
}

type Verdict = Pick<AuthFields, 'event_outcome' | 'event_reason'>;

const FAILURE = 'failure' as const;

/** How the reasons of a refusal begin. */
const REFUSALS: readonly [beginning: string, reason?: EventReason][] = [
  ['user NOT in sudoers', 'not_in_sudoers'],
  ['user NOT authorized on host', 'not_allowed'],
  ['command not allowed', 'command_not_allowed'],
  ['command in current directory', 'command_not_allowed'],
  ['setid command rejected', 'command_not_allowed'],
  ['user not allowed to ', 'not_allowed'],
  ['sorry, you are not allowed to ', 'not_allowed'],
  ['sorry, you must have a tty', 'not_allowed'],
  ['no tty', 'not_allowed'],
  ['invalid shell for user ', 'not_allowed'],
  ['a password is required'],
  ['authentication failure'],
  ['unknown user ', 'invalid_user'],
  ['unknown uid ', 'invalid_user'],
  ['no passwd entry for ', 'invalid_user'],
  ['unknown group ', 'no_such_group'],
  ['account validation failure', 'account_locked'],
  ['Account or password is expired', 'password_expired'],
  ['Password expired', 'password_expired'],
  ['Account expired', 'account_expired'],
  ['your account has expired', 'account_expired'],
  ['unable to change expired password', 'password_expired'],
  ['approval failed'],
  ['command too long'],
  ['no authentication methods'],
  ['There are no authentication methods'],
  ['Invalid authentication methods'],
];

/** A refusal, or a warning: a warning says nothing of what became of the command. */
function judge(reason: string): Verdict {
  const first = reason.charCodeAt(0);
  if (first >= 48 && first <= 57) {
    const isRefusal = /^\d+ incorrect password attempts?/.test(reason);
    return isRefusal ? { event_outcome: FAILURE, event_reason: 'wrong_password' } : {};
  }
  if (/^PAM (?:authentication|account management) error: /.test(reason)) {
    return { event_outcome: FAILURE, event_reason: reasonOfPamError(reason) };
  }
  const found = REFUSALS.find(([beginning]) => reason.startsWith(beginning));
  return found === undefined ? {} : { event_outcome: FAILURE, event_reason: found[1] };
}
