import { endpointAt } from '../address.ts';
import type { AuthFields } from '../fields.ts';
import type { SshdRules } from './rule.ts';

/** Forwarding of ports, sockets and windows, and subsystems such as sftp. */

function forwarding(): AuthFields {
  return { event_action: 'ssh_forwarding', event_outcome: 'failure' };
}

function notAllowed(): AuthFields {
  return { event_action: 'ssh_forwarding', event_outcome: 'failure', event_reason: 'not_allowed' };
}

/** `Received request [from ADDRESS port N ]to connect to host HOST port N, but the request was denied.` */
export function deniedRequest(text: string): AuthFields | undefined {
  if (!text.endsWith(', but the request was denied.')) return undefined;
  // What is asked for stands behind the client's address.
  return text.startsWith('from ', 17) ? { ...notAllowed(), ...endpointAt(text, 22).source } : notAllowed();
}

/** `subsystem request for NAME by user NAME[, failed, REASON]`; the client chooses the name of the subsystem. */
function subsystem(text: string): AuthFields | undefined {
  if (!text.startsWith('request for ', 10)) return undefined;
  const failed = text.lastIndexOf(' failed, ');
  const isFailure = failed !== -1 && /^(?:subsystem not found|execution failed)$/.test(text.slice(failed + 9));
  const end = isFailure ? failed : text.length;
  const by = text.lastIndexOf(' by user ', end);
  return {
    event_action: 'ssh_subsystem',
    event_outcome: isFailure ? 'failure' : undefined,
    user_name: by === -1 ? undefined : text.slice(by + 9, end),
  };
}

function beginning(...beginnings: string[]): (text: string) => AuthFields | undefined {
  return (text) => (beginnings.some((start) => text.startsWith(start)) ? forwarding() : undefined);
}

export const FORWARDING_RULES: SshdRules = [
  ['subsystem', subsystem],
  ['Local', beginning('Local port forwarding')],
  ['connect_to', forwarding],
  ['connect', beginning('connect to ')],
  ['channel_setup_fwd_listener:', forwarding],
  ['channel_setup_fwd_listener_tcpip:', forwarding],
  ['bind', beginning('bind [')],
  ['listen', beginning('listen [')],
  ['X11', beginning('X11 connection rejected', 'X11 forwarding opened before')],
  ['Rejected', beginning('Rejected X11 connection')],
];
