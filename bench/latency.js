// How long a single line takes from the write to the file until Graylog has it, on a quiet system, and what Node-RED
// weighs at rest: `npm run bench -- latency [LINES]`.
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { defaultFlow, startNodeRed } from './chain.js';
import { node, number, root, start, usage } from './measure.js';

const LINES_PER_SECOND = 20;
/** The first lines are left out: the compiler is still at work. */
const WARM_UP = 40;
const REST_MS = 20_000;

export async function benchLatency(lines = 400) {
  const folder = mkdtempSync(join(tmpdir(), 'infra-monitoring-bench-'));
  try {
    await measureLatency(folder, lines);
    await measureRest(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function measureLatency(folder, lines) {
  const arrivals = new Map();
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (data) => {
      const nowMs = performance.now();
      for (const [, id] of data.toString().matchAll(/"_process_id":(\d+)/g)) arrivals.set(Number(id), nowMs);
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const file = join(folder, 'auth.log');
  writeFileSync(file, line(1));
  const nodeRed = startNodeRed(folder, defaultFlow(file, String(server.address().port)));
  await nodeRed.line(/Started flows/);
  while (!arrivals.has(1)) await pause(10);
  const before = usage(nodeRed.pid);
  const written = new Map();
  for (let n = 2; n < lines + 2; n += 1) {
    // Not at a fixed beat, which some timer on the way might share.
    await pause((1000 / LINES_PER_SECOND) * (0.5 + Math.random()));
    const text = line(n);
    written.set(n, performance.now());
    appendFileSync(file, text);
  }
  await pause(2_000);
  const { cpu } = usage(nodeRed.pid);
  await nodeRed.stop();
  server.close();
  const took = [...written].slice(WARM_UP).map(([n, atMs]) => arrivals.get(n) - atMs);
  const sorted = took.filter(Number.isFinite).sort((a, b) => a - b);
  const at = (share) => `${number(sorted[Math.floor((sorted.length - 1) * share)], 1)} ms`;
  console.log(
    `one line at ${LINES_PER_SECOND} lines/s, file to receiver: p50 ${at(0.5)}, p95 ${at(0.95)}, p99 ${at(0.99)}, ` +
      `worst ${at(1)} of ${sorted.length}; ${took.length - sorted.length} missing; ` +
      `${number(((cpu - before.cpu) * 1000) / lines, 2)} CPU ms a line`,
  );
}

function line(n) {
  const time = new Date().toISOString().replace('Z', '000+00:00');
  return `${time} bench sshd[${n}]: Failed password for root from 203.0.113.7 port 52022 ssh2\n`;
}

/** Node-RED with the default flow, against Node-RED with an empty one and without the package. */
async function measureRest(folder) {
  const flow = readFileSync(join(root, 'flows/infrastructure-monitoring.json'), 'utf8');
  const figures = {
    'Node-RED alone': await rest(folder, '[]', []),
    'with the package, empty flow': await rest(folder, '[]', [root]),
    'with the default flow': await rest(folder, flow, [root]),
  };
  const alone = figures['Node-RED alone'];
  for (const [name, megabytes] of Object.entries(figures)) {
    console.log(`${name.padEnd(30)} ${number(megabytes).padStart(4)} MB at rest, ${number(megabytes - alone)} above`);
  }
}

async function rest(folder, flow, nodesDir) {
  const userDir = mkdtempSync(join(folder, 'rest-'));
  writeFileSync(join(userDir, 'flows.json'), flow);
  const settings = { flowFile: 'flows.json', uiHost: '127.0.0.1', telemetry: { enabled: false }, nodesDir };
  writeFileSync(join(userDir, 'settings.js'), `module.exports = ${JSON.stringify(settings)};`);
  // What is garbage says nothing of what is needed: collected, the figure differs little from run to run.
  const collect = ['--expose-gc', '--import', 'data:text/javascript,setInterval(gc, 4000).unref()'];
  const red = join(root, 'node_modules/node-red/red.js');
  const program = start(node, [...collect, red, '--port', '0', '--userDir', userDir]);
  await program.line(/Server now running/);
  await pause(REST_MS);
  const { residentMb } = usage(program.pid);
  await program.stop();
  return residentMb;
}
