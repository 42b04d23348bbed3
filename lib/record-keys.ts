/**
 * Every key that a record of ours may have, with its kind. Graylog's index takes the type of a field from the first value
 * that it ever sees: after `100` it cuts `1.5` to 1 for ever. So a key has one kind, and its numbers are always written
 * as that kind.
 */

/** `integer` is whole by nature and never written with a fraction; `fraction` is always written with one (`100.0`). */
export type KeyKind = 'text' | 'integer' | 'fraction';

type Keys = { readonly [key: string]: KeyKind };

const CONTAINER: Keys = {
  container_id: 'text',
  container_name: 'text',
  image_name: 'text',
  compose_project: 'text',
  compose_service: 'text',
  swarm_service: 'text',
  pod_name: 'text',
  pod_namespace: 'text',
  pod_uid: 'text',
  restart_count: 'integer',
};

/** The keys of every kind of record, by its `log_type`; `envelope` are those that all have. */
export const RECORD_KEYS = {
  envelope: {
    message: 'text',
    log_type: 'text',
    time: 'text',
    host: 'text',
    level: 'integer',
    full_message: 'text',
    event_id: 'text',
  },
  docker_event: {
    ...CONTAINER,
    event_type: 'text',
    event_action: 'text',
    object_name: 'text',
    container_name_before: 'text',
    exit_code: 'integer',
    signal: 'text',
    health_status: 'text',
  },
  docker_log: { ...CONTAINER, image_id: 'text', command: 'text', tag: 'text', created: 'text', stream: 'text' },
  auth: {
    application_name: 'text',
    process_id: 'integer',
    syslog_hostname: 'text',
    event_action: 'text',
    event_outcome: 'text',
    event_reason: 'text',
    user_name: 'text',
    target_user_name: 'text',
    group_name: 'text',
    source_ip: 'text',
    source_port: 'integer',
    source_hostname: 'text',
    auth_method: 'text',
    ssh_signature: 'text',
    pam_module: 'text',
    pam_service: 'text',
    process_command_line: 'text',
    working_directory: 'text',
    tty: 'text',
    session_id: 'text',
    repeat_count: 'integer',
    connection_id: 'text',
    login_failures: 'integer',
    inherited_fields: 'text',
    process_user_id: 'integer',
    process_executable: 'text',
  },
  disk: {
    disk_device: 'text',
    disk_mount: 'text',
    disk_fs_type: 'text',
    disk_state: 'text',
    disk_total_bytes: 'integer',
    disk_used_bytes: 'integer',
    disk_available_bytes: 'integer',
    disk_used_percent: 'fraction',
    disk_inodes_used_percent: 'fraction',
    disk_full_in_seconds: 'fraction',
    container_id: 'text',
    container_name: 'text',
    container_written_bytes: 'integer',
    container_rootfs_bytes: 'integer',
  },
  uptime: {
    uptime_seconds: 'fraction',
    load_1m: 'fraction',
    load_5m: 'fraction',
    load_15m: 'fraction',
    load_per_core_1m: 'fraction',
    load_per_core_5m: 'fraction',
    load_per_core_15m: 'fraction',
    cpu_count: 'integer',
    cpu_percent: 'fraction',
    users: 'integer',
    memory_total_bytes: 'integer',
    memory_available_bytes: 'integer',
    memory_used_percent: 'fraction',
    swap_total_bytes: 'integer',
    swap_used_bytes: 'integer',
    swap_used_percent: 'fraction',
    event_action: 'text',
    uptime_before_seconds: 'fraction',
    host_down_seconds: 'fraction',
  },
  http_check: {
    check_name: 'text',
    http_url: 'text',
    http_method: 'text',
    http_response_code: 'integer',
    http_response_time_ms: 'fraction',
    http_response_bytes: 'integer',
    http_content_type: 'text',
    http_response_body: 'text',
    http_redirect_count: 'integer',
    http_dns_ms: 'fraction',
    http_connect_ms: 'fraction',
    http_tls_ms: 'fraction',
    http_first_byte_ms: 'fraction',
    http_failed_phase: 'text',
    result_type: 'text',
    event_outcome: 'text',
    check_state: 'text',
    consecutive_failures: 'integer',
    check_down_seconds: 'fraction',
    tls_days_left: 'fraction',
  },
  heartbeat: {
    records_received: 'integer',
    records_sent: 'integer',
    records_buffered: 'integer',
    records_dropped: 'integer',
    records_retried: 'integer',
    delivery_lag_ms: 'fraction',
    sender_uptime_seconds: 'fraction',
    package_version: 'text',
    node_red_version: 'text',
  },
  alert: {
    alert_name: 'text',
    alert_state: 'text',
    alert_id: 'text',
    alert_key: 'text',
    alert_severity: 'text',
    alert_since: 'text',
    alert_duration_seconds: 'fraction',
    alert_count: 'integer',
    alert_value: 'fraction',
    alert_limit: 'fraction',
    alert_reminder: 'integer',
    alert_test: 'integer',
  },
  filter: { filter_name: 'text', filter_key: 'text', records_filtered: 'integer', filter_window_seconds: 'fraction' },
} as const satisfies { readonly [logType: string]: Keys };

const KINDS: ReadonlyMap<string, KeyKind> = new Map(Object.values(RECORD_KEYS).flatMap((keys) => Object.entries(keys)));

const INTEGER_ENDING = /_bytes$/;
const INTEGER_START = /^records_/;
const FRACTION_ENDING = /(?:_percent|_ratio|_ms|_seconds)$/;
const FRACTION_START = /^(?:load_|json_.*_number$)/;

/**
 * The kind of a key: that of the table, and for a user's own key what its ending says. Undefined where nothing says it:
 * such a number is written as it is.
 */
export function kindOf(key: string): KeyKind | undefined {
  const known = KINDS.get(key);
  if (known !== undefined) return known;
  if (INTEGER_ENDING.test(key) || INTEGER_START.test(key)) return 'integer';
  return FRACTION_ENDING.test(key) || FRACTION_START.test(key) ? 'fraction' : undefined;
}

/** What the index takes as a `long`, and as a `float`. Over a greater number it loses the whole message. */
const LARGEST = { integer: 2 ** 63 - 1024, fraction: 3.4e38 } as const;

/** A finite number as it stands in a document: `100.0` for a fraction, the nearest whole number for an integer. */
export function numberText(kind: KeyKind | undefined, value: number): string {
  if (kind === undefined) return plainText(value);
  if (kind === 'integer') return Number.isSafeInteger(value) ? `${value}` : wholeText(value);
  const text = `${within(LARGEST.fraction, value)}`;
  return Number.isInteger(value) && !text.includes('e') ? `${text}.0` : text;
}

/**
 * Graylog takes whole digits for a 64-bit number, and of a greater one it drops the upper bits. Its index takes what has a
 * fraction or an exponent for a `float`.
 */
function plainText(value: number): string {
  const text = `${within(LARGEST.fraction, value)}`;
  return Math.abs(value) > LARGEST.integer && !text.includes('e') ? wholeText(value) : text;
}

function wholeText(value: number): string {
  return `${within(LARGEST.integer, Math.round(value))}`;
}

function within(limit: number, value: number): number {
  return value > limit ? limit : value < -limit ? -limit : value;
}
