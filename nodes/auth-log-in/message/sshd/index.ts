import { endpointAt, endpointBefore, sourceOf } from '../address.ts';
import { type AuthFields, between, type Rule, word } from '../fields.ts';
import { parseAttempt } from './attempt.ts';
import { parseRefusal } from './refusal.ts';

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
  return RULES.get(word(text, 0))?.(text, isPreauth) ?? parseRefusal(text);
};

function levelLength(message: string): number {
  // A quick exit: most messages begin with a capital, and no level does.
  if (message.charCodeAt(0) < 97) return 0;
  return LEVELS.find((level) => message.startsWith(level))?.length ?? 0;
}

type SshdRule = (text: string, isPreauth: boolean) => AuthFields | undefined;

const RULES = new Map<string, SshdRule>([
  ['Accepted', parseAttempt],
  ['Failed', parseAttempt],
  ['Partial', parseAttempt],
  ['Postponed', parseAttempt],
  ['Invalid', invalidUser],
  ['Illegal', invalidUser],
  ['input_userauth_request:', (text) => invalidUser(text.slice(24))],
  ['Connection', connection],
  ['Disconnected', (text, isPreauth) => closed(text, 18, 'ssh_disconnect', isPreauth)],
  ['Disconnecting', disconnecting],
  ['Disconnecting:', disconnecting],
  ['Received', received],
  ['Did', noIdentification],
  ['Bad', badProtocol],
  ['Protocol', badProtocol],
  ['banner', badProtocol],
  ['kex_exchange_identification:', identification],
  ['ssh_dispatch_run_fatal:', fatalConnection],
  ['Unable', unable],
  ['Timeout', timeout],
  ['Starting', startingSession],
  ['Close', closeSession],
  ['Closing', (text) => ({ event_action: 'ssh_connection_closed', ...source(text, 'Closing connection to ') })],
  ['User', (text) => userChild(text) ?? parseRefusal(text)],
  ['subsystem', (text) => ({ event_action: 'ssh_subsystem', user_name: after(text, ' by user ') })],
]);

function invalidUser(text: string): AuthFields | undefined {
  if (!/^(?:Invalid|Illegal|invalid|illegal) user /.test(text)) return undefined;
  const fields: AuthFields = { event_action: 'ssh_invalid_user', event_outcome: 'failure' };
  const endpoint = endpointBefore(text, text.length);
  if (endpoint !== undefined && text.endsWith(' from ', endpoint.start)) {
    return { ...fields, user_name: text.slice(13, endpoint.start - 6), ...endpoint.source };
  }
  // Before OpenSSH 7.4 there was no port, and in the privileged half no address.
  const from = text.lastIndexOf(' from ');
  if (from < 12) return { ...fields, user_name: text.slice(13) };
  return { ...fields, user_name: text.slice(13, from), ...sourceOf(text.slice(from + 6)) };
}

/** `[authenticating user NAME|invalid user NAME|user NAME] ADDRESS port N` from `from` to the end. */
function closed(text: string, from: number, action: string, isPreauth: boolean, end = text.length): AuthFields {
  const endpoint = endpointBefore(text, end);
  const fields: AuthFields = { event_action: action };
  if (endpoint === undefined || endpoint.start < from) return { ...fields, ...endpointAt(text, from).source };
  const who = text.slice(from, endpoint.start - 1);
  for (const mark of ['authenticating user ', 'invalid user ', 'user ']) {
    if (!who.startsWith(mark)) continue;
    // At the usual log level this is the only trace of a refused key: the client goes away before it is logged in.
    const outcome = isPreauth || mark !== 'user ' ? 'failure' : undefined;
    return { ...fields, event_outcome: outcome, user_name: who.slice(mark.length), ...endpoint.source };
  }
  return { ...fields, ...endpoint.source };
}

function source(text: string, mark: string): ReturnType<typeof sourceOf> {
  const at = text.indexOf(mark);
  return at === -1 ? {} : endpointAt(text, at + mark.length).source;
}

function after(text: string, mark: string): string | undefined {
  const at = text.lastIndexOf(mark);
  return at === -1 ? undefined : text.slice(at + mark.length);
}

function connection(text: string, isPreauth: boolean): AuthFields | undefined {
  if (text.startsWith('closed by ', 11)) return closed(text, 21, 'ssh_connection_closed', isPreauth);
  if (text.startsWith('reset by ', 11)) return closed(text, 20, 'ssh_connection_closed', isPreauth);
  if (!text.startsWith('from ', 11)) return undefined;
  if (text.endsWith(' timed out')) return closed(text, 16, 'ssh_timeout', isPreauth, text.length - 10);
  // `Connection from ADDRESS port N on ADDRESS port N`: the first is the client's, and no name stands before it.
  return { event_action: 'ssh_connection', ...endpointAt(text, 16).source };
}

const TOO_MANY = 'Too many authentication failures';

function disconnecting(text: string): AuthFields | undefined {
  if (text.startsWith(': ', 13)) {
    // OpenSSH up to 7.4 names no address here.
    const isTooMany = text.startsWith(TOO_MANY, 15);
    const user = isTooMany ? after(text, ' failures for ') : undefined;
    return isTooMany
      ? {
          event_action: 'ssh_too_many_failures',
          event_outcome: 'failure',
          user_name: user?.replace(/^invalid user /, ''),
        }
      : { event_action: 'ssh_disconnect' };
  }
  // The client chooses the name before the address and, in one message, the reason after it.
  const end = text.endsWith(`: ${TOO_MANY}`) ? text.length - TOO_MANY.length - 2 : onlyEndpointEnd(text);
  const action = text.endsWith(`: ${TOO_MANY}`) ? 'ssh_too_many_failures' : 'ssh_disconnect';
  const fields: AuthFields = end === undefined ? { event_action: action } : closed(text, 14, action, true, end);
  const isRefused = action !== 'ssh_disconnect' || /^(?:authenticating|invalid) user /.test(text.slice(14, 35));
  return isRefused ? { ...fields, event_outcome: 'failure' } : fields;
}

/** Where the only `ADDRESS port N:` of the text ends. Undefined where there are several: one of them is made up. */
function onlyEndpointEnd(text: string): number | undefined {
  let only: number | undefined;
  for (let at = text.indexOf(': '); at !== -1; at = text.indexOf(': ', at + 1)) {
    if (endpointBefore(text, at) === undefined) continue;
    if (only !== undefined) return undefined;
    only = at;
  }
  return only;
}

function received(text: string): AuthFields | undefined {
  if (text.startsWith('disconnect from ', 9)) {
    return { event_action: 'ssh_disconnect', ...endpointAt(text, 25).source };
  }
  if (text.startsWith('request to connect to host ', 9)) {
    return { event_action: 'ssh_forwarding', event_outcome: 'failure' };
  }
  return text.startsWith('SIG', 9) || text.startsWith('signal ', 9) ? { event_action: 'ssh_server' } : undefined;
}

function noIdentification(text: string): AuthFields | undefined {
  if (!text.startsWith('not receive identification string from ', 4)) return undefined;
  return { event_action: 'ssh_no_identification', ...endpointAt(text, 43).source };
}

function badProtocol(text: string): AuthFields | undefined {
  const fields: AuthFields = { event_action: 'ssh_bad_protocol', event_outcome: 'failure' };
  // What the client sent stands before the address, in quotes.
  if (text.startsWith('Bad protocol version identification ')) {
    const endpoint = endpointBefore(text, text.length);
    return { ...fields, ...(endpoint?.source ?? sourceOf(after(text, ' from ') ?? '')) };
  }
  if (text.startsWith('banner exchange: ')) return { ...fields, ...source(text, 'Connection from ') };
  if (text.startsWith('Protocol major versions differ for ')) return { ...fields, ...endpointAt(text, 35).source };
  return text.startsWith('Bad packet length') || text.startsWith('Bad remote protocol') ? fields : undefined;
}

function identification(text: string): AuthFields {
  if (/: (?:client sent invalid|banner line|message too|Bad )/.test(text)) {
    return { event_action: 'ssh_bad_protocol', event_outcome: 'failure' };
  }
  return { event_action: 'ssh_no_identification' };
}

function fatalConnection(text: string, isPreauth: boolean): AuthFields | undefined {
  const at = text.indexOf('Connection from ');
  const end = onlyEndpointEnd(text);
  const action = 'ssh_connection_closed';
  return at === -1 || end === undefined ? { event_action: action } : closed(text, at + 16, action, isPreauth, end);
}

function unable(text: string): AuthFields | undefined {
  if (!text.startsWith('to negotiate with ', 7)) return undefined;
  // The offer at the end is the client's own words.
  return { event_action: 'ssh_negotiation_failed', event_outcome: 'failure', ...endpointAt(text, 25).source };
}

function timeout(text: string): AuthFields | undefined {
  if (!text.startsWith('before authentication for ', 8)) return undefined;
  const from = text.startsWith('connection from ', 34) ? 50 : 34;
  return { event_action: 'ssh_timeout', event_outcome: 'failure', ...endpointAt(text, from).source };
}

/** `Starting session: shell on pts/0 for NAME from ADDRESS port N id 0`. */
function startingSession(text: string): AuthFields | undefined {
  const end = text.lastIndexOf(' id ');
  const endpoint = end === -1 ? undefined : endpointBefore(text, end);
  if (endpoint === undefined) return undefined;
  const tty = between(text, ' on ', ' for ');
  const user = between(text.slice(0, endpoint.start), ' for ', ' from ');
  return { event_action: 'ssh_session', event_outcome: 'success', user_name: user, tty, ...endpoint.source };
}

function closeSession(text: string): AuthFields | undefined {
  const end = text.lastIndexOf(' id ');
  const endpoint = end === -1 ? undefined : endpointBefore(text, end);
  if (endpoint === undefined) return undefined;
  return { event_action: 'ssh_session_closed', user_name: between(text, 'user ', ' from '), ...endpoint.source };
}

function userChild(text: string): AuthFields | undefined {
  return text.startsWith('User child is on pid ') ? { event_action: 'ssh_session' } : undefined;
}
