import { endpointAt, sourceOf } from './address.ts';
import { type AuthFields, between, type Rule, word } from './fields.ts';

/** systemd-logind, cron and crontab, login, polkit, and the network daemons of older systems. */

/** `New session 5 of user alice.`; since systemd 256 in quotes and with class and type. */
export const logind: Rule = (message) => {
  if (message.startsWith('New session ')) {
    const at = message.indexOf(' of user ');
    if (at === -1) return undefined;
    const name = message.charAt(at + 9) === "'" ? between(message, "'", "'", at) : message.slice(at + 9, -1);
    return { event_action: 'login_session_new', event_outcome: 'success', user_name: name };
  }
  if (message.startsWith('Removed session ')) return { event_action: 'login_session_removed' };
  if (message.startsWith('Session ') && message.includes(' logged out'))
    return { event_action: 'login_session_removed' };
  if (message.startsWith('Failed to start user ') || message.startsWith('Failed to create session')) {
    return { event_action: 'login_session_new', event_outcome: 'failure' };
  }
  if (/^(?:System is |The system will |Power key |Lid |New seat |Removed seat |Watching system )/.test(message)) {
    return { event_action: message.startsWith('System is ') ? 'system_power' : 'login_seat' };
  }
  return undefined;
};

/** `(root) CMD (run-parts /etc/cron.hourly)`, `(alice) REPLACE (alice)`. */
export const cron: Rule = (message) => {
  if (message.charAt(0) !== '(') return undefined;
  const close = message.indexOf(') ');
  if (close === -1) return undefined;
  const user = message.slice(1, close);
  const verb = word(message, close + 2);
  if (verb === 'CMD') {
    const command = message.slice(message.indexOf('(', close) + 1, -1);
    return { event_action: 'cron_command', user_name: user, process_command_line: command };
  }
  if (verb === 'REPLACE' || verb === 'DELETE') {
    return { event_action: 'crontab_changed', event_outcome: 'success', user_name: user };
  }
  if (verb === 'AUTH' || message.includes('not allowed') || verb === 'PAM') {
    return { event_action: 'cron_session', event_outcome: 'failure', user_name: user };
  }
  return undefined;
};

/** login of util-linux and of shadow. */
export const login: Rule = (message) => {
  if (message.startsWith('FAILED LOGIN') || message.startsWith('TOO MANY LOGIN TRIES')) return failedLogin(message);
  const isRoot = message.startsWith('ROOT LOGIN');
  if (isRoot || message.startsWith('LOGIN ON ') || message.startsWith('DIALUP AT ')) {
    const by = / BY (\S+)/.exec(message)?.[1];
    return {
      event_action: 'login',
      event_outcome: 'success',
      user_name: isRoot ? 'root' : by,
      tty: unquoted(/ (?:ON|AT)\s+(\S+)/.exec(message)?.[1]),
      ...from(message),
    };
  }
  const user = between(message, "invalid password for '", "'") ?? between(message, "unknown user '", "'");
  return user === undefined ? undefined : { event_action: 'login_failed', event_outcome: 'failure', user_name: user };
};

/** `FAILED LOGIN (1) on '/dev/tty1' FOR 'root', Authentication failure`; the name is last but for the reason. */
function failedLogin(message: string): AuthFields {
  const at = message.indexOf(' FOR ');
  const comma = message.lastIndexOf(', ');
  const user = at === -1 ? undefined : unquoted(message.slice(at + 5, comma > at ? comma : undefined));
  return {
    event_action: 'login_failed',
    event_outcome: 'failure',
    user_name: user === 'UNKNOWN' ? undefined : user,
    tty: unquoted(/^[^']{0,40} on (\S+)/i.exec(message)?.[1]),
    ...from(at === -1 ? message : message.slice(0, at)),
  };
}

function from(message: string): ReturnType<typeof sourceOf> {
  const at = message.indexOf(' FROM ');
  return at === -1 ? {} : sourceOf(unquoted(word(message, at + 6)) ?? '');
}

function unquoted(text: string | undefined): string | undefined {
  return text?.replace(/^[`']|'$/g, '');
}

/** polkitd: who gained, or failed to gain, the right to an action. */
export const polkit: Rule = (message) => {
  if (
    message.startsWith('Registered Authentication Agent') ||
    message.startsWith('Unregistered Authentication Agent')
  ) {
    return { event_action: 'polkit_agent' };
  }
  if (!message.startsWith('Operator of ')) return undefined;
  const owner = message.lastIndexOf(' (owned by unix-user:');
  return {
    event_action: 'polkit_authorization',
    event_outcome: message.includes(' FAILED to authenticate ') ? 'failure' : 'success',
    user_name: owner === -1 ? undefined : message.slice(owner + 21, -1),
    target_user_name: between(message, ' authenticated as unix-user:', ' '),
  };
};

/** ftpd, telnetd, rlogind, klogind: `connection from ADDRESS (NAME) at …`, `Authentication failed from ADDRESS (…)`. */
export const network: Rule = (message) => {
  if (message.startsWith('connection from ') || message.startsWith('connect from ')) {
    const { end, source } = endpointAt(message, message.indexOf(' from ') + 6);
    const name = message.charAt(end + 1) === '(' ? between(message, '(', ')', end) : undefined;
    return { event_action: 'connection', ...source, ...(name ? { source_hostname: name } : {}) };
  }
  if (message.startsWith('Authentication failed from ')) {
    const { source } = endpointAt(message, 27);
    return { event_action: 'login_failed', event_outcome: 'failure', ...source };
  }
  if (message.startsWith('Kerberos authentication failed')) {
    return { event_action: 'login_failed', event_outcome: 'failure' };
  }
  if (message.startsWith('ANONYMOUS FTP LOGIN FROM ') || message.startsWith('FTP LOGIN FROM ')) {
    const { source } = endpointAt(message, message.indexOf(' FROM ') + 6);
    return { event_action: 'login', event_outcome: 'success', ...source };
  }
  return message.startsWith("Couldn't authenticate user") || message.startsWith('User unknown timed out after ')
    ? { event_action: 'login_failed', event_outcome: 'failure' }
    : undefined;
};
