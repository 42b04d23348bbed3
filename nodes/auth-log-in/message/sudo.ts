import { type AuthFields, between, type Rule, word } from './fields.ts';

/** sudo (logging.c, eventlog.c), su of util-linux and of shadow, pkexec and doas: one user acting as another. */

const FAILURE = 'failure';

/** `USER : [REASON ; ]TTY=T ; PWD=D ; USER=TARGET ; … ; COMMAND=C`. The command is last and can contain anything. */
export const sudo: Rule = (message) => {
  const colon = message.indexOf(' : ');
  if (colon === -1) return undefined;
  const user = message.slice(0, colon).trim();
  const rest = message.slice(colon + 3);
  if (rest.startsWith('(command continued) ')) {
    return { event_action: 'sudo', user_name: user, process_command_line: rest.slice(20) };
  }
  const commandAt = rest.indexOf('COMMAND=');
  const head = commandAt === -1 ? rest : rest.slice(0, commandAt);
  if (commandAt === -1 && !head.includes('TTY=') && !head.includes('PWD=')) return undefined;
  // A reason for a refusal stands before the first pair. No directory and no command can write to that place.
  const isRefused = !/^(?:HOST|TTY|PWD|USER|GROUP|TSID|ENV|CHROOT|CWD)=/.test(rest.trimStart());
  return {
    event_action: 'sudo',
    event_outcome: isRefused ? FAILURE : 'success',
    user_name: user,
    target_user_name: pairValue(head, 'USER='),
    tty: pairValue(head, 'TTY='),
    working_directory: pairValue(head, 'PWD='),
    process_command_line: commandAt === -1 ? undefined : rest.slice(commandAt + 8),
  };
};

function pairValue(head: string, key: string): string | undefined {
  const at = head.startsWith(key) ? 0 : head.indexOf(` ${key}`) + 1;
  if (at === 0 && !head.startsWith(key)) return undefined;
  const end = head.indexOf(' ;', at);
  const value = head.slice(at + key.length, end === -1 ? undefined : end).trim();
  return value === 'unknown' && key === 'TTY=' ? undefined : value;
}

export const su: Rule = (message) => {
  // util-linux: `(to root) alice on pts/0`, `FAILED SU (to root) alice on pts/0`.
  const to = message.indexOf('(to ');
  if (to === 0 || message.startsWith('FAILED SU (to ')) {
    const close = message.indexOf(') ', to);
    const on = message.lastIndexOf(' on ');
    if (close === -1) return undefined;
    return userSwitched(
      to === 0,
      message.slice(close + 2, on > close ? on : undefined),
      message.slice(to + 4, close),
      on > close ? message.slice(on + 4) : undefined,
    );
  }
  // shadow: `Successful su for root by alice`, `+ /dev/pts/0 alice:root`.
  const target = between(message, ' su for ', ' by ');
  if (target !== undefined) {
    return userSwitched(
      message.startsWith('Successful '),
      message.slice(message.lastIndexOf(' by ') + 4),
      target,
      undefined,
    );
  }
  const sign = message.charAt(0);
  if ((sign !== '+' && sign !== '-') || message.charAt(1) !== ' ') return undefined;
  const tty = word(message, 2);
  const [user, other] = message.slice(tty.length + 3).split(':');
  return userSwitched(sign === '+', user, other, tty === '???' ? undefined : tty);
};

function userSwitched(isSuccess: boolean, user?: string, target?: string, tty?: string): AuthFields {
  return {
    event_action: 'su',
    event_outcome: isSuccess ? 'success' : FAILURE,
    user_name: user,
    target_user_name: target,
    tty: tty === 'none' ? undefined : tty,
  };
}

/** `alice: Executing command [USER=root] [TTY=/dev/pts/0] [CWD=/home/alice] [COMMAND=/usr/bin/id]`. */
export const pkexec: Rule = (message) => {
  const open = message.indexOf(' [USER=');
  if (open === -1) return undefined;
  const command = message.indexOf('[COMMAND=');
  const tty = between(message, '[TTY=', ']');
  return {
    event_action: 'pkexec',
    event_outcome: message.includes(': Executing command [') ? 'success' : FAILURE,
    user_name: message.slice(0, message.indexOf(':')),
    target_user_name: between(message, '[USER=', ']'),
    tty: tty === 'unknown' ? undefined : tty,
    working_directory: between(message, '[CWD=', ']'),
    process_command_line: command === -1 ? undefined : message.slice(command + 9, -1),
  };
};

/** OpenBSD's doas: `alice ran command id as root from /home/alice`, `command not permitted for alice: id`. */
export const doas: Rule = (message) => {
  const ran = message.indexOf(' ran command ');
  if (ran !== -1) {
    const as = message.lastIndexOf(' as ');
    return {
      event_action: 'doas',
      event_outcome: 'success',
      user_name: message.slice(0, ran),
      target_user_name: as > ran ? word(message, as + 4) : undefined,
      process_command_line: message.slice(ran + 13, as > ran ? as : undefined),
    };
  }
  const user = between(message, ' for ', ':') ?? between(message, ' for ', ' ');
  return /^(?:command not permitted|failed auth|failed password)/.test(message)
    ? { event_action: 'doas', event_outcome: FAILURE, user_name: user ?? message.slice(message.lastIndexOf(' ') + 1) }
    : undefined;
};
