// Many http-check nodes against a local server for a while: do they keep time, never overlap, and leak nothing?
// After npm run build: node bench/http-check.js [--seconds 60] [--nodes 200] [--interval 10]     (for five minutes: --seconds 300)
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const root = fileURLToPath(new URL('..', import.meta.url));

/** How long the server takes to answer, so that a second request of the same check could be seen beside the first. */
const ANSWER_MS = 25;

/** The server, in a process of its own: it takes down when each check asked and how many of its requests were open. */
function serve() {
  const checks = new Map();
  const server = createServer((request, response) => {
    const check = checks.get(request.url) ?? { at: [], open: 0, overlaps: 0 };
    checks.set(request.url, check);
    check.at.push(performance.now());
    check.open += 1;
    if (check.open > 1) check.overlaps += 1;
    setTimeout(() => {
      check.open -= 1;
      response.end('{"status":"ok"}');
    }, ANSWER_MS);
  });
  process.on('message', () => process.send([...checks.values()]));
  server.listen(0, '127.0.0.1', () => process.send(server.address().port));
}

function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

function used(gc) {
  gc();
  const { rss, heapUsed } = process.memoryUsage();
  return { rss: rss / 2 ** 20, heap: heapUsed / 2 ** 20, handles: process.getActiveResourcesInfo().length };
}

function mean(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/**
 * Each check's arrivals against a grid of its interval: how far off they are, and the drift, which is how much later than
 * in the first half they are in the second. The first turn is left out: Node.js still compiles what all checks run.
 */
function timing(checks, intervalMs) {
  const offsets = checks.map(({ at }) => at.slice(1).map((time, turn) => time - turn * intervalMs));
  const off = offsets.flatMap((own) => own.map((offset) => Math.abs(offset - quantile(own, 0.5))));
  const drift = offsets.map((own) => mean(own.slice(own.length / 2)) - mean(own.slice(0, own.length / 2)));
  return { off, drift, turns: checks.map(({ at }) => at.length) };
}

/** A Node-RED in this process with the built package and `checks`; `sent` hears every msg that they send. */
async function startNodeRed(checks, sent) {
  const RED = createRequire(import.meta.url)('node-red');
  const userDir = mkdtempSync(join(tmpdir(), 'infra-bench-'));
  const flow = [{ id: 'flow', type: 'tab' }, { id: 'sink', z: 'flow', type: 'junction', wires: [] }, ...checks];
  writeFileSync(join(userDir, 'flows.json'), JSON.stringify(flow));
  RED.init(createServer(), {
    userDir,
    flowFile: 'flows.json',
    nodesDir: [root],
    httpAdminRoot: false,
    httpNodeRoot: false,
    logging: { console: { level: 'error' } },
  });
  RED.hooks.add('onSend', (events) => {
    for (const { msg } of events) sent(msg);
  });
  await RED.start();
  return { RED, userDir };
}

async function run() {
  const { values } = parseArgs({
    options: {
      seconds: { type: 'string', default: '60' },
      nodes: { type: 'string', default: '200' },
      interval: { type: 'string', default: '10' },
    },
  });
  const [seconds, count, interval] = [values.seconds, values.nodes, values.interval].map(Number);
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc');
  const server = fork(fileURLToPath(import.meta.url), ['serve']);
  const [port] = await once(server, 'message');

  const results = { success: 0, other: 0 };
  const times = [];
  const { RED, userDir } = await startNodeRed(
    Array.from({ length: count }, (_, index) => ({
      id: `check${index}`,
      z: 'flow',
      type: 'http-check',
      checkName: `check ${index}`,
      url: `http://127.0.0.1:${port}/${index}`,
      interval: String(interval),
      wires: [['sink'], ['sink']],
    })),
    ({ payload }) => {
      results[payload.result_type === 'success' ? 'success' : 'other'] += 1;
      times.push(payload.http_response_time_ms);
    },
  );
  const [cpuBefore, began] = [process.cpuUsage(), performance.now()];

  const samples = [];
  const every = Math.max(2, Math.min(10, seconds / 10));
  while ((performance.now() - began) / 1000 + every <= seconds) {
    await wait(every * 1000);
    samples.push(used(gc));
  }
  const { user, system } = process.cpuUsage(cpuBefore);
  server.send('report');
  const [checks] = await once(server, 'message');
  const { off, drift, turns } = timing(checks, interval * 1000);
  // The first samples are of a process that still warms up.
  const settled = samples.slice(Math.floor(samples.length / 3));
  const [first, last] = [settled[0], settled.at(-1)];
  const number = (value) => value.toFixed(1);
  console.log(
    `${count} checks every ${interval} s for ${seconds} s: ${results.success} success, ${results.other} other`,
  );
  console.log(`turns a check: ${Math.min(...turns)} to ${Math.max(...turns)}`);
  console.log(
    `off the grid: p50 ${number(quantile(off, 0.5))} ms, p99 ${number(quantile(off, 0.99))} ms, most ${number(quantile(off, 1))} ms`,
  );
  console.log(`drift: p50 ${number(quantile(drift, 0.5))} ms, most ${number(quantile(drift.map(Math.abs), 1))} ms`);
  console.log(`overlaps: ${checks.reduce((sum, { overlaps }) => sum + overlaps, 0)}`);
  console.log(
    `response time (${ANSWER_MS} ms of it the server's): p50 ${number(quantile(times, 0.5))} ms, p99 ${number(quantile(times, 0.99))} ms`,
  );
  console.log(
    `heap: ${number(first.heap)} MB to ${number(last.heap)} MB; resident: ${number(first.rss)} MB to ${number(last.rss)} MB`,
  );
  console.log(
    `handles: ${first.handles} to ${last.handles} (most ${Math.max(...samples.map(({ handles }) => handles))})`,
  );
  console.log(`CPU: ${number((user + system) / 1e4 / seconds)} % of a core`);
  await RED.stop();
  rmSync(userDir, { recursive: true, force: true });
  server.kill();
  process.exit(0);
}

if (process.argv[2] === 'serve') serve();
else await run();
