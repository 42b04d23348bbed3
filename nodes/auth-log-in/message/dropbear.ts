import { addressWithPort, type Source } from './address.ts';
import { type AuthFields, between, type EventReason, type Rule, word } from './fields.ts';

/** dropbear (svr-auth*.c, svr-session.c, svr-main.c) and tinysshd: the SSH servers of small systems. */

/** Not started by a daemon, dropbear writes its own number and time first. */
const OWN_STAMP = /^(?:\[\d+\] )?[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d /;

export const dropbear: Rule = (message, into) => {
  const text = message.replace(OWN_STAMP, '');
  return RULES.get(word(text, 0))?.(text, into);
};

/** `… from ADDRESS:PORT` at the end. No name stands behind it. */
function source(text: string): Source {
  const end = text.endsWith(EXTRA) ? text.length - EXTRA.length : text.length;
  const at = text.lastIndexOf(' from ', end);
  return at === -1 ? {} : addressWithPort(text.slice(at + 6, end));
}

/** One of several required methods was passed. */
const EXTRA = ', extra auth required';

function succeeded(text: string): AuthFields | undefined {
  const at = text.indexOf(' auth succeeded for ');
  const isBlank = text.startsWith('Auth succeeded with blank password for ');
  if (at === -1 && !isBlank) return undefined;
  const isPartial = text.endsWith(EXTRA);
  const isKey = text.startsWith('Pubkey ');
  return {
    event_action: isPartial ? 'ssh_login_partial' : 'ssh_login',
    event_outcome: isPartial ? undefined : 'success',
    user_name: between(text, " for '", "' "),
    auth_method: isKey ? 'publickey' : 'password',
    ssh_signature: isKey ? signature(text) : undefined,
    ...source(text),
  };
}

/** `with ssh-ed25519 key SHA256:… from`; older ones: `with key md5 ab:cd:… from`. */
function signature(text: string): string | undefined {
  const typed = / with (\S+) key (\S+) from /.exec(text);
  return typed === null ? between(text, ' with key ', ' from ') : `${typed[1]} ${typed[2]}`;
}

function failed(text: string): AuthFields | undefined {
  const isPassword = / password attempt for '/.test(text);
  const isKey = text.startsWith('Pubkey auth bad signature for ');
  if (!isPassword && !isKey) return undefined;
  const name = text.slice(text.indexOf(" for '") + 6);
  const end = isKey ? name.indexOf("' with ") : name.lastIndexOf("' from ");
  return {
    event_action: 'ssh_login_failed',
    event_outcome: 'failure',
    event_reason: isKey ? 'wrong_key' : 'wrong_password',
    user_name: end === -1 ? undefined : name.slice(0, end),
    auth_method: isKey ? 'publickey' : 'password',
    ...source(text),
  };
}

/** `Login attempt for nonexistent user[ 'NAME'][ from …]`, `Login attempt with wrong user NAME from …`. */
function unknownUser(text: string): AuthFields | undefined {
  const name = /^Login attempt (?:for nonexistent user(?: '(.*)')?|with wrong user (.*?))(?: from (\S+))?$/.exec(text);
  if (name === null) return undefined;
  return {
    event_action: 'ssh_invalid_user',
    event_outcome: 'failure',
    event_reason: 'invalid_user',
    user_name: name[1] ?? name[2],
    ...source(text),
  };
}

function notAllowed(user: string | undefined, event_reason: EventReason, group?: string): AuthFields {
  return {
    event_action: 'ssh_not_allowed',
    event_outcome: 'failure',
    event_reason,
    user_name: user,
    group_name: group,
  };
}

function user(text: string): AuthFields | undefined {
  const name = between(text, "'", "' ");
  if (text.endsWith('is locked')) return notAllowed(name, 'account_locked');
  if (text.endsWith(', rejected')) return notAllowed(name, 'not_allowed');
  const [, who, command] = /^User (\S+) executing (?:login shell|'(.*)')$/.exec(text) ?? [];
  if (who === undefined) return undefined;
  return { event_action: 'ssh_session', event_outcome: 'success', user_name: who, process_command_line: command };
}

function restricted(text: string): AuthFields | undefined {
  const [, group, name] = /^Logins are restricted to the group (\S+) but user '(.*)' is not a member$/.exec(text) ?? [];
  return group === undefined ? undefined : notAllowed(name, 'not_allowed', group);
}

/** `Exit before auth[ from <ADDRESS:PORT>]: [(user 'NAME', N fails): ]REASON`; older ones put the user before the colon. */
function exit(text: string): AuthFields | undefined {
  const early = /^(?:Exit before auth|Early exit|Premature exit)/.exec(text)?.[0];
  const [, who, where, why = ''] = /^Exit \((\S+)\)(?: from <([^<>]+)>)?: (.*)$/.exec(text) ?? [];
  if (early === undefined) return who === undefined ? undefined : ended(why, who, where);
  const from = /^ from <([^<>]+)>/.exec(text.slice(early.length));
  if (early !== BEFORE && from === null) return { event_action: 'ssh_server' };
  const said = text.slice(early.length + (from?.[0].length ?? 0));
  const [, name, told] = /^:? \(user '(.*?)', \d+ fails?\): (.*)$/.exec(said) ?? [];
  const reason = told ?? said.slice(2);
  const tried = reason.startsWith(MAX_TRIES) ? /^ - user '(.*)'/.exec(reason.slice(MAX_TRIES.length))?.[1] : undefined;
  const place = from === null ? (tried === undefined ? {} : source(text)) : addressWithPort(from[1] ?? '');
  return { ...before(reason, name), user_name: name ?? tried, ...place };
}

const BEFORE = 'Exit before auth';
const MAX_TRIES = 'Max auth tries reached';

/** What an end before the login stands for. The client has not shown who it is, so a named user was refused. */
function before(reason: string, name: string | undefined): AuthFields {
  const outcome = name === undefined ? undefined : ('failure' as const);
  if (reason.startsWith(MAX_TRIES)) {
    return { event_action: 'ssh_too_many_failures', event_outcome: 'failure', event_reason: 'too_many_failures' };
  }
  if (reason.includes('Timeout before auth')) {
    return { event_action: 'ssh_timeout', event_outcome: 'failure', event_reason: 'timeout' };
  }
  if (reason.includes('No matching algo')) {
    return { event_action: 'ssh_negotiation_failed', event_outcome: 'failure', event_reason: 'no_matching_algorithm' };
  }
  if (/Incompatible remote version|[Bb]ad packet|Integrity error|Unexpected|kexinit/.test(reason)) {
    return { event_action: 'ssh_bad_protocol', event_outcome: 'failure' };
  }
  return { event_action: 'ssh_connection_closed', event_outcome: outcome, event_reason: 'client_left' };
}

function ended(why: string, user_name: string, where: string | undefined): AuthFields {
  const isTimeout = /timeout|Max duration/i.test(why);
  const isDisconnect = why === 'Disconnect received' || why === 'Exited normally';
  return {
    event_action: isTimeout ? 'ssh_timeout' : isDisconnect ? 'ssh_disconnect' : 'ssh_connection_closed',
    event_reason: isTimeout ? 'timeout' : undefined,
    user_name,
    ...(where === undefined ? {} : addressWithPort(where)),
  };
}

function pam(text: string): AuthFields | undefined {
  const isFailure = /^pam_(?:authenticate|acct_mgmt)\(\) failed, /.test(text);
  return isFailure ? { event_action: 'pam_auth_failure', event_outcome: 'failure' } : undefined;
}

function server(): AuthFields {
  return { event_action: 'ssh_server' };
}

const RULES: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ['Password', succeeded],
  ['Pubkey', (text) => succeeded(text) ?? failed(text)],
  ['PAM', succeeded],
  ['Auth', succeeded],
  ['pubkey', (text) => succeeded(`P${text.slice(1)}`)],
  ['password', (text) => succeeded(`P${text.slice(1)}`)],
  ['Bad', failed],
  ['bad', failed],
  ['Too-long', failed],
  ['Login', unknownUser],
  ['login', (text) => unknownUser(`L${text.slice(1)}`)],
  ['User', user],
  ['user', (text) => user(`U${text.slice(1)}`)],
  ['Logins', restricted],
  ['root', (text) => (text === 'root login rejected' ? notAllowed('root', 'not_allowed') : undefined)],
  [
    'Child',
    (text) =>
      text.startsWith('Child connection from ') ? { event_action: 'ssh_connection', ...source(text) } : undefined,
  ],
  ['Exit', exit],
  ['exit', (text) => exit(`E${text.slice(1)}`)],
  ['Early', exit],
  ['Premature', exit],
  ['pam_authenticate()', pam],
  ['pam_acct_mgmt()', pam],
  ['Running', server],
  ['Not', server],
  ['Failed', (text) => (/^Failed (?:listening on|loading) /.test(text) ? server() : undefined)],
]);

/** `tinysshd: ID: info: TEXT {FILE:LINE}`: `connection from ADDRESS`, `auth: NAME: TYPE KEY accepted`. */
export const tinyssh: Rule = (message) => {
  const text = message
    .replace(/^(?:tinysshd?: )?(?:[\w.-]+: )?(?:info|warning|fatal): /, '')
    .replace(/ \{[\w.:]+\}(?:\[\d+\])?$/, '');
  if (text.startsWith('connection from '))
    return { event_action: 'ssh_connection', ...addressWithPort(word(text, 16)) };
  const [, name, key, verdict] = /^auth: (.*): (\S+ \S+) (accepted|rejected)$/.exec(text) ?? [];
  if (name !== undefined) {
    const isAccepted = verdict === 'accepted';
    return {
      event_action: isAccepted ? 'ssh_login' : 'ssh_login_failed',
      event_outcome: isAccepted ? 'success' : 'failure',
      event_reason: isAccepted ? undefined : 'wrong_key',
      user_name: name,
      auth_method: 'publickey',
      ssh_signature: key,
    };
  }
  if (text.startsWith('auth: too many authentication tries')) {
    return { event_action: 'ssh_too_many_failures', event_outcome: 'failure', event_reason: 'too_many_failures' };
  }
  return text.startsWith('authentication failed')
    ? { event_action: 'ssh_login_failed', event_outcome: 'failure' }
    : undefined;
};
