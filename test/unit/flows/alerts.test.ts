// What the rules of the default flow make of records: the flow's own settings, in the node's own code.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { STATUS_FAULT } from '../../../lib/status.ts';
import { recordOfReport } from '../../../nodes/alert/node-report.ts';
import { podEventMessage } from '../../../nodes/docker-events-in/pod-event.ts';
import type { FilterConfig } from '../../../nodes/record-filter/settings.ts';
import { AlertBench, HOUR, MINUTE } from '../../support/alert-bench.ts';
import { filterOf } from '../../support/record-filter.ts';

interface Part {
  readonly id: string;
  readonly type: string;
  readonly name?: string;
  readonly heldBy?: string;
}

const flow = JSON.parse(
  readFileSync(new URL('../../../flows/infrastructure-monitoring.json', import.meta.url), 'utf8'),
) as Part[];

function part(type: string, name: string): Part {
  const found = flow.find((one) => one.type === type && one.name === name);
  assert.ok(found, `the default flow has ${name}`);
  return found;
}

const rule = (name: string): AlertBench => new AlertBench(part('alert', name));

const told = (bench: AlertBench): string[] =>
  bench.told.map(({ record }) => `${record.alert_key ?? ''}: ${record.alert_state}`);

const disk = (disk_mount: string, disk_state: string, disk_fs_type = 'ext4') => ({
  ...{
    log_type: 'disk',
    host: 'web1',
    disk_mount,
    disk_state,
    disk_fs_type,
    message: `${disk_mount} is ${disk_state}`,
  },
});

test('a disk that is full or missing rings once for each mount, and again when it is fine', () => {
  const bench = rule('disk nearly full');
  for (const state of ['ok', 'warning', 'critical', 'critical', 'stale', 'critical']) {
    bench.pass(MINUTE);
    bench.take(disk('/', state));
  }
  assert.deepEqual(told(bench), ['/: firing']);
  assert.equal(bench.said[0]?.record.level, 3);
  assert.equal(bench.said[0]?.record.message, 'firing: disk nearly full, /: / is critical');
  bench.pass(MINUTE);
  bench.take(disk('/data', 'missing'));
  bench.take(disk('/', 'warning'));
  assert.deepEqual(told(bench), ['/: firing', '/data: firing', '/: resolved']);
});

test('a full disk under fifty containers, through Deploys and restarts, rings once and is over once', () => {
  const bench = rule('disk nearly full');
  const minute = (state: string): void => {
    bench.pass(MINUTE);
    bench.take(disk('/', state));
    for (let n = 0; n < 50; n += 1) bench.take(disk(`/var/lib/docker/overlay2/${n}/merged`, state, 'overlay'));
  };
  minute('ok');
  for (let n = 0; n < 60; n += 1) {
    minute('critical');
    if (n % 5 === 4) bench.kill();
  }
  minute('ok');
  assert.deepEqual(told(bench), ['/: firing', '/: resolved']);
});

test('a container’s own root rings, although it is an overlay', () => {
  const bench = rule('disk nearly full');
  bench.take(disk('/', 'critical', 'overlay'));
  assert.deepEqual(told(bench), ['/: firing']);
});

test('a check that is down rings once, paused changes nothing, and up ends it', () => {
  const bench = rule('endpoint down');
  for (const check_state of ['up', 'down', 'down', 'paused', 'down', 'up', 'up']) {
    bench.pass(MINUTE);
    bench.take({ log_type: 'http_check', check_name: 'shop', check_state, message: `shop ${check_state}` });
  }
  assert.deepEqual(told(bench), ['shop: firing', 'shop: resolved']);
});

test('a certificate rings in its last 14 days, and is over when there is a new one', () => {
  const bench = rule('certificate ends');
  for (const tls_days_left of [14, 13.9, 13, 89]) bench.take({ check_name: 'shop', tls_days_left });
  bench.take({ check_name: 'plain', http_response_code: 200 });
  assert.deepEqual(told(bench), ['shop: firing', 'shop: resolved']);
});

const event = (event_action: string, level: number, more: object = {}) => ({
  ...{ log_type: 'docker_event', event_action, level, container_name: 'web', message: `container web ${event_action}` },
  ...more,
});

test('a container that dies by itself rings until it is started; one that somebody stops does not', () => {
  const bench = rule('container failed');
  for (const one of [event('start', 6), event('kill', 5), event('die', 5), event('stop', 5), event('die', 6)])
    bench.take(one);
  assert.deepEqual(told(bench), []);
  bench.take(event('die', 3, { exit_code: 1 }));
  bench.take(event('die', 3, { exit_code: 1 }));
  assert.deepEqual(told(bench), ['web: firing']);
  assert.equal(bench.last.message, 'firing: container failed, web: container web die');
  bench.take(event('start', 6));
  assert.deepEqual(told(bench), ['web: firing', 'web: resolved']);
});

test('out of memory and unhealthy ring by the same bell, and end by what ends them', () => {
  const bench = rule('container failed');
  bench.take(event('oom', 3));
  bench.take(event('die', 3, { exit_code: 137 }));
  bench.take(event('start', 6));
  bench.take(event('health_status', 4, { health_status: 'unhealthy' }));
  bench.take(event('health_status', 6, { health_status: 'healthy' }));
  bench.take(event('health_status', 4, { health_status: 'unhealthy' }));
  bench.take(event('destroy', 5));
  assert.deepEqual(
    told(bench),
    ['firing', 'resolved', 'firing', 'resolved', 'firing', 'resolved'].map((state) => `web: ${state}`),
  );
});

test('a container that dies five times in ten minutes rings as a loop, and is over when it has stayed up', () => {
  const bench = rule('crash loop');
  for (let n = 0; n < 4; n += 1) bench.take(event('die', 3, { event_id: `a${n}` }));
  bench.pass(11 * MINUTE);
  for (let n = 0; n < 5; n += 1) {
    bench.pass(MINUTE);
    bench.take(event('die', 3, { event_id: `b${n}` }));
    bench.take(event('start', 6, { event_id: `c${n}` }));
  }
  assert.deepEqual(told(bench), ['web: firing']);
  bench.pass(25 * MINUTE);
  assert.deepEqual(told(bench), ['web: firing', 'web: resolved']);
});

test('a death whose exit code is hidden counts for a loop; one that was asked for, or went well, does not', () => {
  for (const [level, stories] of [
    [4, ['web: firing']],
    [5, []],
    [6, []],
  ] as const) {
    const bench = rule('crash loop');
    for (let n = 0; n < 6; n += 1) bench.take(event('die', level, { event_id: `a${n}` }));
    assert.deepEqual(told(bench), stories, `level ${level}`);
  }
});

/** What `docker-events-in` says of the start of a pod's container. */
const podStart = (restarts: number, name = 'app'): object => {
  const pod = { namespace: 'shop', pod: 'web-0', uid: '5d2f' };
  const log = { ...pod, container: name, restarts, key: `${name}/${restarts}`, path: '' };
  const start = { action: 'start', log, id: undefined } as const;
  return podEventMessage(start, { atMs: 0, isFound: false }, 'web1').payload;
};

test('a container of a pod that is started again five times in ten minutes rings once as a loop, by its pod', () => {
  const [loop, failed] = [rule('crash loop'), rule('container failed')];
  const take = (record: object): void => {
    for (const bench of [loop, failed]) {
      bench.pass(MINUTE);
      bench.take({ ...record, time: new Date(bench.nowMs).toISOString() });
    }
  };
  for (let n = 0; n <= 4; n += 1) take(podStart(n));
  assert.deepEqual(told(loop), [], 'the first start is none again');
  for (let n = 5; n <= 8; n += 1) take(podStart(n));
  assert.deepEqual(told(loop), ['shop/web-0/app: firing']);
  assert.equal(loop.last.message.includes('shop/web-0/app'), true);
  for (let n = 0; n <= 4; n += 1) take(podStart(n, 'sidecar'));
  assert.deepEqual(told(loop), ['shop/web-0/app: firing'], 'each container for itself');
  loop.pass(25 * MINUTE);
  assert.deepEqual(told(loop), ['shop/web-0/app: firing', 'shop/web-0/app: resolved']);
  assert.deepEqual(told(failed), []);
});

test('what becomes of containers while Docker is away is told only where it is so in the end', () => {
  for (const name of ['container failed', 'crash loop']) assert.equal(part('alert', name).heldBy, 'Docker away');
  const bench = rule('container failed');
  bench.isHeld = true;
  for (let n = 0; n < 40; n += 1) bench.take(event('die', 3, { container_name: `c${n}` }));
  for (let n = 1; n < 40; n += 1) bench.take(event('start', 6, { container_name: `c${n}` }));
  bench.pass(MINUTE);
  assert.deepEqual(told(bench), []);
  bench.isHeld = false;
  bench.pass(MINUTE);
  assert.deepEqual(told(bench), ['c0: firing']);
});

test('five failed logins of one address in a minute ring, and other addresses do not add to them', () => {
  const bench = rule('password guessing');
  const failed = (source_ip: string, login_failures: number, n: number) =>
    bench.take({ log_type: 'auth', source_ip, login_failures, event_id: `${source_ip}${n}` });
  for (let n = 0; n < 4; n += 1) failed('192.0.2.1', 1, n);
  failed('192.0.2.2', 4, 0);
  assert.deepEqual(told(bench), []);
  failed('192.0.2.1', 1, 9);
  assert.deepEqual(told(bench), ['192.0.2.1: firing']);
  bench.pass(10 * MINUTE);
  assert.deepEqual(told(bench), ['192.0.2.1: firing', '192.0.2.1: resolved']);
});

test('root rings once for each address, over SSH and at the console, and a refused one does not', () => {
  const bench = rule('root logged in');
  const login = (more: object) =>
    bench.take({ log_type: 'auth', user_name: 'root', event_outcome: 'success', ...more });
  login({ event_action: 'ssh_login', event_outcome: 'failure', source_ip: '192.0.2.1' });
  login({ event_action: 'ssh_login', user_name: 'alice', source_ip: '192.0.2.1' });
  login({ event_action: 'cron_session' });
  assert.deepEqual(told(bench), []);
  login({ event_action: 'ssh_login', source_ip: '192.0.2.1', event_id: 'a' });
  login({ event_action: 'ssh_login', source_ip: '192.0.2.1', event_id: 'b' });
  login({ event_action: 'login', event_id: 'c' });
  assert.deepEqual(told(bench), ['192.0.2.1: firing', '(none): firing']);
  bench.pass(16 * MINUTE);
  assert.deepEqual(told(bench).slice(2).sort(), ['(none): resolved', '192.0.2.1: resolved']);
});

test('memory and load must be bad for five minutes', () => {
  for (const [name, field, bad, good] of [
    ['memory nearly full', 'memory_used_percent', 95, 50],
    ['load high', 'load_per_core_1m', 3, 0.2],
  ] as const) {
    const bench = rule(name);
    const minutes = (value: number, count: number): void => {
      for (let n = 0; n < count; n += 1) {
        bench.take({ log_type: 'uptime', [field]: value });
        bench.pass(MINUTE);
      }
    };
    minutes(bad, 4);
    minutes(good, 1);
    assert.deepEqual(told(bench), [], name);
    minutes(bad, 6);
    minutes(good, 1);
    assert.deepEqual(told(bench), [': firing', ': resolved'], name);
  }
});

test('a reboot rings, and is over after ten minutes', () => {
  const bench = rule('rebooted');
  bench.take({ log_type: 'uptime', uptime_seconds: 20, message: 'up 20 s' });
  assert.deepEqual(told(bench), []);
  bench.take({ log_type: 'uptime', event_action: 'reboot', message: 'rebooted, was down for 40 s' });
  bench.pass(11 * MINUTE);
  assert.deepEqual(told(bench), [': firing', ': resolved']);
});

test('a source that measures each minute rings when it says nothing for five, also where it never did', () => {
  for (const [name, log_type] of [
    ['uptime silent', 'uptime'],
    ['disk stats silent', 'disk'],
  ] as const) {
    const bench = rule(name);
    for (let n = 0; n < 10; n += 1) {
      bench.take({ log_type });
      bench.pass(MINUTE);
    }
    assert.deepEqual(told(bench), []);
    bench.pass(5 * MINUTE);
    bench.take({ log_type });
    assert.deepEqual(told(bench), [`${log_type}: firing`, `${log_type}: resolved`]);
    const never = rule(name);
    never.pass(6 * MINUTE);
    assert.deepEqual(told(never), [`${log_type}: firing`]);
  }
});

const source = (type: string, name: string) => ({ id: `id of ${name}`, type, name });
const status = (bench: AlertBench, fill: string, of: object): void =>
  bench.take({ ...recordOfReport({ status: { fill, text: 'a text', source: of } }, bench.nowMs) });

test('Docker that is away rings at once; a red check or a full disk is none of the monitoring’s own faults', () => {
  const away = rule('Docker away');
  const red = rule('a source is red');
  for (const bench of [away, red]) {
    status(bench, 'red', source('docker-events-in', 'docker events'));
    status(bench, 'red', source('http-check', 'shop'));
    status(bench, 'red', source('disk-stats', 'disk stats'));
    status(bench, 'red', source('graylog-out', 'graylog'));
    bench.pass(4 * MINUTE);
  }
  assert.deepEqual(told(away), ['docker events: firing']);
  assert.deepEqual(told(red), []);
  red.pass(2 * MINUTE);
  assert.deepEqual(told(red), ['graylog: firing']);
  assert.equal(red.last.message, 'firing: a source is red, graylog: graylog: a text');
  status(away, 'green', source('docker-events-in', 'docker events'));
  status(red, 'green', source('graylog-out', 'graylog'));
  assert.deepEqual([told(away).at(-1), told(red).at(-1)], ['docker events: resolved', 'graylog: resolved']);
});

test('what a host never had is grey or yellow, and rings nobody', () => {
  for (const name of ['Docker away', 'a source is red']) {
    const bench = rule(name);
    for (const fill of ['grey', 'yellow', 'blue']) {
      status(bench, fill, source('docker-events-in', 'docker events'));
      status(bench, fill, source('auth-log-in', 'auth log'));
      bench.pass(10 * MINUTE);
    }
    assert.deepEqual(told(bench), []);
  }
});

test('an error that no status shows rings, such as dropped records; one that a status shows does not', () => {
  const bench = rule('errors');
  const error = (more: object) => ({
    error: { message: 'Error: records dropped: 213', source: source('graylog-out', 'graylog') },
    ...more,
  });
  bench.take({ ...recordOfReport(error({ [STATUS_FAULT]: true }), bench.nowMs) });
  assert.deepEqual(told(bench), []);
  for (let n = 0; n < 3; n += 1) {
    bench.take({ ...recordOfReport(error({}), bench.nowMs) });
    bench.pass(MINUTE);
  }
  assert.deepEqual(told(bench), ['graylog: firing']);
  assert.equal(bench.last.message, 'firing: errors, graylog: records dropped: 213');
  bench.pass(10 * MINUTE);
  assert.deepEqual(told(bench), ['graylog: firing', 'graylog: resolved']);
});

test('every default alert reminds every four hours or every day, until somebody acknowledges it', () => {
  const bench = rule('endpoint down');
  bench.take({ check_name: 'shop', check_state: 'down', message: 'shop down' });
  bench.pass(9 * HOUR, MINUTE);
  assert.deepEqual(bench.story, ['firing shop', 'reminder-1 shop', 'reminder-2 shop']);
  bench.command({ acknowledge: true });
  bench.pass(9 * HOUR, MINUTE);
  assert.equal(bench.story.length, 3);
});

test('cron’s sessions are left out of the auth lines, and those that fail are not', () => {
  const filter = filterOf(part('record-filter', 'no cron jobs') as FilterConfig);
  const judge = (record: object) => filter.judge({ log_type: 'auth', ...record }, 0);
  assert.equal(judge({ event_action: 'cron_session', event_outcome: 'success' }), 'rules');
  assert.equal(judge({ event_action: 'cron_session', event_outcome: 'failure' }), 'pass');
  assert.equal(judge({ event_action: 'cron_session' }), 'pass');
  assert.equal(judge({ event_action: 'ssh_login', event_outcome: 'success' }), 'pass');
});

const CLF = '192.0.2.7 - - [26/Nov/2026:10:00:00 +0000]';
const PROBES = [
  `${CLF} "GET /healthz HTTP/1.1" 200 2 "-" "curl/8.5.0"`,
  `${CLF} "GET /health HTTP/1.1" 204 0`,
  `${CLF} "HEAD /-/healthy HTTP/1.1" 200 0 "-" "x"`,
  `${CLF} "GET /health/live?full=1 HTTP/2.0" 200 31 "-" "-"`,
  `192.0.2.7 - - [26/Nov/2026 10:00:00] "GET /ready HTTP/1.0" 200 -`,
  `${CLF} "GET / HTTP/1.1" 200 612 "-" "ELB-HealthChecker/2.0"`,
  `${CLF} "GET /status.php HTTP/1.1" 200 612 "-" "kube-probe/1.30" "-"`,
  `${CLF} "GET / HTTP/1.1" 200 612 "-" "Consul Health Check"`,
];
const LINES = [
  `${CLF} "GET /healthz HTTP/1.1" 503 2 "-" "curl/8.5.0"`,
  `${CLF} "GET / HTTP/1.1" 500 612 "-" "ELB-HealthChecker/2.0"`,
  `${CLF} "GET /healthy-recipes/soup HTTP/1.1" 200 612 "-" "Mozilla/5.0"`,
  `${CLF} "GET /pingpong HTTP/1.1" 200 612 "-" "Mozilla/5.0"`,
  `${CLF} "POST /health HTTP/1.1" 200 612 "-" "Mozilla/5.0"`,
  `${CLF} "GET /?next=/healthz HTTP/1.1" 200 612 "-" "Mozilla/5.0"`,
  'the health check of the database failed: GET /healthz',
  'ready',
];

test('health checks that were answered well are left out of the lines of containers, and all else passes', () => {
  const filter = filterOf(part('record-filter', 'no probes') as FilterConfig);
  const judge = (message: string) => filter.judge({ log_type: 'docker_log', message }, 0);
  for (const line of PROBES) assert.equal(judge(line), 'rules', line);
  for (const line of LINES) assert.equal(judge(line), 'pass', line);
});
