import type { AuthFields, Rule } from './fields.ts';

/** systemd-logind: sessions, which it numbers, and what it does with the machine. */

/** `New session 5 of user alice.`; since systemd 256 in quotes and with class and type. */
const NEW = /^New session '?([^\s']+)'? of user (?:'([^']*)' with .*|(.*)\.)$/;
const REMOVED = /^Removed session '?([^\s'.]+)'?\.?$/;
const LOGGED_OUT = /^Session '?([^\s']+)'? logged out\b/;
const SCOPE = /session-([\w-]+)\.scope/;

export const logind: Rule = (message) => {
  if (message.startsWith('New session ')) {
    const [all, session_id, quoted, plain] = NEW.exec(message) ?? [];
    if (all === undefined) return undefined;
    return {
      event_action: 'login_session_new',
      event_outcome: 'success',
      user_name: quoted ?? plain,
      session_id,
    };
  }
  const ended = (REMOVED.exec(message) ?? LOGGED_OUT.exec(message))?.[1];
  if (ended !== undefined) return { event_action: 'login_session_removed', session_id: ended };
  if (message.startsWith('Failed to ')) return failed(message);
  return machine(message);
};

function failed(message: string): AuthFields | undefined {
  if (!/^Failed to (?:start (?:user|session)|create session)/.test(message)) return undefined;
  return { event_action: 'login_session_new', event_outcome: 'failure', session_id: SCOPE.exec(message)?.[1] };
}

function machine(message: string): AuthFields | undefined {
  if (/^(?:System is |The system will )/.test(message)) return { event_action: 'system_power' };
  return /^(?:(?:Power|Suspend|Hibernate|Reboot) key |Lid |New seat |Removed seat |Watching system )/.test(message)
    ? { event_action: 'login_seat' }
    : undefined;
}
