import { type AuthFields, type Rule, reasonOfPamError } from './fields.ts';

/** cron, crontab: `(root) CMD (run-parts /etc/cron.hourly)`, `(alice) REPLACE (alice)`; busybox' crond. */
export const cron: Rule = (message) => {
  if (message.charAt(0) !== '(') return busybox(message);
  const close = message.indexOf(') ');
  if (close === -1) return undefined;
  const user_name = message.slice(1, close);
  const said = message.slice(close + 2);
  if (said.startsWith('CMD (')) {
    // cron of Debian writes its command as `(CMD)` and, with -L 3, its number before it.
    return { event_action: 'cron_command', user_name, process_command_line: said.slice(5, -1) };
  }
  if (said.startsWith('REPLACE (') || said.startsWith('DELETE (')) {
    return { event_action: 'crontab_changed', event_outcome: 'success', user_name };
  }
  return refused(said, user_name);
};

/** `AUTH (crontab command not allowed)`, `FAILED to authorize user with PAM (REASON)`, `PAM ERROR (REASON)`. */
function refused(said: string, name: string): AuthFields | undefined {
  const user_name = name === 'CRON' ? undefined : name;
  if (said.startsWith('AUTH (')) {
    return { event_action: 'cron_session', event_outcome: 'failure', event_reason: 'not_allowed', user_name };
  }
  if (!/^(?:FAILED to (?:authorize|open) |PAM )/.test(said)) return undefined;
  return { event_action: 'cron_session', event_outcome: 'failure', event_reason: reasonOfPamError(said), user_name };
}

/** `USER root pid 123 cmd run-parts /etc/periodic/hourly`. */
function busybox(message: string): AuthFields | undefined {
  const [, user_name, command] = /^(?:crond: )?USER (\S+) pid +\d+ cmd (.*)$/.exec(message) ?? [];
  return command === undefined ? undefined : { event_action: 'cron_command', user_name, process_command_line: command };
}
