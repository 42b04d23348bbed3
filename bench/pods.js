// A Kubernetes node of a thousand containers that write and of which some are new each minute: lines lost, memory, descriptors,
// CPU, also at rest, beside a Docker Engine with as many silent containers as it starts in a minute:
// `npm run bench -- pods [CONTAINERS] [LINES_PER_SECOND] [SECONDS]`.
import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { node, number, root, start, treeCpu, usage } from './measure.js';

const NEW_A_MINUTE = 50;
const STEP_MS = 100;
const SETTLE_MS = 20_000;
const REST_SECONDS = 60;
/** Silent containers, in Docker and as pods, whose watching is compared. */
const SILENT = 50;
/** A log is rotated after so many of its lines. */
const ROTATE_AFTER = 100;
const ALL = { include: '', exclude: '', images: '', labels: '', project: '', composeDir: '' };

export async function benchPods(containers = 1000, linesPerSecond = 2000, seconds = 120) {
  const folder = mkdtempSync(join(tmpdir(), 'infra-monitoring-bench-'));
  const received = new Set();
  const server = createServer({ allowHalfOpen: true }, (socket) => receive(socket, received));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const writers = Array.from({ length: containers }, (_, at) => new Writer(folder, at));
  const program = startNodeRed(folder, `cri://${join(folder, 'pods')}`, server.address().port);
  try {
    await program.line(/Started flows/);
    await pause(SETTLE_MS);
    const rest = await cpuMs(program.pid, REST_SECONDS);
    const before = treeCpu(program.pid);
    const written = await write(writers, { folder, linesPerSecond, seconds });
    const wantedMs = Date.now() + 60_000;
    while (received.size < written && Date.now() < wantedMs) await pause(STEP_MS);
    const { peakMb, residentMb } = usage(program.pid);
    const busy = ((treeCpu(program.pid) - before) * 1_000_000) / written;
    console.log(
      `${containers} containers, ${NEW_A_MINUTE} new a minute, ${number(linesPerSecond)} lines/s for ${seconds} s: ` +
        `${number(written)} written, ${number(written - received.size)} lost; ${number(busy, 1)} CPU s a million; memory ` +
        `${number(residentMb)} MB (peak ${number(peakMb)}); ${descriptors(program.pid)} descriptors; ` +
        `at rest ${number(rest)} CPU ms a minute`,
    );
    await program.stop();
    await besideDocker(server.address().port);
  } finally {
    await program.stop();
    server.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** What it costs to watch containers that say nothing: in Docker, and as pods, at the same time. */
async function besideDocker(port) {
  const { IMAGE, missingForDocker, startEngine } = await import('../test/support/docker.ts');
  const missing = missingForDocker();
  if (missing !== undefined) return console.log(`beside Docker: left out, ${missing}`);
  const ends = [];
  const folders = ['pods', 'docker', 'bare'].map(() => mkdtempSync(join(tmpdir(), 'infra-monitoring-bench-')));
  try {
    const engine = await startEngine({ after: (end) => ends.push(end) });
    for (let n = 0; n < SILENT; n += 1) {
      new Writer(folders[0], n);
      await engine.docker('run', '-d', '--network', 'none', '--stop-signal', 'KILL', IMAGE, 'sleep', '3600');
    }
    const addresses = [`cri://${join(folders[0], 'pods')}`, engine.host, undefined];
    const programs = addresses.map((address, at) => startNodeRed(folders[at], address, port));
    ends.push(() => Promise.all(programs.map((program) => program.stop())));
    await Promise.all(programs.map((program) => program.line(/Started flows/)));
    await pause(SETTLE_MS);
    const [pods, docker, bare] = await Promise.all(programs.map(({ pid }) => cpuMs(pid, REST_SECONDS)));
    console.log(
      `${SILENT} silent containers, CPU ms a minute: as pods ${number(pods)}, in Docker ${number(docker)}, ` +
        `a Node-RED without a flow ${number(bare)}`,
    );
  } finally {
    for (const end of ends.reverse()) await end();
    for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Takes what a Graylog would take, and keeps which lines these were. */
function receive(socket, received) {
  let rest = '';
  socket.on('error', () => undefined);
  socket.on('data', (data) => {
    const frames = (rest + data.toString('latin1')).split('\0');
    rest = frames.pop();
    for (const frame of frames) {
      const id = /"short_message":"(line \d+ of \d+)"/.exec(frame)?.[1];
      if (id !== undefined) received.add(id);
    }
  });
  socket.on('end', () => socket.end());
}

/** Starts a Node-RED that watches the containers at an engine's `address`; without one it has no flow. */
function startNodeRed(folder, address, port) {
  const userDir = join(folder, 'user');
  mkdirSync(userDir);
  const flow =
    address === undefined
      ? []
      : [
          { id: 'f', type: 'tab' },
          { id: 'e', type: 'docker-engine', host: address, tls: '' },
          { id: 's', type: 'graylog-server', endpoints: `tcp://127.0.0.1:${port}` },
          { id: 'l', z: 'f', type: 'docker-logs-in', engine: 'e', ...ALL, from: 'now', wires: [['o']] },
          { id: 'v', z: 'f', type: 'docker-events-in', engine: 'e', ...ALL, types: '', actions: '', wires: [['o']] },
          { id: 'o', z: 'f', type: 'graylog-out', server: 's', wires: [] },
        ];
  writeFileSync(join(userDir, 'flows.json'), JSON.stringify(flow));
  const settings = { flowFile: 'flows.json', uiHost: '127.0.0.1', telemetry: { enabled: false }, nodesDir: [root] };
  writeFileSync(join(userDir, 'settings.js'), `module.exports = ${JSON.stringify(settings)};`);
  return start(node, [join(root, 'node_modules/node-red/red.js'), '--port', '0', '--userDir', userDir]);
}

async function cpuMs(pid, seconds) {
  const before = treeCpu(pid);
  await pause(seconds * 1000);
  return ((treeCpu(pid) - before) * 1000 * 60) / seconds;
}

function descriptors(pid) {
  return readdirSync(`/proc/${pid}/fd`).length;
}

/** Writes at the rate that is asked for, in turn; removes pods and makes new ones meanwhile. Gives how many lines there are. */
async function write(writers, { folder, linesPerSecond, seconds }) {
  let count = 0;
  let made = writers.length;
  const beganMs = performance.now();
  const elapsed = () => (performance.now() - beganMs) / 1000;
  while (elapsed() < seconds) {
    const due = Math.floor(elapsed() * linesPerSecond);
    for (; count < due; count += 1) writers[count % writers.length].line(count);
    const newDue = writers.length + Math.floor((elapsed() * NEW_A_MINUTE) / 60);
    for (; made < newDue; made += 1) {
      // The oldest has not written for as long as a turn takes: what it wrote is read.
      writers[made % writers.length].remove();
      writers[made % writers.length] = new Writer(folder, made);
    }
    await pause(STEP_MS);
  }
  return count;
}

class Writer {
  #folder;
  #pod;
  #number;
  #lines = 0;

  constructor(folder, number) {
    this.#number = number;
    this.#pod = join(folder, 'pods', `bench_pod-${number}_uid-${number}`);
    this.#folder = join(this.#pod, 'app');
    mkdirSync(this.#folder, { recursive: true });
    writeFileSync(join(this.#folder, '0.log'), '');
  }

  line(count) {
    const path = join(this.#folder, '0.log');
    const stamp = new Date().toISOString().replace('Z', `${String(count % 1_000_000).padStart(6, '0')}Z`);
    appendFileSync(path, `${stamp} stdout F line ${count} of ${this.#number}\n`);
    this.#lines += 1;
    if (this.#lines % ROTATE_AFTER !== 0) return;
    renameSync(path, `${path}.20260101-${String(this.#lines).padStart(6, '0')}`);
    writeFileSync(path, '');
  }

  remove() {
    rmSync(this.#pod, { recursive: true });
  }
}
