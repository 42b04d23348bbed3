/** A value for a series. */
export type Sample = readonly [name: string, value: number];

type Fields = { readonly [key: string]: unknown };

const OF_HOST = ['cpu_percent', 'memory_used_percent', 'swap_used_percent', 'load_1m', 'load_per_core_1m'] as const;

/** What a record says for the series. */
export function samplesOf(record: Fields): Sample[] {
  switch (record.log_type) {
    case 'uptime':
      return OF_HOST.flatMap((key) => numbered(key, record[key]));
    case 'disk':
      return typeof record.disk_mount === 'string' && record.container_name === undefined
        ? numbered(`disk_used_percent ${record.disk_mount}`, record.disk_used_percent)
        : [];
    case 'http_check':
      return checkSamples(record);
    case 'auth':
      return numbered('login_failures', record.login_failures);
    default:
      return [];
  }
}

/** The time of an answer counts only where there was one; failures are a series of their own. */
function checkSamples(record: Fields): Sample[] {
  const { check_name: name, event_outcome: outcome, check_state: state } = record;
  if (typeof name !== 'string' || state === 'paused') return [];
  if (outcome === 'failure') return [[`http_failure ${name}`, 1]];
  return [[`http_failure ${name}`, 0], ...numbered(`http_response_time_ms ${name}`, record.http_response_time_ms)];
}

function numbered(name: string, value: unknown): Sample[] {
  return typeof value === 'number' && Number.isFinite(value) ? [[name, value]] : [];
}
