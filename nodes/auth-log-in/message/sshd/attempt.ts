import { type Endpoint, endpointBefore } from '../address.ts';
import type { AuthFields } from '../fields.ts';

/** `OUTCOME METHOD for [invalid user ]NAME from ADDRESS port N ssh2[: KEY]`, as OpenSSH's auth_log() writes it. */

const OUTCOMES: { [word: string]: Pick<AuthFields, 'event_action' | 'event_outcome'> } = {
  Accepted: { event_action: 'ssh_login', event_outcome: 'success' },
  Failed: { event_action: 'ssh_login_failed', event_outcome: 'failure' },
  // One of several required methods was passed: this is neither a login nor a failure yet.
  Partial: { event_action: 'ssh_login_partial' },
  Postponed: { event_action: 'ssh_login_postponed' },
};

function isInvalid(text: string, at: number): boolean {
  return text.startsWith('invalid user ', at) || text.startsWith('illegal user ', at);
}

export function parseAttempt(text: string): AuthFields | undefined {
  const methodAt = text.indexOf(' ') + 1;
  const outcome = OUTCOMES[text.slice(0, methodAt - 1)];
  const methodEnd = text.indexOf(' ', methodAt);
  if (outcome === undefined || methodEnd === -1) return undefined;
  const method = text.slice(methodAt, methodEnd);
  if (!text.startsWith('for ', methodEnd + 1)) return keyAccepted(text);
  const nameAt = methodEnd + 5;
  const userAt = isInvalid(text, nameAt) ? nameAt + 13 : nameAt;
  const isAccount = outcome.event_outcome === 'success' || (userAt === nameAt && mayHaveKey(method));
  const found = isAccount ? firstEndpoint(text, nameAt) : lastEndpoint(text, nameAt, method);
  const { event_action, event_outcome } = outcome;
  if (found === undefined) {
    // Two places look like the client's address. One of them is an attacker's choice, and nothing tells which.
    const end = text.indexOf(' from ', userAt);
    const user = end === -1 ? undefined : text.slice(userAt, end);
    return { event_action, event_outcome, auth_method: method, user_name: user };
  }
  const { source } = found.endpoint;
  return {
    event_action,
    event_outcome,
    auth_method: method,
    user_name: text.slice(userAt, found.endpoint.start - 6),
    source_ip: source.source_ip,
    source_port: source.source_port,
    source_hostname: source.source_hostname,
    ssh_signature: signature(text, found.end),
  };
}

interface Found {
  endpoint: Endpoint;
  /** Index after `ssh2`. */
  end: number;
}

function endpointBeforeSsh2(text: string, at: number, nameAt: number): Found | undefined {
  const endpoint = endpointBefore(text, at);
  if (endpoint === undefined || endpoint.start - 6 < nameAt || !text.endsWith(' from ', endpoint.start))
    return undefined;
  return { endpoint, end: at + 5 };
}

/** For an existing account the first place is the true one: a client cannot choose that name, a CA chooses the key's. */
function firstEndpoint(text: string, nameAt: number): Found | undefined {
  for (let at = text.indexOf(' ssh2', nameAt); at !== -1; at = text.indexOf(' ssh2', at + 1)) {
    const found = endpointBeforeSsh2(text, at, nameAt);
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * A client without an account chooses the name before the address. Without a certificate the last place is therefore
 * the true one. With a certificate the client also chooses a name after the address: then only a single place is safe.
 */
function lastEndpoint(text: string, nameAt: number, method: string): Found | undefined {
  if (!mayHaveKey(method)) {
    const isMarked = text.endsWith(' ssh2') || text.endsWith(' ssh1');
    return endpointBeforeSsh2(text, isMarked ? text.length - 5 : text.length, nameAt);
  }
  let found: Found | undefined;
  const hasCertificate = text.includes('-CERT ');
  for (let at = text.lastIndexOf(' ssh2'); at > nameAt; at = text.lastIndexOf(' ssh2', at - 1)) {
    const here = endpointBeforeSsh2(text, at, nameAt);
    if (here === undefined) continue;
    if (!hasCertificate) return here;
    if (found !== undefined) return undefined;
    found = here;
  }
  return found;
}

function mayHaveKey(method: string): boolean {
  return method === 'publickey' || method === 'hostbased' || method.startsWith('gssapi');
}

/** `RSA SHA256:…` after `ssh2: `. The names in a certificate are left out. */
function signature(text: string, end: number): string | undefined {
  if (!text.startsWith(': ', end)) return undefined;
  const type = text.indexOf(' ', end + 2);
  if (type === -1) return undefined;
  const stop = text.indexOf(' ', type + 1);
  const key = stop === -1 ? text.slice(end + 2) : text.slice(end + 2, stop);
  return key.endsWith(',') ? key.slice(0, -1) : key;
}

/** `Accepted key TYPE FINGERPRINT found at FILE:LINE` and the like: the key is known, but nobody is logged in yet. */
function keyAccepted(text: string): AuthFields | undefined {
  if (!text.startsWith('Accepted ')) return undefined;
  const key = /^Accepted key (\S+ \S+) found at /.exec(text)?.[1];
  return { event_action: 'ssh_key_accepted', auth_method: 'publickey', ssh_signature: key };
}
