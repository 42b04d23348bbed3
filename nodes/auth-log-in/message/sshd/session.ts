import { endpointAt, endpointBefore } from '../address.ts';
import type { AuthFields } from '../fields.ts';
import type { SshdRules } from './rule.ts';

/** Sessions of a user who is logged in, and the processes that serve them. */

/** `Starting session: shell on pts/0 for NAME from ADDRESS port N id 0`. A client chooses the name of a subsystem. */
function startingSession(text: string): AuthFields | undefined {
  const endpoint = endpointBeforeId(text);
  if (endpoint === undefined) return undefined;
  const nameAt = text.lastIndexOf(' for ', endpoint.start - 7);
  const ttyAt = text.lastIndexOf(' on ', nameAt - 1);
  const tty = ttyAt === -1 || nameAt === -1 ? '' : text.slice(ttyAt + 4, nameAt);
  return {
    event_action: 'ssh_session',
    event_outcome: 'success',
    user_name: nameAt === -1 ? undefined : text.slice(nameAt + 5, endpoint.start - 6),
    tty: /^[\w/]+$/.test(tty) ? tty : undefined,
    ...endpoint.source,
  };
}

function closeSession(text: string): AuthFields | undefined {
  const endpoint = endpointBeforeId(text);
  if (endpoint === undefined || !text.startsWith('Close session: user ')) return undefined;
  return { event_action: 'ssh_session_closed', user_name: text.slice(20, endpoint.start - 6), ...endpoint.source };
}

function endpointBeforeId(text: string): ReturnType<typeof endpointBefore> {
  const end = text.lastIndexOf(' id ');
  return end === -1 ? undefined : endpointBefore(text, end);
}

/** `Session process N unpriv child crash for connection from ADDRESS to ADDRESS`, `… terminated abnormally`. */
function sessionProcess(text: string): AuthFields | undefined {
  if (!/^[Ss]ession process \d+ /.test(text)) return undefined;
  const at = text.indexOf(' for connection from ');
  return { event_action: 'ssh_connection_closed', ...(at === -1 ? {} : endpointAt(text, at + 21).source) };
}

export const SESSION_RULES: SshdRules = [
  ['Starting', startingSession],
  ['Close', closeSession],
  ['Session', sessionProcess],
  ['session', sessionProcess],
  ['Transferred:', () => ({ event_action: 'ssh_session' })],
];
