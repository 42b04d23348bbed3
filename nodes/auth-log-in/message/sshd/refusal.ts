import { endpointAt, endpointBefore, sourceOf } from '../address.ts';
import { type AuthFields, between } from '../fields.ts';

/** sshd's rarer messages, found by their beginning: refusals, limits, names that do not match, PAM, forwarding. */

type Refusal = (text: string) => AuthFields | undefined;

const FAILURE = 'failure';
const MAXIMUM = 'maximum authentication attempts exceeded for ';

function at(text: string, from: number): ReturnType<typeof sourceOf> {
  return endpointAt(text, from).source;
}

function withoutInvalid(name: string): string {
  return name.replace(/^(?:invalid|illegal) user /, '');
}

/** `NAME from ADDRESS[ port N]` between `nameAt` and `end`. The name can contain ` from `. */
function nameAndSource(text: string, nameAt: number, end = text.length): AuthFields {
  const endpoint = endpointBefore(text, end);
  const from = endpoint === undefined ? text.lastIndexOf(' from ', end) : endpoint.start - 6;
  const user = withoutInvalid(text.slice(nameAt, from < nameAt ? end : from));
  const source = endpoint?.source ?? (from < nameAt ? {} : sourceOf(text.slice(from + 6, end)));
  return { event_action: '', user_name: user, ...source };
}

function notAllowed(text: string): AuthFields | undefined {
  const because = text.indexOf(' not allowed because ');
  if (because === -1) return undefined;
  const fields = { event_action: 'ssh_not_allowed', event_outcome: FAILURE } as const;
  return { ...nameAndSource(text, 5, because), ...fields };
}

function tooMany(text: string): AuthFields {
  const end = text.endsWith(' ssh2') ? text.length - 5 : text.length;
  const fields = { event_action: 'ssh_too_many_failures', event_outcome: FAILURE } as const;
  return { ...nameAndSource(text, MAXIMUM.length, end), ...fields };
}

/** `PAM: REASON for [illegal user ]NAME from HOST`. */
function pam(text: string): AuthFields | undefined {
  const nameAt = text.indexOf(' for ');
  if (nameAt === -1 || !text.includes(' from ', nameAt)) return { event_action: 'pam_error' };
  return { ...nameAndSource(text, nameAt + 5), event_action: 'pam_auth_failure', event_outcome: FAILURE };
}

/** `reverse mapping checking getaddrinfo for NAME [ADDRESS] failed`: the name is what the client's DNS says. */
function reverseMapping(text: string): AuthFields | undefined {
  const open = text.lastIndexOf(' [');
  const host = between(text, ' for ', ' [');
  const address = open === -1 ? undefined : between(text, ' [', ']', open);
  if (address === undefined) return undefined;
  return { event_action: 'ssh_reverse_mapping', ...sourceOf(address), source_hostname: host };
}

function addressMaps(text: string): AuthFields {
  const host = between(text, ' maps to ', ', but ');
  return { event_action: 'ssh_reverse_mapping', ...at(text, 8), source_hostname: host };
}

function rejectedKey(text: string): AuthFields {
  const end = text.lastIndexOf(' rejected: ');
  const nameAt = text.indexOf(' signature for ') + 15;
  return {
    ...nameAndSource(text, nameAt, end),
    event_action: 'ssh_login_failed',
    event_outcome: FAILURE,
    auth_method: 'publickey',
  };
}

/** `drop connection #10 from [ADDRESS]:PORT on [ADDRESS]:PORT past MaxStartups` or `penalty: REASON`. */
function dropped(text: string): AuthFields {
  const [, address = '', port] = / from \[([^\]]+)\]:(\d{1,5}) /.exec(text) ?? [];
  return {
    event_action: 'ssh_connection_dropped',
    ...sourceOf(address, port === undefined ? undefined : Number(port)),
  };
}

/** TCP wrappers: `refused connect from HOST (ADDRESS)`. */
function wrapped(text: string): AuthFields | undefined {
  if (text.startsWith('refused local port forward') || text.startsWith('refused remote')) return forwarding();
  if (!text.startsWith('refused connect from ')) return undefined;
  const address = /\(([^()]+)\)$/.exec(text)?.[1];
  const host = text.slice(21).split(' ')[0] ?? '';
  const fields = { event_action: 'ssh_not_allowed', event_outcome: FAILURE } as const;
  return address === undefined
    ? { ...fields, ...sourceOf(host) }
    : { ...fields, ...sourceOf(host), ...sourceOf(address) };
}

function forwarding(): AuthFields {
  return { event_action: 'ssh_forwarding', event_outcome: FAILURE };
}

function only(event_action: string, event_outcome?: 'failure' | 'success'): Refusal {
  return () => ({ event_action, event_outcome });
}

const refused = only('ssh_not_allowed', FAILURE);
const failedKey: Refusal = () => ({
  event_action: 'ssh_key_refused',
  event_outcome: FAILURE,
  auth_method: 'publickey',
});
const server = only('ssh_server');

/** How a message begins, and its rule. Where two beginnings fit, the longer one stands first. */
const BEGINNINGS: [string, Refusal][] = [
  ['User ', notAllowed],
  [MAXIMUM, tooMany],
  ['PAM service(sshd) ignoring max retries', only('ssh_too_many_failures', FAILURE)],
  ['PAM: ', pam],
  ['reverse mapping checking getaddrinfo for ', reverseMapping],
  ['Address ', addressMaps],
  [
    'Nasty PTR record ',
    (text) => ({ event_action: 'ssh_reverse_mapping', ...sourceOf(between(text, ' is set up for ', ', ') ?? '') }),
  ],
  [
    'ROOT LOGIN REFUSED FROM ',
    (text) => ({ event_action: 'ssh_not_allowed', event_outcome: FAILURE, user_name: 'root', ...at(text, 24) }),
  ],
  ['Root login accepted', only('ssh_login_partial')],
  [
    'Authentication refused for ',
    (text) => ({ event_action: 'ssh_not_allowed', event_outcome: FAILURE, user_name: between(text, ' for ', ': ') }),
  ],
  [
    'Rhosts authentication refused for ',
    (text) => ({ event_action: 'ssh_not_allowed', event_outcome: FAILURE, user_name: between(text, ' for ', ': ') }),
  ],
  ['Authentication refused', refused],
  ['Authentication key ', failedKey],
  ['WARNING: revoked key ', failedKey],
  ['Refused Certificate ID ', failedKey],
  ['Refusing certificate ID ', failedKey],
  ['refusing ', failedKey],
  ['Certificate invalid', failedKey],
  ['key_cert_check_authority', failedKey],
  ['userauth_pubkey: ', failedKey],
  ['userauth_hostbased', failedKey],
  ['public key ', rejectedKey],
  [
    'Access denied for user ',
    (text) => ({
      event_action: 'ssh_not_allowed',
      event_outcome: FAILURE,
      user_name: between(text, ' user ', ' by PAM account'),
    }),
  ],
  ['Username too long from ', (text) => ({ event_action: 'ssh_not_allowed', event_outcome: FAILURE, ...at(text, 23) })],
  ['PAM user mismatch', refused],
  ['AuthorizedKeysCommand ', only('ssh_key_command')],
  ['Could not open user ', refused],
  ['drop connection ', dropped],
  ['srclimit_penalise: ', dropped],
  ['beginning MaxStartups', server],
  ['exited MaxStartups', server],
  ['Server listening on ', server],
  ['Received SIGHUP', server],
  ['Exiting on signal', server],
  ['sshd: no hostkeys', server],
  ['refused ', wrapped],
  ['Local port forwarding', forwarding],
  ['administratively prohibited', forwarding],
  ['connect_to ', forwarding],
  ['channel_setup_fwd_listener', forwarding],
  ['bind [', forwarding],
  ['Transferred: ', only('ssh_session')],
  ['session opened for local user ', only('sftp_session')],
  ['Write failed: ', only('ssh_connection_closed')],
  ['Read from socket failed: ', only('ssh_connection_closed')],
  ['Read error from remote host ', (text) => ({ event_action: 'ssh_connection_closed', ...at(text, 28) })],
  ['Corrupted MAC', only('ssh_bad_protocol', FAILURE)],
  ['padding error', only('ssh_bad_protocol', FAILURE)],
  ['no matching ', only('ssh_negotiation_failed', FAILURE)],
  ['No supported key exchange', only('ssh_negotiation_failed', FAILURE)],
];

export function parseRefusal(text: string): AuthFields | undefined {
  for (const [beginning, rule] of BEGINNINGS) {
    if (text.startsWith(beginning)) return rule(text);
  }
  // `FILE:LINE: Authentication tried for NAME with correct key but not from a permitted host (host=H, ip=A, …)`.
  const tried = text.indexOf(': Authentication tried for ');
  if (tried === -1) return undefined;
  const address = between(text, ', ip=', ',') ?? between(text, 'address (', ')') ?? '';
  const user = between(text, ' tried for ', ' with ', tried);
  return {
    event_action: 'ssh_not_allowed',
    event_outcome: FAILURE,
    user_name: user,
    auth_method: 'publickey',
    ...sourceOf(address),
  };
}
