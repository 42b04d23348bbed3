import { endpointAt, hostOf, isAddress, sourceOf } from '../address.ts';
import { type AuthFields, between } from '../fields.ts';
import type { SshdRules } from './rule.ts';

/** The server itself, what it limits, the algorithms it and a client do not share, and the names that DNS gives to clients. */

const MAX_STARTUPS = { event_reason: 'max_startups' } as const;

function server(): AuthFields {
  return { event_action: 'ssh_server' };
}

function serverIf(...beginnings: string[]): (text: string) => AuthFields | undefined {
  return (text) => (beginnings.some((start) => text.startsWith(start)) ? server() : undefined);
}

/** `drop connection #10 from [ADDRESS]:PORT on [ADDRESS]:PORT past MaxStartups` or `penalty: REASON`. */
function dropped(text: string): AuthFields | undefined {
  const [all, address = '', port] =
    /^drop connection #\d+ from \[([^\]]+)\]:(\d{1,5}) on \[[^\]]*\]:\d+ /.exec(text) ?? [];
  if (all === undefined)
    return text.startsWith('drop connection ') ? { event_action: 'ssh_connection_dropped' } : undefined;
  const reason = text.slice(all.length);
  const isPenalty = reason.startsWith('penalty') || reason.startsWith('too many penalised');
  return {
    event_action: 'ssh_connection_dropped',
    event_reason: isPenalty ? 'penalty' : /max_?startups/i.test(reason) ? 'max_startups' : undefined,
    ...sourceOf(address, Number(port)),
  };
}

/** `srclimit_penalise: ADDRESS/32: activating ipv4 penalty of …`, `srclimit_penalise: ipv4: new ADDRESS/32 deferred penalty …`. */
function penalised(text: string): AuthFields {
  const network = / ([\da-fA-F.:%]+)\/(\d{1,3})(?:[: ]|$)/.exec(text);
  const address = network?.[1] ?? '';
  // A whole network is nobody's address.
  const isOne = network?.[2] === (address.includes(':') ? '128' : '32') && isAddress(address);
  return { event_action: 'ssh_connection_dropped', event_reason: 'penalty', ...(isOne ? sourceOf(address) : {}) };
}

function noAlgorithm(source?: ReturnType<typeof sourceOf>): AuthFields {
  return {
    event_action: 'ssh_negotiation_failed',
    event_outcome: 'failure',
    event_reason: 'no_matching_algorithm',
    ...source,
  };
}

function unable(text: string): AuthFields | undefined {
  if (text.startsWith('to negotiate a ', 7)) return noAlgorithm();
  if (text.startsWith('to load host key', 7)) return server();
  if (!text.startsWith('to negotiate with ', 7)) return undefined;
  // The offer at the end is the client's own words. After the login the user's name stands before the address.
  const fields = noAlgorithm(
    /^(?:authenticating |invalid )?user /.test(text.slice(25, 45)) ? {} : endpointAt(text, 25).source,
  );
  // A client that offers no method that the server knows, or does not speak at all.
  return text.includes(': no matching ') ? fields : { ...fields, event_reason: undefined };
}

/** `reverse mapping checking getaddrinfo for NAME [ADDRESS] failed`: the name is what the client's DNS says. */
function reverseMapping(text: string): AuthFields | undefined {
  const name = / for (\S+)(?: \[([^\]]*)\])? failed/.exec(text);
  if (!text.startsWith('reverse mapping checking ') || name === null) return undefined;
  const [, host = '', address = ''] = name;
  return { event_action: 'ssh_reverse_mapping', ...hostOf(host), ...sourceOf(address) };
}

/** `Address ADDRESS maps to NAME, but this does not map back to the address.` */
function addressMaps(text: string): AuthFields | undefined {
  const name = between(text, ' maps to ', ', but ');
  if (name === undefined) return undefined;
  return { event_action: 'ssh_reverse_mapping', ...hostOf(name), ...endpointAt(text, 8).source };
}

/** `Nasty PTR record "NAME" is set up for ADDRESS, ignoring`. */
function nasty(text: string): AuthFields | undefined {
  const at = text.lastIndexOf(' is set up for ');
  return at === -1 ? undefined : { event_action: 'ssh_reverse_mapping', ...endpointAt(text, at + 15).source };
}

/** TCP wrappers: `warning: FILE, line N: can't verify hostname: …(NAME, AF_INET) failed`, `… host name/address mismatch: …`. */
function warning(text: string): AuthFields | undefined {
  const verify = /: can't verify hostname: \w+\((\S+?)(?:, AF_INET6?)?\) failed$/.exec(text)?.[1];
  if (verify !== undefined) return { event_action: 'ssh_reverse_mapping', ...hostOf(verify) };
  const [, address = '', name = ''] = /: host name\/(?:address|name) mismatch: (\S+) != (\S+)$/.exec(text) ?? [];
  if (name === '') return undefined;
  return { event_action: 'ssh_reverse_mapping', ...hostOf(name), ...sourceOf(address) };
}

export const LIMIT_RULES: SshdRules = [
  ['drop', dropped],
  ['srclimit_penalise:', penalised],
  ['beginning', (text) => (text.startsWith('beginning MaxStartups') ? { ...server(), ...MAX_STARTUPS } : undefined)],
  ['exited', (text) => (text.startsWith('exited MaxStartups') ? { ...server(), ...MAX_STARTUPS } : undefined)],
  ['Unable', unable],
  [
    'no',
    (text) => (text.startsWith('no matching ') || /^no (?:kex|hostkey) alg/.test(text) ? noAlgorithm() : undefined),
  ],
  ['No', (text) => (text.startsWith('No supported key exchange') ? noAlgorithm() : undefined)],
  ['reverse', reverseMapping],
  ['Address', addressMaps],
  ['Nasty', nasty],
  ['warning:', warning],
  ['Public', serverIf('Public key for ')],
  ['Server', serverIf('Server listening on ')],
  ['Exiting', serverIf('Exiting on signal')],
  ['sshd:', serverIf('sshd: no hostkeys')],
  ['Bind', serverIf('Bind to port ')],
  ['Cannot', serverIf('Cannot bind any address')],
  ['Missing', serverIf('Missing privilege separation directory')],
  ['RESTART', serverIf('RESTART FAILED')],
  ['Could', (text) => (/^Could not load host (?:key|certificate)/.test(text) ? server() : couldNot(text))],
  ["Couldn't", serverIf("Couldn't create pid file")],
  ['Privilege', serverIf('Privilege separation user ')],
];

/** `Could not open user 'NAME' authorized keys 'FILE': REASON`. */
function couldNot(text: string): AuthFields | undefined {
  // Up to 7.9: the client went away before the server had said who it is.
  if (text.startsWith('Could not write ident string to ')) {
    return { event_action: 'ssh_no_identification', event_reason: 'client_left', ...endpointAt(text, 32).source };
  }
  if (!text.startsWith('Could not open user ')) return undefined;
  return { event_action: 'ssh_not_allowed', event_outcome: 'failure', user_name: between(text, "user '", "' ") };
}
