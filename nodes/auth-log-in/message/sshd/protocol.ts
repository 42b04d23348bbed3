import { endpointAt, endpointBefore, type Source, sourceOf } from '../address.ts';
import { addSource, FieldSet } from '../field-set.ts';
import type { AuthFields } from '../fields.ts';
import type { SshdRules } from './rule.ts';

/** Clients that do not speak the protocol, and such as are too slow for it. */

export function timedOut(source: Source): AuthFields {
  return { event_action: 'ssh_timeout', event_outcome: 'failure', event_reason: 'timeout', ...source };
}

function noIdentification(text: string): AuthFields | undefined {
  if (!text.startsWith('not receive identification string from ', 4)) return undefined;
  return addSource(new FieldSet('ssh_no_identification', undefined, 'client_left'), endpointAt(text, 43).source);
}

function wrongProtocol(source?: Source): AuthFields {
  return { event_action: 'ssh_bad_protocol', event_outcome: 'failure', ...source };
}

function bad(text: string): AuthFields | undefined {
  // What the client sent stands before the address, in quotes.
  if (text.startsWith('Bad protocol version identification ')) {
    const from = text.lastIndexOf(' from ');
    return wrongProtocol(
      endpointBefore(text, text.length)?.source ?? sourceOf(from === -1 ? '' : text.slice(from + 6)),
    );
  }
  return text.startsWith('Bad packet length') || text.startsWith('Bad remote protocol') ? wrongProtocol() : undefined;
}

function protocol(text: string): AuthFields | undefined {
  if (text.startsWith('Protocol major versions differ for ')) return wrongProtocol(endpointAt(text, 35).source);
  return text.startsWith('Protocol major versions differ') ? wrongProtocol() : undefined;
}

/** `banner exchange: Connection from ADDRESS port N: REASON`. */
function banner(text: string): AuthFields | undefined {
  if (!text.startsWith('banner exchange: Connection ')) return undefined;
  const { source } = endpointAt(text, 33);
  return text.endsWith(' timed out') ? timedOut(source) : wrongProtocol(source);
}

const IDENTIFICATION = 'kex_exchange_identification: ';

function identification(text: string): AuthFields {
  const said = text.slice(IDENTIFICATION.length);
  if (/^(?:client sent invalid|banner line|message too|Bad )/.test(said)) return wrongProtocol();
  return { event_action: 'ssh_no_identification', event_reason: 'client_left' };
}

/** `scanned from ADDRESS port N with VERSION.  Don't panic.` */
function scanned(text: string): AuthFields | undefined {
  return text.startsWith('from ', 8) || text.startsWith('from ', 7)
    ? wrongProtocol(endpointAt(text, text.indexOf(' from ') + 6).source)
    : undefined;
}

/** `Magic value check failed (N) on obfuscated handshake from ADDRESS port N` of a patched sshd. */
function magic(text: string): AuthFields | undefined {
  return text.startsWith('Magic value check failed')
    ? wrongProtocol(endpointBefore(text, text.length)?.source)
    : undefined;
}

export const PROTOCOL_RULES: SshdRules = [
  ['Did', noIdentification],
  ['Bad', bad],
  ['Protocol', protocol],
  ['banner', banner],
  ['kex_exchange_identification:', identification],
  ['kex_protocol_error:', () => wrongProtocol()],
  ['dispatch_protocol_error:', () => wrongProtocol()],
  ['probed', scanned],
  ['scanned', scanned],
  ['Magic', magic],
  // OpenSSH up to 7.3.
  ['Hm,', (text) => (text.startsWith('Hm, kex protocol error') ? wrongProtocol() : undefined)],
  ['Corrupted', () => wrongProtocol()],
  ['padding', (text) => (text.startsWith('padding error') ? wrongProtocol() : undefined)],
  [
    'Finished',
    (text) => (text.startsWith('discarding for ', 9) ? wrongProtocol(endpointAt(text, 24).source) : undefined),
  ],
];
