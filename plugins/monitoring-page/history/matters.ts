import { containerNameOf } from '../../../lib/pods/record-name.ts';

type Fields = { readonly [key: string]: unknown };

/** Who came in, or became somebody else, or was let in for good. */
const LOGINS = new Set([
  ...['ssh_login', 'login', 'su', 'sudo', 'doas', 'user_added', 'user_removed', 'group_member_added', 'group_added'],
  ...['password_changed', 'system_power'],
]);
const CONTAINER_STATES = new Set(['start', 'die', 'stop', 'oom', 'restart', 'destroy']);
const WARNING = 4;

/** Whether a record tells what happened on this host: level 4 and worse, alerts, logins, starts and stops. */
export function mattersAtNight(record: Fields): boolean {
  const { level, log_type: logType, event_action: action } = record;
  if (typeof level === 'number' && level <= WARNING) return true;
  if (logType === 'alert') return true;
  if (logType === 'auth') return LOGINS.has(String(action));
  if (logType === 'docker_event')
    return CONTAINER_STATES.has(String(action)) || String(action).startsWith('health_status');
  return logType === 'uptime' && action === 'reboot';
}

/** What a record is of: the container, the check, the mount, the address or the user, the alert. */
export function subjectOf(record: Fields): string {
  const { check_name, disk_mount, source_ip, user_name, alert_name, object_name, filter_name } = record;
  const [found] = [
    containerNameOf(record),
    check_name,
    disk_mount,
    source_ip,
    user_name,
    alert_name,
    object_name,
    filter_name,
  ].filter((name) => typeof name === 'string' && name !== '');
  return found === undefined ? '' : String(found);
}

/** Records that are alike: the same kind says the same of the same thing, but for figures. */
export function likeness(record: Fields): string {
  const text = String(record.message ?? '').slice(0, 300);
  return `${record.log_type} ${subjectOf(record)} ${text.replaceAll(/\d+/g, '0')}`;
}
