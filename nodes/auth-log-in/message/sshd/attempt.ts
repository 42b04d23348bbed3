import { endpointStart, isAddress, NONE, type Source, sourceOf } from '../address.ts';
import { addEndpoint, type FieldSet } from '../field-set.ts';
import type { AuthFields, EventReason } from '../fields.ts';
import type { SshdRules } from './rule.ts';

/** `OUTCOME METHOD for [invalid user ]NAME from ADDRESS port N ssh2[: KEY]`, as OpenSSH's auth_log() writes it. */

const BLANK = 32;
const LETTER_I = 105;

type Outcome = Pick<AuthFields, 'event_action' | 'event_outcome'>;

const OUTCOMES: readonly (readonly [word: string, outcome: Outcome])[] = [
  ['Accepted', { event_action: 'ssh_login', event_outcome: 'success' }],
  ['Failed', { event_action: 'ssh_login_failed', event_outcome: 'failure' }],
  // One of several required methods was passed: this is neither a login nor a failure yet.
  ['Partial', { event_action: 'ssh_login_partial' }],
  ['Postponed', { event_action: 'ssh_login_postponed' }],
];

export const ATTEMPT_RULES: SshdRules = OUTCOMES.map(([word, outcome]) => [
  word,
  (text, _isPreauth, into) => parseAttempt(text, word.length + 1, outcome, into),
]);

/** The most usual methods: who compares them, or writes them, has the same text again. */
const METHODS = ['password', 'publickey', 'none', 'keyboard-interactive/pam'];

function methodAt(text: string, from: number, end: number): string {
  for (const method of METHODS) if (method.length === end - from && text.startsWith(method, from)) return method;
  return text.slice(from, end);
}

function isInvalid(text: string, at: number): boolean {
  const first = text.charCodeAt(at);
  return first === LETTER_I && (text.startsWith('invalid user ', at) || text.startsWith('illegal user ', at));
}

/** `from`: where the method begins. */
function parseAttempt(text: string, from: number, outcome: Outcome, into: FieldSet): AuthFields | undefined {
  const methodEnd = text.indexOf(' ', from);
  if (methodEnd === -1) return undefined;
  const method = methodAt(text, from, methodEnd);
  const { event_action, event_outcome } = outcome;
  if (!text.startsWith('for ', methodEnd + 1)) return keyAccepted(text);
  const nameAt = methodEnd + 5;
  if (method === 'google_authenticator') {
    return { event_action: 'pam_auth_success', event_outcome: 'success', user_name: text.slice(nameAt) };
  }
  const isUnknown = isInvalid(text, nameAt);
  const userAt = isUnknown ? nameAt + 13 : nameAt;
  const isAccount = event_outcome === 'success' || (!isUnknown && mayHaveKey(method));
  const event_reason = reasonOf(event_outcome, isUnknown, method);
  const fields = into.begin(event_action, event_outcome, event_reason);
  const plainEnd = addPlain(fields, text, userAt, isAccount);
  if (plainEnd !== NONE) return addMethod(fields, method, text, plainEnd);
  const start = isAccount ? firstEndpoint(text, nameAt) : lastEndpoint(text, nameAt, method);
  if (start === NONE) return { event_action, event_outcome, event_reason, auth_method: method, ...named(text, userAt) };
  into.begin(event_action, event_outcome, event_reason).user_name = text.slice(userAt, start - 6);
  let end = addEndpoint(fields, text, start);
  while (text.charCodeAt(end) === BLANK && text.charCodeAt(end + 1) === BLANK) end++;
  return addMethod(fields, method, text, end);
}

/** `end`: where the endpoint ends. */
function addMethod(set: FieldSet, method: string, text: string, end: number): FieldSet {
  set.auth_method = method;
  if (text.length > end + 5) set.ssh_signature = signature(text, end);
  return set;
}

/** Two places look like the client's address. One of them is an attacker's choice, and nothing tells which. */
function named(text: string, userAt: number): Partial<AuthFields> {
  const at = text.indexOf(' ssh') === -1 ? lastAddress(text, userAt) : undefined;
  const end = at === undefined ? text.indexOf(' from ', userAt) : at.start;
  return { user_name: end === -1 ? undefined : text.slice(userAt, end), ...at?.source };
}

/**
 * Takes over `NAME from ADDRESS port N ssh2`, with a name without blanks and nothing behind but the key of an account: nearly
 * all messages are so, and nothing else in them can look like an endpoint. Gives where the endpoint ends.
 */
function addPlain(set: FieldSet, text: string, nameAt: number, isAccount: boolean): number {
  const nameEnd = text.indexOf(' ', nameAt);
  if (nameEnd === -1 || !text.startsWith('from ', nameEnd + 1)) return NONE;
  const end = addEndpoint(set, text, nameEnd + 6);
  if (end === NONE || !text.startsWith(' ssh2', end)) return NONE;
  if (end + 5 !== text.length && !(isAccount && text.startsWith(': ', end + 5))) return NONE;
  set.user_name = text.slice(nameAt, nameEnd);
  return end;
}

function reasonOf(outcome: string | undefined, isUnknown: boolean, method: string): EventReason | undefined {
  if (outcome !== 'failure') return undefined;
  if (isUnknown) return 'invalid_user';
  return method === 'password' ? 'wrong_password' : method === 'publickey' ? 'wrong_key' : undefined;
}

/** `NAME from ADDRESS` at the end, where no port stands anywhere: so wrote OpenSSH of old, and others. */
function lastAddress(text: string, nameAt: number): { start: number; source: Source } | undefined {
  const start = text.lastIndexOf(' from ');
  const address = text.slice(start + 6);
  return start >= nameAt && isAddress(address) ? { start, source: sourceOf(address) } : undefined;
}

/** Where the endpoint begins that stands before ` ssh2`, ` ssh1` or ` ssh` at `at`, and nothing else that begins so. */
function endpointBeforeMark(text: string, at: number, nameAt: number): number {
  const digit = text.charCodeAt(at + 4);
  const end = digit === 50 || digit === 49 ? at + 5 : at + 4;
  if (end < text.length && text.charCodeAt(end) !== 58) return NONE;
  return endpointAfterName(text, at, nameAt);
}

/** Where the endpoint begins that ends at `end`, after a name and ` from `. */
function endpointAfterName(text: string, end: number, nameAt: number): number {
  const start = endpointStart(text, end);
  return start - 6 < nameAt || !text.startsWith(' from ', start - 6) ? NONE : start;
}

/** For an existing account the first place is the true one: a client cannot choose that name, a CA chooses the key's. */
function firstEndpoint(text: string, nameAt: number): number {
  for (let at = text.indexOf(' ssh', nameAt); at !== -1; at = text.indexOf(' ssh', at + 1)) {
    const found = endpointBeforeMark(text, at, nameAt);
    if (found !== NONE) return found;
  }
  return endpointAfterName(text, text.length, nameAt);
}

/**
 * A client without an account chooses the name before the address. Without a certificate the last place is therefore
 * the true one. With a certificate the client also chooses a name after the address: then only a single place is safe.
 */
function lastEndpoint(text: string, nameAt: number, method: string): number {
  const mark = text.length - (text.endsWith(' ssh') ? 4 : 5);
  if (!mayHaveKey(method)) {
    // Protocol 1 tells the client's own name of the user at the end, so more than one place is in doubt.
    if (text.startsWith(' ssh', mark) && !tellsOwnName(text)) return endpointBeforeMark(text, mark, nameAt);
    const found = endpointAfterName(text, text.length, nameAt);
    return found === NONE ? onlyEndpoint(text, nameAt) : found;
  }
  if (text.includes('-CERT ')) return onlyEndpoint(text, nameAt);
  for (let at = text.lastIndexOf(' ssh'); at > nameAt; at = text.lastIndexOf(' ssh', at - 1)) {
    const found = endpointBeforeMark(text, at, nameAt);
    if (found !== NONE) return found;
  }
  return endpointAfterName(text, text.length, nameAt);
}

/** Most messages have no colon at all, which is found out in a third of the time. */
function tellsOwnName(text: string): boolean {
  const colon = text.indexOf(':');
  return colon !== -1 && text.includes(': ruser ', colon);
}

function onlyEndpoint(text: string, nameAt: number): number {
  let only = NONE;
  for (let at = text.indexOf(' ssh', nameAt); at !== -1; at = text.indexOf(' ssh', at + 1)) {
    const found = endpointBeforeMark(text, at, nameAt);
    if (found !== NONE && only !== NONE) return NONE;
    if (only === NONE) only = found;
  }
  return only;
}

function mayHaveKey(method: string): boolean {
  return method === 'publickey' || method === 'hostbased' || method.startsWith('gssapi');
}

/** `RSA SHA256:…` after ` ssh2: ` at `from`. The names in a certificate are left out. */
function signature(text: string, from: number): string | undefined {
  if (!text.startsWith(' ssh', from)) return undefined;
  const end = text.indexOf(': ', from);
  if (end === -1 || end > from + 5) return undefined;
  const type = text.indexOf(' ', end + 2);
  if (type === -1 || text.startsWith('ruser ', end + 2)) return undefined;
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
