import { isDigit } from '../message/digits.ts';
import type { FieldSet } from '../message/field-set.ts';

/** What a record says of its connection: where in the life of one it can stand, and what was tried. */

/** Nothing of the connection can stand before it. */
export const BEGINS = 1;
/** Nobody is logged in yet. */
export const BEFORE_LOGIN = 2;
/** The connection has not ended yet. */
export const BEFORE_END = 4;
/** Somebody is logged in now. */
export const LOGS_IN = 8;
/** The connection has ended. A few more lines can follow. */
export const ENDS = 16;
/** The client has said as whom to log in. */
export const NAMES = 32;
/** The record may tell of a refused attempt. */
export const MAY_FAIL = 64;
/** The process that listens wrote it, or none that serves a connection. */
export const LISTENS = 128;
/** A PAM module has let somebody in. */
export const PASSES = 256;
/** A session was opened or closed: the record names the user who is logged in. */
export const TELLS_USER = 512;
/** The process with the number in the message has ended. */
export const MAY_NAME_PROCESS = 1024;
/** The outcome, or the message, tells more. */
const DEPENDS = 2048;
/** PAM tells a refusal, or sshd tells one of PAM. */
export const PAM_TELLS = 4096;
/** sshd says that the connection ends. */
export const SAYS_END = 8192;
/** These are the last words of sshd. What PAM says can follow. */
export const FINISHES = 16384;

const EARLY = BEFORE_LOGIN | BEFORE_END;

const MEANINGS = new Map<unknown, number>([
  ['ssh_connection', BEGINS],
  ['ssh_login_partial', EARLY | NAMES],
  ['ssh_login_postponed', EARLY | NAMES],
  ['ssh_not_allowed', EARLY | NAMES],
  ['ssh_key_refused', EARLY | NAMES],
  ['ssh_key_accepted', EARLY],
  ['ssh_too_many_failures', ENDS | SAYS_END | NAMES | DEPENDS],
  ['ssh_timeout', ENDS | SAYS_END | MAY_NAME_PROCESS],
  ['ssh_bad_protocol', ENDS | SAYS_END],
  ['ssh_no_identification', ENDS | SAYS_END],
  ['ssh_negotiation_failed', ENDS | SAYS_END],
  ['ssh_server', LISTENS],
  ['ssh_connection_dropped', LISTENS],
  ['pam_auth_success', EARLY | PASSES],
  ['sftp_session', 0],
  ['login', EARLY | LOGS_IN],
  ['login_failed', EARLY | MAY_FAIL],
  ['su', EARLY | MAY_FAIL | LOGS_IN | DEPENDS],
  ['sudo', BEFORE_END | MAY_FAIL | LOGS_IN | DEPENDS],
  ['doas', BEFORE_END | MAY_FAIL | LOGS_IN | DEPENDS],
  ['pkexec', BEFORE_END],
  ['cron_session', DEPENDS],
]);

/** Actions are few constants, which V8 compares faster than it finds them in a map: the most usual ones first. */
function meaningOfAction(action: string): number {
  switch (action) {
    case 'ssh_login_failed':
      return EARLY | NAMES | MAY_FAIL;
    case 'pam_auth_failure':
      return EARLY | MAY_FAIL | PAM_TELLS | DEPENDS;
    case 'ssh_connection_closed':
    case 'ssh_disconnect':
      return ENDS | SAYS_END | FINISHES | DEPENDS;
    case 'ssh_invalid_user':
      return EARLY | NAMES;
    case 'ssh_login':
      return EARLY | LOGS_IN;
    case 'session_opened':
      return BEFORE_END | LOGS_IN | TELLS_USER;
    case 'session_closed':
      return ENDS | TELLS_USER;
    default:
      return MEANINGS.get(action) ?? 0;
  }
}

/** The bits above for a record. */
export function meaningOf(fields: FieldSet): number {
  const { event_action: action, text: message } = fields;
  const meaning = meaningOfAction(action);
  if ((meaning & DEPENDS) === 0) return meaning;
  if (action === 'cron_session') {
    return message.includes('session closed ') ? TELLS_USER | ENDS : TELLS_USER | EARLY | LOGS_IN;
  }
  // `PAM service(sshd) ignoring max retries; 6 > 3` comes after the end.
  if (action === 'ssh_too_many_failures') return message.startsWith('PAM ') ? ENDS : meaning;
  if ((meaning & FINISHES) !== 0) {
    return endOf(message, meaning);
  }
  if (action === 'pam_auth_failure') return isSummary(message) ? meaning & ~EARLY : meaning;
  if (fields.event_outcome !== 'failure') return meaning;
  return isSecondLine(message) ? MAY_FAIL : (meaning & ~LOGS_IN) | ENDS;
}

/** `Closing connection to …` comes after all. After `Received disconnect from …` and `Disconnecting …` sshd says more. */
function endOf(message: string, meaning: number): number {
  // The first letters differ: C, R, D, and e of `error: `.
  switch (message.charCodeAt(0)) {
    case 67:
      return message.startsWith('Closing ') ? ENDS : meaning;
    case 68:
      return message.startsWith('Disconnecting') ? ENDS | SAYS_END : meaning;
    case 82:
      return message.startsWith('Received ') ? ENDS | SAYS_END : meaning;
    case 101:
      return message.startsWith('error: ') ? ENDS | SAYS_END : meaning;
    default:
      return meaning;
  }
}

/** `PAM 2 more authentication failures; …`, which comes after the end. */
function isSummary(message: string): boolean {
  const first = message.charCodeAt(0);
  return isDigit(first) || (first === 80 && message.startsWith('PAM '));
}

/** su of shadow writes a second line for the same refusal, `- /dev/pts/0 alice:root`. */
function isSecondLine(message: string): boolean {
  return message.startsWith('- ');
}

/** Who tells of a refused attempt. Several of them can tell of the same one. */
export const NOBODY = 0;
/** The program, of a password. */
export const PASSWORD = 1;
/** The program, of answers to questions. */
export const ANSWERS = 2;
/** The program, of a conversation with PAM that ended in a refusal: it may tell of the same attempt as answers. */
export const CONVERSATION = 3;
/** A module of PAM. */
export const MODULE = 4;
/** The program, with their number. */
export const TOLD = 5;

const REPEATED = 'message repeated ';

/** Who tells of refused attempts in a record that may. */
export function witnessOf(fields: FieldSet, message: string): number {
  if (fields.event_outcome !== 'failure') return NOBODY;
  switch (fields.event_action) {
    case 'ssh_login_failed':
      return sshMethod(fields.auth_method);
    case 'pam_auth_failure':
      return pamWitness(textOf(message));
    case 'login_failed':
      if (/^(?:REPEATED|exceeded failure limit|User unknown timed out)/.test(message)) return NOBODY;
      if (failuresTold(message) > 0) return TOLD;
      // klogind says this beside the line that names the client.
      return message.startsWith('Kerberos ') ? CONVERSATION : ANSWERS;
    case 'su':
      return isSecondLine(message) ? CONVERSATION : ANSWERS;
    case 'sudo':
      return failuresTold(message) > 0 ? TOLD : NOBODY;
    default:
      return message.startsWith('failed ') ? ANSWERS : NOBODY;
  }
}

/**
 * A client offers key after key by itself, and most of sshd's refusals of keys are not logged at its usual level: they count
 * once a connection, when it ends. `none` only asks which methods there are.
 */
function sshMethod(method: string | undefined): number {
  if (method === undefined) return PASSWORD;
  if (method.startsWith('keyboard-interactive')) return ANSWERS;
  return method === 'none' || method === 'publickey' || method === 'hostbased' || method.startsWith('gssapi')
    ? NOBODY
    : PASSWORD;
}

function pamWitness(text: string): number {
  if (text.startsWith('error: PAM: ') || text.startsWith('PAM: ')) return CONVERSATION;
  if (isSummary(text) || text.startsWith('authentication failure; ')) return MODULE;
  // Only the failures of `auth`: a wrong password when changing one's own is no login.
  return text.includes(':auth): authentication failure; ') ? MODULE : NOBODY;
}

/** The message within `message repeated 3 times: [ MESSAGE]`, or the message. */
function textOf(message: string): string {
  if (!message.startsWith(REPEATED)) return message;
  const open = message.indexOf(': [ ');
  return open === -1 ? message : message.slice(open + 4);
}

/**
 * The number in `alice : 3 incorrect password attempts ; TTY=…` of sudo, and in `2 LOGIN FAILURES ON ttyv1` of a BSD. 0 where
 * the message says something else.
 */
export function failuresTold(message: string): number {
  const [, sudo, login] =
    / : (\d{1,6}) incorrect (?:password|authentication) attempts? ;|^(\d{1,6}) LOGIN FAILURES? /.exec(message) ?? [];
  return Number(sudo ?? login ?? 0);
}

/** sshd's listener: `Timeout before authentication for connection from A to B, pid = 4711`. */
export function timedOutProcess(message: string, meaning: number): number | undefined {
  if ((meaning & MAY_NAME_PROCESS) === 0) return undefined;
  const at = message.lastIndexOf(', pid = ');
  const text = at === -1 ? '' : message.slice(at + 8);
  return /^\d{1,10}$/.test(text) ? Number(text) : undefined;
}
