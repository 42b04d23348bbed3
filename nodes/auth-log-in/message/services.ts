import { endpointAt, type Source, sourceOf } from './address.ts';
import { type AuthFields, type Rule, word } from './fields.ts';

/** Services other than SSH that people log in to: FTP daemons, telnet, rlogin and Tailscale SSH. */

function loggedIn(user_name: string | undefined, source: Source): AuthFields {
  return { event_action: 'login', event_outcome: 'success', user_name, ...source };
}

function failed(fields: Partial<AuthFields>): AuthFields {
  return { event_action: 'login_failed', event_outcome: 'failure', ...fields };
}

/** ftpd, wu-ftpd, telnetd, rlogind, klogind. */
export const network: Rule = (message) => {
  if (/^conn(?:ection|ect) from /.test(message)) return connectionFrom(message);
  if (/^(?:ANONYMOUS )?FTP LOGIN /.test(message)) return ftpLogin(message);
  const [, host = '', address] = /^failed login from (\S+)(?: \[([^\]\s]+)\])?/.exec(message) ?? [];
  if (host !== '') return failed({ ...sourceOf(host), ...sourceOf(address ?? '') });
  if (message.startsWith('Authentication failed from ')) return failed(endpointAt(message, 27).source);
  return /^(?:Kerberos authentication failed|Couldn't authenticate user|User unknown timed out after )/.test(message)
    ? failed({})
    : undefined;
};

/** `connection from ADDRESS (NAME) at …`. */
function connectionFrom(message: string): AuthFields {
  const { end, source } = endpointAt(message, message.indexOf(' from ') + 6);
  const name = / ?\(([^()\s]+)\)/y;
  name.lastIndex = end;
  return { event_action: 'connection', ...sourceOf(name.exec(message)?.[1] ?? ''), ...source };
}

/** `FTP LOGIN FROM HOST [ADDRESS], alice`, `FTP LOGIN FROM HOST as alice`, `FTP LOGIN FAILED FROM HOST, alice`. */
function ftpLogin(message: string): AuthFields | undefined {
  const match = /^(ANONYMOUS )?FTP LOGIN (FAILED |REFUSED )?FROM ([^\s,]+)(?: \[([^\]\s]+)\])?(?: as |, *)?(.*)$/.exec(
    message,
  );
  if (match === null) return undefined;
  const [, anonymous, refused, host = '', address = '', name] = match;
  const source = { ...sourceOf(host), ...sourceOf(address) };
  const user = anonymous === undefined && name !== '' ? name : undefined;
  return refused === undefined ? loggedIn(user, source) : failed({ user_name: user, ...source });
}

/** vsftpd with its own lines in syslog: `[alice] FAIL LOGIN: Client "ADDRESS"`. A client chooses the name. */
export const vsftpd: Rule = (message, into) => {
  const [all, name, verdict, address = ''] =
    /^(?:\[pid \d+\] )?(?:\[(.*)\] )?(OK LOGIN|FAIL LOGIN|CONNECT): Client "([^"]*)"(?:, anon password "[^"]*")?$/.exec(
      message,
    ) ?? [];
  if (all === undefined) return network(message, into);
  if (verdict === 'CONNECT') return { event_action: 'connection', ...sourceOf(address) };
  return verdict === 'OK LOGIN' ? loggedIn(name, sourceOf(address)) : failed({ user_name: name, ...sourceOf(address) });
};

/** proftpd: `SERVER (HOST[ADDRESS]): USER alice (Login failed): Incorrect password.` The end says what became of it. */
export const proftpd: Rule = (message) => {
  const [all, address = ''] = /^[^\s()]+ \([^\s[\]()]*\[([^\]\s]+)\]\)(?::| -) /.exec(message) ?? [];
  if (all === undefined) return undefined;
  const source = sourceOf(address);
  const said = message.slice(all.length);
  if (said.startsWith('FTP session opened')) return { event_action: 'connection', ...source };
  if (said.startsWith('Maximum login attempts ')) return failed({ event_reason: 'too_many_failures', ...source });
  const anonymous = /^ANON(?:YMOUS)? (.*): Login successful\.?$/.exec(said);
  if (anonymous !== null) return loggedIn(anonymous[1], source);
  return said.startsWith('USER ') ? proftpdUser(said, source) : undefined;
};

function proftpdUser(said: string, source: Source): AuthFields | undefined {
  const success = /^USER (.*): Login successful\.?$/.exec(said)?.[1];
  if (success !== undefined && !success.includes(' (Login failed)')) return loggedIn(success, source);
  const unknown = said.lastIndexOf(': no such user found from ');
  if (unknown !== -1) return failed({ event_reason: 'invalid_user', user_name: said.slice(5, unknown), ...source });
  const at = said.lastIndexOf(' (Login failed)');
  if (at === -1) return undefined;
  const reason =
    said.endsWith('Incorrect password.') || said.endsWith('Incorrect password') ? 'wrong_password' : undefined;
  return failed({
    event_reason: /: No such user found\.?$/.test(said) ? 'invalid_user' : reason,
    user_name: said.slice(5, at),
    ...source,
  });
}

/** pure-ftpd: `(?@HOST) [WARNING] Authentication failed for user [alice]`. */
export const pureFtpd: Rule = (message) => {
  const [all, host = ''] = /^\([^()\s]*@([^()\s@]+)\) \[\w+\] /.exec(message) ?? [];
  if (all === undefined) return undefined;
  const source = sourceOf(host);
  const said = message.slice(all.length);
  if (said.startsWith('New connection from ')) return { event_action: 'connection', ...source };
  if (said.startsWith('Authentication failed for user [')) return failed({ user_name: said.slice(32, -1), ...source });
  const name = /^(\S+) is now logged in$/.exec(said)?.[1];
  if (name !== undefined) return loggedIn(name, source);
  return said.startsWith('Too many authentication failures')
    ? failed({ event_reason: 'too_many_failures', ...source })
    : undefined;
};

/**
 * tailscaled: `ssh-session(ID): handling new SSH connection from PERSON (ADDRESS) to ssh-user "root"`,
 * `access granted to PERSON as ssh-user "root"`. PERSON is who the network knows, ssh-user the account here.
 */
export const tailscale: Rule = (message) => {
  const said = /^ssh-(?:session|conn)(?:\([^()\s]{1,80}\)|-[^\s:]{1,80}): /.exec(message)?.[0];
  if (said === undefined) return undefined;
  const text = message.slice(said.length);
  const [, person, address = '', account] =
    /^handling new SSH connection from (\S+) \(([^()\s]+)\) to ssh-user "([^"]*)"/.exec(text) ?? [];
  if (person !== undefined) {
    return { event_action: 'ssh_connection', user_name: person, target_user_name: account, ...sourceOf(address) };
  }
  const [, verdict, who, as] = /^access (granted|denied) (?:to|for) (\S+) as ssh-user "([^"]*)"/.exec(text) ?? [];
  if (verdict !== undefined) {
    const isGranted = verdict === 'granted';
    return {
      event_action: isGranted ? 'ssh_login' : 'ssh_not_allowed',
      event_outcome: isGranted ? 'success' : 'failure',
      event_reason: isGranted ? undefined : 'not_allowed',
      user_name: who,
      target_user_name: as,
    };
  }
  const [, from = '', port] = /^handling conn: (\[?[\da-fA-F.:]+\]?):(\d{1,5})->/.exec(text) ?? [];
  if (from !== '') return { event_action: 'ssh_connection', ...sourceOf(from.replace(/^\[|\]$/g, ''), Number(port)) };
  return word(text, 0) === 'Session' ? { event_action: 'ssh_session_closed' } : undefined;
};
