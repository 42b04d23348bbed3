import { endpointAt, endpointBefore, endpointStart } from '../address.ts';
import { addEndpoint, addSource, type FieldSet } from '../field-set.ts';
import type { AuthFields, EventReason } from '../fields.ts';
import { deniedRequest } from './forwarding.ts';
import { timedOut } from './protocol.ts';
import type { SshdRules } from './rule.ts';

/** Connections: how they begin and how they end. */

const MARKS = ['authenticating user ', 'invalid user ', 'user '];

/** `[authenticating user NAME|invalid user NAME|user NAME] ADDRESS port N` from `from` to `end`. */
function closed(
  into: FieldSet,
  text: string,
  from: number,
  action: string,
  isPreauth: boolean,
  end = text.length,
  reason: EventReason | undefined = isPreauth ? 'client_left' : undefined,
): AuthFields {
  const start = endpointStart(text, end);
  if (start < from) return addSource(into.begin(action, undefined, reason), endpointAt(text, from).source);
  for (const mark of MARKS) {
    if (!text.startsWith(mark, from) || start - 1 < from + mark.length) continue;
    // At the usual log level this is the only trace of a refused key: the client goes away before it is logged in.
    const isFailure = isPreauth || mark !== 'user ';
    const why = mark === 'invalid user ' ? 'invalid_user' : (reason ?? (isFailure ? 'client_left' : undefined));
    into.begin(action, isFailure ? 'failure' : undefined, why).user_name = text.slice(from + mark.length, start - 1);
    addEndpoint(into, text, start);
    return into;
  }
  addEndpoint(into.begin(action, undefined, reason), text, start);
  return into;
}

function connection(text: string, isPreauth: boolean, into: FieldSet): AuthFields | undefined {
  if (text.startsWith('closed by ', 11)) return closed(into, text, 21, 'ssh_connection_closed', isPreauth);
  if (text.startsWith('reset by ', 11)) return closed(into, text, 20, 'ssh_connection_closed', isPreauth);
  if (text.startsWith('timed out during banner exchange', 11)) return timedOut({});
  if (!text.startsWith('from ', 11)) return undefined;
  if (text.endsWith(' timed out')) return closed(into, text, 16, 'ssh_timeout', isPreauth, text.length - 10, 'timeout');
  if (text.endsWith(': refusing non-sftp session')) {
    const fields = closed(into, text, 16, 'ssh_session', false, text.length - 27);
    return { ...fields, event_outcome: 'failure', event_reason: 'not_allowed' };
  }
  // `Connection from ADDRESS port N on ADDRESS port N`: the first is the client's, and no name stands before it.
  return addSource(into.begin('ssh_connection'), endpointAt(text, 16).source);
}

const TOO_MANY = 'Too many authentication failures';

function disconnecting(text: string, _isPreauth: boolean, into: FieldSet): AuthFields | undefined {
  if (text.startsWith(': ', 13)) return disconnectingUnnamed(text);
  // The client chooses the name before the address and, in one message, the reason after it.
  const isTooMany = text.endsWith(`: ${TOO_MANY}`);
  const end = isTooMany ? text.length - TOO_MANY.length - 2 : onlyEndpointEnd(text);
  const action = isTooMany ? 'ssh_too_many_failures' : 'ssh_disconnect';
  const isKnown = MARKS.some((mark) => mark !== 'user ' && text.startsWith(mark, 14));
  const reason = isTooMany ? 'too_many_failures' : undefined;
  const fields: AuthFields =
    end === undefined ? { event_action: action } : closed(into, text, 14, action, true, end, reason);
  withoutLeaving(fields);
  if (isTooMany || isKnown) fields.event_outcome = 'failure';
  return fields;
}

/** The server ended it, not the client. */
function withoutLeaving(fields: AuthFields): AuthFields {
  if (fields.event_reason === 'client_left') fields.event_reason = undefined;
  return fields;
}

/** OpenSSH up to 7.4 names no address here. */
function disconnectingUnnamed(text: string): AuthFields {
  if (!text.startsWith(TOO_MANY, 15)) return { event_action: 'ssh_disconnect' };
  const at = text.indexOf(' failures for ');
  const name = at === -1 ? '' : text.slice(at + 14);
  const isInvalid = name.startsWith('invalid user ');
  return {
    event_action: 'ssh_too_many_failures',
    event_outcome: 'failure',
    event_reason: isInvalid ? 'invalid_user' : 'too_many_failures',
    user_name: isInvalid ? name.slice(13) : name,
  };
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

function received(text: string, isPreauth: boolean, into: FieldSet): AuthFields | undefined {
  if (text.startsWith('disconnect from ', 9)) {
    const reason = isPreauth ? 'client_left' : undefined;
    return addSource(into.begin('ssh_disconnect', undefined, reason), endpointAt(text, 25).source);
  }
  if (text.startsWith('request ', 9)) return deniedRequest(text);
  return text.startsWith('SIG', 9) || text.startsWith('signal ', 9) ? { event_action: 'ssh_server' } : undefined;
}

/** `WHERE: Connection from ADDRESS port N: REASON`, as sshpkt_fatal() ends a connection. */
export function interrupted(text: string, isPreauth: boolean, into: FieldSet): AuthFields | undefined {
  const at = text.indexOf(': Connection from ');
  if (at === -1 || at > 60 || text.lastIndexOf(' ', at) > 40) return undefined;
  const end = onlyEndpointEnd(text);
  const action = 'ssh_connection_closed';
  return end === undefined
    ? { event_action: action }
    : withoutLeaving(closed(into, text, at + 18, action, isPreauth, end));
}

function timeout(text: string, _isPreauth: boolean, into: FieldSet): AuthFields | undefined {
  if (text.startsWith('before authentication', 8)) {
    if (!text.startsWith(' for ', 29)) return timedOut({});
    const from = text.startsWith('connection from ', 34) ? 50 : 34;
    return timedOut(endpointAt(text, from).source);
  }
  if (!text.startsWith(', client not responding', 7)) return undefined;
  const named = text.startsWith(' from ', 30);
  return named
    ? closed(into, text, 36, 'ssh_timeout', false, text.length, 'timeout')
    : { event_action: 'ssh_timeout', event_reason: 'timeout' };
}

function terminating(text: string, _isPreauth: boolean, into: FieldSet): AuthFields | undefined {
  if (!text.startsWith('inactive connection from ', 12)) return undefined;
  return closed(into, text, 37, 'ssh_timeout', false, text.length, 'timeout');
}

export const CONNECTION_RULES: SshdRules = [
  ['Connection', connection],
  [
    'Disconnected',
    (text, isPreauth, into) =>
      text.startsWith('from ', 13) ? closed(into, text, 18, 'ssh_disconnect', isPreauth) : undefined,
  ],
  ['Disconnecting', disconnecting],
  ['Disconnecting:', disconnecting],
  ['Received', received],
  ['Timeout', timeout],
  ['Timeout,', timeout],
  ['terminating', terminating],
  [
    'Closing',
    (text) =>
      text.startsWith('connection to ', 8)
        ? { event_action: 'ssh_connection_closed', ...endpointAt(text, 22).source }
        : undefined,
  ],
  ['Write', (text) => (text.startsWith('failed: ', 6) ? { event_action: 'ssh_connection_closed' } : undefined)],
  ['Read', (text) => readError(text)],
];

function readError(text: string): AuthFields | undefined {
  if (text.startsWith('from socket failed: ', 5)) return { event_action: 'ssh_connection_closed' };
  if (!text.startsWith('error from remote host ', 5)) return undefined;
  return { event_action: 'ssh_connection_closed', ...endpointAt(text, 28).source };
}
