// The page's server half without the rest of Node-RED, fed at a rate with the records of many containers and checks. Its parent
// asks by messages: `measure` begins anew, `tell` gives the delay of the event loop and the memory since then.
import { EventEmitter } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { RingInput } from '../dist/lib/ring.js';
import register from '../dist/plugins/monitoring-page/monitoring-page.js';

const [rate, containers, checks] = process.argv.slice(2).map(Number);
const TICK_MS = 20;

const routes = [];
const route =
  (method) =>
  (path, ...handlers) => {
    const pattern = new RegExp(`^${path.replace(/:(\w+)/g, '(?<$1>[^/]+)')}/?$`);
    routes.push({ method, pattern, handler: handlers.at(-1) });
  };
const server = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url, 'http://localhost');
  const found = routes.find(({ method, pattern }) => method === request.method && pattern.test(pathname));
  response.status = (code) => {
    response.statusCode = code;
    return response;
  };
  if (found === undefined) return response.status(404).end();
  const params = found.pattern.exec(pathname).groups ?? {};
  found.handler(
    Object.assign(request, { originalUrl: request.url, params, query: Object.fromEntries(searchParams) }),
    response,
  );
});

const events = new EventEmitter();
register({
  events,
  server,
  settings: { userDir: mkdtempSync(join(tmpdir(), 'infra-monitoring-bench-')) },
  httpAdmin: { get: route('GET'), post: route('POST') },
  auth: { needsPermission: () => (_request, _response, next) => next() },
  nodes: { eachNode: () => undefined, getNode: () => null },
  log: { info: () => undefined, warn: console.error },
  _: (key) => key,
});
const { keep } = new RingInput(events, 'out');

let number = 0;
function ship(record, logType, stream, container) {
  number += 1;
  const document = {
    version: '1.1',
    host: 'bench',
    timestamp: Date.now() / 1_000,
    level: 6,
    _event_id: `${number}`,
    _log_type: logType,
  };
  keep(JSON.stringify({ ...document, ...record }), logType, stream, container);
}

function line() {
  const container = `web-${number % containers}`;
  const stream = number % 10 === 0 ? 'stderr' : 'stdout';
  const level = stream === 'stderr' ? 3 : 6;
  const text = `203.0.113.${number % 256} - - "GET /page/${number} HTTP/1.1" 200 ${number % 9000} "-" "Mozilla/5.0 (X11)"`;
  ship({ short_message: text, level, _container_name: container, _stream: stream }, 'docker_log', stream, container);
}

function check(index) {
  const fields = {
    _check_name: `check ${index}`,
    _check_state: 'up',
    _event_outcome: 'success',
    _http_response_time_ms: 5 + (number % 40),
  };
  ship({ short_message: `check ${index} answered`, ...fields }, 'http_check');
}

let due = 0;
let before = performance.now();
setInterval(() => {
  const now = performance.now();
  due += ((now - before) * rate) / 1_000;
  before = now;
  for (; due >= 1; due -= 1) line();
}, TICK_MS);
let next = 0;
setInterval(() => {
  check(next % checks);
  next += 1;
}, 60_000 / checks);
setInterval(
  () =>
    ship({ short_message: 'up', _cpu_percent: 20 + (number % 30), _load_1m: 1, _memory_used_percent: 50 }, 'uptime'),
  5_000,
);

const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();
process.on('message', (word) => {
  if (word === 'measure') {
    globalThis.gc?.();
    delay.reset();
  }
  if (word !== 'tell') return;
  globalThis.gc?.();
  const { heapUsed, rss } = process.memoryUsage();
  process.send({ p99: delay.percentile(99) / 1e6, most: delay.max / 1e6, heap: heapUsed, rss, shipped: number });
});
process.on('disconnect', () => process.exit(0));
server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
