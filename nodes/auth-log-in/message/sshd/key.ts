import { sourceOf } from '../address.ts';
import { FieldSet } from '../field-set.ts';
import { type AuthFields, between } from '../fields.ts';
import { addNameAndSource } from './name.ts';
import type { SshdRules } from './rule.ts';

/** Keys and certificates that are refused or accepted before the login is complete. */

function refusedKey(fields?: Partial<AuthFields>): AuthFields {
  return {
    event_action: 'ssh_key_refused',
    event_outcome: 'failure',
    event_reason: 'wrong_key',
    auth_method: 'publickey',
    ...fields,
  };
}

function refusedIf(...beginnings: string[]): (text: string) => AuthFields | undefined {
  return (text) => (beginnings.some((start) => text.startsWith(start)) ? refusedKey() : undefined);
}

/** `Authentication key TYPE FINGERPRINT revoked by file FILE`, `Authentication refused[ for NAME]: REASON`. */
function authentication(text: string): AuthFields | undefined {
  if (text.startsWith('Authentication key ')) {
    return refusedKey({ ssh_signature: /^Authentication key (\S+ \S+) revoked /.exec(text)?.[1] });
  }
  if (!text.startsWith('Authentication refused')) return undefined;
  const name = text.startsWith('Authentication refused for ') ? between(text, ' for ', ': ') : undefined;
  return { event_action: 'ssh_not_allowed', event_outcome: 'failure', user_name: name };
}

function revoked(text: string): AuthFields | undefined {
  if (!text.startsWith('WARNING: revoked key ')) return undefined;
  return refusedKey({ user_name: between(text, ' for ', ' attempted authentication') });
}

/** `public key KEY signature for [invalid user ]NAME from ADDRESS port N rejected: REASON`. */
function rejectedKey(text: string): AuthFields | undefined {
  const end = text.lastIndexOf(' rejected: ');
  const nameAt = text.indexOf(' signature for ');
  if (!text.startsWith('public key ') || end === -1 || nameAt === -1) return undefined;
  const fields = new FieldSet('ssh_login_failed', 'failure', 'wrong_key');
  addNameAndSource(fields, text, nameAt + 15, end);
  fields.auth_method = 'publickey';
  return fields;
}

/**
 * `FILE:LINE: Authentication tried for NAME with correct key but not from a permitted host (host=H, ip=A, …)`, or
 * `with valid certificate but not from a permitted source address (A)`.
 */
export function triedKey(text: string): AuthFields | undefined {
  const tried = text.indexOf('Authentication tried for ');
  if (tried === -1) return undefined;
  // Up to 7.4: `(host=H, ip=A).`, and for a certificate `(ip=A).`.
  const address =
    /[ (]ip=([^ ,()]+)(?:,|\)\.$)/.exec(text.slice(tried))?.[1] ?? between(text, 'address (', ')', tried) ?? '';
  return {
    event_action: 'ssh_not_allowed',
    event_outcome: 'failure',
    event_reason: 'restricted_host',
    user_name: between(text, ' tried for ', ' with ', tried - 1),
    auth_method: 'publickey',
    ...sourceOf(address),
  };
}

/** `Authorized to NAME, krb5 principal PRINCIPAL (krb5_kuserok)`: the ticket is good, but nobody is logged in yet. */
function authorized(text: string): AuthFields | undefined {
  const at = text.indexOf(', krb5 principal ');
  if (!text.startsWith('Authorized to ') || at === -1) return undefined;
  return { event_action: 'ssh_key_accepted', auth_method: 'gssapi', user_name: text.slice(14, at) };
}

/** `userauth_pubkey: signature algorithm ssh-rsa not in PubkeyAcceptedAlgorithms`, and other faults of a key. */
function userauth(text: string): AuthFields {
  const isAlgorithm =
    / not in (?:Pubkey|Hostbased)Accepted/.test(text) || text.includes(': unsupported public key algorithm');
  return refusedKey(isAlgorithm ? { event_reason: 'no_matching_algorithm' } : undefined);
}

/** `publickey key type TYPE is not in permitted list LIST`. */
function notPermitted(text: string): AuthFields | undefined {
  if (!/^\w+ key type \S+ is not in permitted list /.test(text)) return undefined;
  return refusedKey({ event_reason: 'no_matching_algorithm', auth_method: text.slice(0, 9) });
}

/** The server's own certificate, or one of a client that may not be used. */
function certificate(text: string): AuthFields | undefined {
  if (text.startsWith('Certificate file is not a certificate')) return { event_action: 'ssh_server' };
  const isRefused = /^Certificate (?:invalid|has multiple|source-address|critical option|option)/.test(text);
  return isRefused ? refusedKey() : undefined;
}

function gssapi(text: string): AuthFields | undefined {
  if (!text.startsWith('GSSAPI MIC check failed')) return undefined;
  return { event_action: 'ssh_login_failed', event_outcome: 'failure', auth_method: 'gssapi-with-mic' };
}

function command(): AuthFields {
  return { event_action: 'ssh_key_command' };
}

export const KEY_RULES: SshdRules = [
  ['Authentication', authentication],
  ['WARNING:', revoked],
  ['Refused', refusedIf('Refused Certificate ID ')],
  ['Refusing', refusedIf('Refusing certificate ID ', 'Refusing RSA key because ')],
  ['publickey', notPermitted],
  ['hostbased', notPermitted],
  ['refusing', refusedIf('refusing ')],
  ['Certificate', certificate],
  ['GSSAPI', gssapi],
  ['key_cert_check_authority:', () => refusedKey()],
  ['userauth_pubkey:', userauth],
  ['userauth_hostbased', refusedIf('userauth_hostbased')],
  ['userauth_hostbased:', userauth],
  ['public', rejectedKey],
  ['Authorized', authorized],
  ['AuthorizedKeysCommand', command],
  ['AuthorizedPrincipalsCommand', command],
  ['AuthorizedKeysCommandUser', command],
  ['AuthorizedPrincipalsCommandUser', command],
];
