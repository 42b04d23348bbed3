import { type AuthFields, between, type EventReason, type Rule, reasonOfPamError, word } from './fields.ts';

/** su of util-linux, shadow, busybox and BSD, pkexec and doas: one user acting as another. */

function switched(isSuccess: boolean, user?: string, target?: string, tty?: string, reason?: EventReason): AuthFields {
  return {
    event_action: 'su',
    event_outcome: isSuccess ? 'success' : 'failure',
    event_reason: reason,
    user_name: user === '???' ? undefined : user,
    target_user_name: target === '???' ? undefined : target,
    tty: tty === 'none' || tty === '???' ? undefined : tty,
  };
}

export const su: Rule = (message, into) => {
  switch (message.charAt(0)) {
    case '(':
      return toUser(message, 0);
    case '+':
    case '-':
      return signed(message);
    case "'":
      return quoted(message);
    default:
      return (SU_RULES.get(word(message, 0)) ?? bsd)(message, into);
  }
};

/** util-linux: `(to root) alice on pts/0`, `FAILED SU (to root) alice on pts/0`. Everything here is an account's. */
function toUser(message: string, at: number): AuthFields | undefined {
  if (!message.startsWith('(to ', at)) return undefined;
  const close = message.indexOf(') ', at);
  const on = message.lastIndexOf(' on ');
  if (close === -1) return undefined;
  const user = message.slice(close + 2, on > close ? on : undefined);
  return switched(at === 0, user, message.slice(at + 4, close), on > close ? message.slice(on + 4) : undefined);
}

/** shadow and busybox: `+ /dev/pts/0 alice:root`. */
function signed(message: string): AuthFields | undefined {
  if (message.charAt(1) !== ' ') return undefined;
  const tty = word(message, 2);
  const [user, target] = message.slice(tty.length + 3).split(':');
  return target === undefined ? undefined : switched(message.startsWith('+'), user, target, tty);
}

/** Solaris, and the example of RFC 3164 and RFC 5424: `'su root' failed for alice on /dev/pts/8`. */
function quoted(message: string): AuthFields | undefined {
  const [, target, said, user, tty] = /^'su (\S+)' (failed|succeeded) for (\S+) on (\S+)$/.exec(message) ?? [];
  return target === undefined ? undefined : switched(said === 'succeeded', user, target, tty);
}

/** BSD: `BAD SU alice to root on /dev/pts/1`, `alice to root on /dev/pts/1`. */
function bsd(message: string): AuthFields | undefined {
  const [, bad, user, target, tty] = /^(BAD SU )?(\S+) to (\S+) on (\S+)$/.exec(message) ?? [];
  return user === undefined ? undefined : switched(bad === undefined, user, target, tty);
}

function failed(message: string): AuthFields | undefined {
  if (message.startsWith('FAILED SU (to ')) return toUser(message, 10);
  if (message.startsWith('FAILED RUNUSER (to ')) return toUser(message, 15);
  return forBy(message);
}

/** shadow: `Successful su for root by alice`. */
function forBy(message: string): AuthFields | undefined {
  const target = between(message, ' su for ', ' by ');
  if (target === undefined) return undefined;
  return switched(message.startsWith('Successful '), message.slice(message.lastIndexOf(' by ') + 4), target);
}

const SU_RULES: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ['FAILED', failed],
  ['Successful', forBy],
  ['Authentication', (text) => target(text, 'Authentication failed for ')],
  ['No', (text) => target(text, "No passwd entry for user '", 'invalid_user')],
  ['Unknown', (text) => target(text, 'Unknown id: ', 'invalid_user')],
  ['SU', restricted],
  ['DENIED', denied],
  ['pam_authenticate:', pamError],
  ['pam_acct_mgmt:', pamError],
]);

function target(text: string, before: string, reason?: EventReason): AuthFields | undefined {
  return text.startsWith(before)
    ? switched(false, undefined, text.slice(before.length).replace(/'$/, ''), undefined, reason)
    : undefined;
}

function restricted(text: string): AuthFields | undefined {
  const [, user, account] = /^SU by (\S+) to restricted account (\S+)$/.exec(text) ?? [];
  return user === undefined ? undefined : switched(false, user, account, undefined, 'not_allowed');
}

function denied(text: string): AuthFields | undefined {
  const [, user, account] = /^DENIED su from '(.*)' to '(.*)' \([^()]*\)$/.exec(text) ?? [];
  return user === undefined ? undefined : switched(false, user, account, undefined, 'not_allowed');
}

function pamError(text: string): AuthFields {
  return switched(false, undefined, undefined, undefined, reasonOfPamError(text));
}

/**
 * `alice: Executing command [USER=root] [TTY=/dev/pts/0] [CWD=/home/alice] [COMMAND=/usr/bin/id]`. Who calls it chooses the
 * folder and the command: where `] [COMMAND=` stands twice, two readings are possible.
 */
export const pkexec: Rule = (message) => {
  const open = message.indexOf(' [USER=');
  const colon = message.indexOf(': ');
  if (open === -1 || colon === -1 || colon > open) return undefined;
  const said = message.slice(colon + 2, open);
  const tty = between(message, '[TTY=', ']', open);
  const folder = message.indexOf('[CWD=', open);
  const command = message.indexOf('] [COMMAND=', folder);
  const isCertain = folder !== -1 && command !== -1 && message.indexOf('] [COMMAND=', command + 1) === -1;
  const isAllowed = said === 'Executing command';
  return {
    event_action: 'pkexec',
    event_outcome: isAllowed ? 'success' : 'failure',
    event_reason: said.endsWith(': Not authorized') ? 'not_allowed' : undefined,
    user_name: message.slice(0, colon),
    target_user_name: between(message, '[USER=', ']', open),
    tty: tty === 'unknown' ? undefined : tty,
    working_directory: isCertain ? message.slice(folder + 5, command) : undefined,
    process_command_line: isCertain ? message.slice(command + 11, -1) : undefined,
  };
};

const RAN = ' ran command ';

/**
 * OpenBSD's doas and its portable kin: `alice ran command id as root from /home/alice`, older ones
 * `alice ran command as root: id`, `command not permitted for alice: id`, `failed auth for alice`.
 */
export const doas: Rule = (message) => {
  const ran = message.indexOf(RAN);
  if (ran !== -1 && !message.slice(0, ran).includes(' ')) return ranCommand(message, ran);
  const [, what, user, command] =
    /^(command not permitted|failed auth|failed password|tty required|password required|Operation not permitted) for (\S+?)(?:: (.*))?$/.exec(
      message,
    ) ?? [];
  if (what === undefined) return undefined;
  return {
    event_action: 'doas',
    event_outcome: 'failure',
    event_reason:
      what === 'command not permitted'
        ? 'command_not_allowed'
        : what === 'failed password'
          ? 'wrong_password'
          : undefined,
    user_name: user,
    process_command_line: command,
  };
};

/** The command and the folder are the user's choice: where both can be cut in two ways, they are left out. */
function ranCommand(message: string, ran: number): AuthFields {
  const fields: AuthFields = { event_action: 'doas', event_outcome: 'success', user_name: message.slice(0, ran) };
  const said = message.slice(ran + RAN.length);
  const old = /^as (\S+): /.exec(said);
  const places = [...said.matchAll(/ as (\S+) from (?=\/)/g)];
  const [place] = places;
  if (old !== null) {
    if (places.length > 0) return fields;
    return { ...fields, target_user_name: old[1], process_command_line: said.slice(old[0].length) };
  }
  if (places.length > 1) return fields;
  if (place === undefined) {
    // Old ones tell no folder: `alice ran command id as root`.
    const as = said.lastIndexOf(' as ');
    return as === -1 || said.indexOf(' as ') !== as || said.includes(' ', as + 4)
      ? { ...fields, process_command_line: as === -1 ? said : undefined }
      : { ...fields, target_user_name: said.slice(as + 4), process_command_line: said.slice(0, as) };
  }
  return {
    ...fields,
    target_user_name: place[1],
    process_command_line: said.slice(0, place.index),
    working_directory: said.slice(place.index + place[0].length),
  };
}
