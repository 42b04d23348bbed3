import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { STATE_FOLDER } from '../../lib/io/state-file.ts';
import { SeriesFile } from '../../plugins/monitoring-page/io/series-file.ts';

const MINUTE_MS = 60_000;
const DAY_MINUTES = 1_440;

/** A user directory with a day of series, ten minutes of which are missing. */
export async function userDirWithHistory(nowMs: number): Promise<string> {
  const userDir = mkdtempSync(join(tmpdir(), 'infra-monitoring-'));
  const { store, file } = SeriesFile.open(join(userDir, STATE_FOLDER, 'page-series'));
  for (let minute = DAY_MINUTES - 1; minute > 0; minute -= 1) {
    if (minute > 180 && minute <= 190) continue;
    const atMs = (DAY_MINUTES - minute) * MINUTE_MS;
    store.hear(atMs, nowMs - minute * MINUTE_MS);
    const wave = Math.sin(minute / 40);
    store.add('cpu_percent', atMs, minute === 14 ? 65 : 24 + 10 * wave + (minute % 7));
    store.add('memory_used_percent', atMs, 60 + (minute < 60 ? Math.max(0, 34 - minute) : 0));
    store.add('load_1m', atMs, 1.8 + wave + (minute % 5) / 10);
    store.add('disk_used_percent /data', atMs, 86 - minute / 300);
    for (const [name, ms] of Object.entries({ shop: 120, api: 48, graylog: 12, 'node-red': 4 })) {
      const isDown = name === 'shop' && minute < 18;
      store.add(`http_failure ${name}`, atMs, isDown ? 1 : 0);
      if (!isDown) store.add(`http_response_time_ms ${name}`, atMs, ms * (1 + ((minute * 7) % 10) / 10));
    }
  }
  await file?.write();
  await file?.close();
  return userDir;
}

const CONTAINER = { log_type: 'docker_event', event_type: 'container' };

/** What happened on a host in one night. */
export const NIGHT: readonly object[] = [
  {
    log_type: 'uptime',
    message: 'up 12 d 4 h, load 3.36',
    uptime_seconds: 1_051_200.5,
    load_1m: 3.36,
    load_per_core_1m: 0.42,
    cpu_count: 8,
    cpu_percent: 38.2,
    memory_used_percent: 61.4,
    memory_total_bytes: 24e9,
    users: 2,
  },
  ...[
    ['/data', 86, 'warning', 68e9, 32_400],
    ['/', 34, 'ok', 132e9],
    ['/var', 47, 'ok', 53e9],
    ['/boot', 22, 'ok', 7e8],
  ].map(([disk_mount, used, disk_state, available, full]) => ({
    log_type: 'disk',
    level: disk_state === 'ok' ? 6 : 4,
    message: `${disk_mount} ${used} % used`,
    disk_mount,
    disk_state,
    disk_used_percent: used,
    disk_available_bytes: available,
    disk_total_bytes: 492e9,
    ...(full !== undefined && { disk_full_in_seconds: full }),
  })),
  ...[
    ['api', 48, 30],
    ['graylog', 12, 81],
    ['node-red', 4],
  ].map(([check_name, ms, days]) => ({
    log_type: 'http_check',
    message: `${check_name} answered 200 in ${ms} ms`,
    check_name,
    check_state: 'up',
    event_outcome: 'success',
    result_type: 'success',
    http_response_code: 200,
    http_response_time_ms: ms,
    ...(days !== undefined && { tls_days_left: days }),
  })),
  {
    log_type: 'http_check',
    level: 3,
    message: 'shop down for 17 min: the response code is 503, expected 200–399',
    check_name: 'shop',
    check_state: 'down',
    event_outcome: 'failure',
    result_type: 'status_mismatch',
    http_response_code: 503,
    check_down_seconds: 1_020,
    tls_days_left: 30,
    consecutive_failures: 18,
  },
  ...['api', 'db', 'cache', 'mail', 'proxy', 'shop', 'worker'].map((container_name) => ({
    ...CONTAINER,
    message: `container ${container_name} started`,
    event_action: 'start',
    container_name,
    image_name: `${container_name}:4.2`,
  })),
  {
    ...CONTAINER,
    level: 3,
    message: 'container worker ran out of memory',
    event_action: 'oom',
    container_name: 'worker',
  },
  {
    ...CONTAINER,
    level: 3,
    message: 'container worker died: exit code 137, out of memory (image shop/worker:4.2)',
    event_action: 'die',
    container_name: 'worker',
    exit_code: 137,
  },
  {
    ...CONTAINER,
    level: 4,
    message: 'container shop is unhealthy',
    event_action: 'health_status',
    health_status: 'unhealthy',
    container_name: 'shop',
  },
  ...Array.from({ length: 30 }, (_, index) =>
    line('proxy', 'stdout', `203.0.113.${index} - - "GET /page/${index} HTTP/1.1" 200 512`),
  ),
  ...Array.from({ length: 11 }, (_, index) => line('shop', 'stderr', `upstream worker: connection refused (${index})`)),
  line('db', 'stderr', 'checkpoint complete: wrote 42 buffers'),
  line('worker', 'stderr', 'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory'),
  ...Array.from({ length: 12 }, (_, index) => ({
    log_type: 'auth',
    level: 4,
    message: `Failed password for invalid user ${['admin', 'root', 'test', 'oracle'][index % 4]} from 203.0.113.21 port ${40_000 + index} ssh2`,
    event_action: 'ssh_login_failed',
    event_outcome: 'failure',
    user_name: ['admin', 'root', 'test', 'oracle'][index % 4],
    source_ip: '203.0.113.21',
    login_failures: 1,
  })),
  {
    log_type: 'auth',
    level: 6,
    message: 'Accepted publickey for alice from 192.0.2.4 port 51022 ssh2',
    event_action: 'ssh_login',
    event_outcome: 'success',
    user_name: 'alice',
    source_ip: '192.0.2.4',
    auth_method: 'publickey',
  },
  {
    log_type: 'auth',
    level: 5,
    message: 'alice ran as root: docker inspect worker',
    event_action: 'sudo',
    event_outcome: 'success',
    user_name: 'alice',
    target_user_name: 'root',
    process_command_line: 'docker inspect worker',
  },
];

function line(container_name: string, stream: string, message: string): object {
  return {
    log_type: 'docker_log',
    level: stream === 'stderr' ? 3 : 6,
    container_name,
    stream,
    message,
    container_id: 'a1b2c3',
  };
}
