type Fields = { readonly [key: string]: unknown };

/** Keys that tell who somebody is or where from. */
const PERSONAL = new Set([
  ...['user_name', 'target_user_name', 'source_ip', 'source_hostname', 'source_port', 'process_command_line', 'tty'],
  ...['working_directory', 'session_id', 'ssh_signature', 'connection_id', 'event_id', 'full_message', 'alert_key'],
  ...['process_user_id', 'http_response_body', 'group_name'],
]);
const SHOWN_OF_AUTH = new Set(['log_type', 'time', 'host', 'level', 'event_action', 'event_outcome', 'event_reason']);
const IPV4 = /\b\d{1,3}(?:\.\d{1,3}){3}\b/g;
const IPV6 = /(?<![\w:])(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}(?:%\w+)?(?![\w:])/gi;
/** A time of day looks like an address. */
const TIME = /^\d{1,2}:\d{2}:\d{2}$/;
const HIDDEN = '…';

/** A record without names and addresses, for readers who did not log in: in its text, too. */
export function masked(record: Fields): Fields {
  const isAuth = record.log_type === 'auth';
  const hidden = Object.keys(record)
    .filter((key) => PERSONAL.has(key))
    .map((key) => record[key])
    .filter((value): value is string => typeof value === 'string' && value.length > 1);
  const entries = Object.entries(record).flatMap(([key, value]): [string, unknown][] => {
    if (PERSONAL.has(key) || (isAuth && !SHOWN_OF_AUTH.has(key))) return [];
    return [[key, typeof value === 'string' && key !== 'time' ? maskedText(value, hidden) : value]];
  });
  const message = isAuth ? [['message', String(record.event_action ?? 'auth').replaceAll('_', ' ')]] : [];
  return Object.fromEntries([...entries, ...message]) as Fields;
}

/** A text without addresses, and without the values that are hidden elsewhere. */
export function maskedText(text: string, hidden: readonly string[] = []): string {
  const plain = hidden.reduce((rest, value) => rest.replaceAll(value, HIDDEN), text);
  return plain
    .replaceAll(IPV4, HIDDEN)
    .replaceAll(IPV6, (found) =>
      TIME.test(found) || (!found.includes('::') && found.split(':').length < 6) ? found : HIDDEN,
    );
}
